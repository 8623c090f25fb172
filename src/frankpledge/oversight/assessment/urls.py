"""Addresses of Assess."""

from django.urls import path

from frankpledge.oversight.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.assess, name="assess"),
    path("picture/", views.picture, name="picture"),
    path("picture/table.csv", views.picture_table, name="picture_table"),
]
