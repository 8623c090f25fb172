"""Addresses of the explorer."""

from django.urls import path

from frankpledge.oversight.exploring import views

app_name = "exploring"
urlpatterns = [
    path("picture/", views.picture, name="picture"),
    path("picture/table.csv", views.picture_table, name="picture_table"),
]
