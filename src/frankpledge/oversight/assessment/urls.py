"""Addresses of Assess."""

from django.urls import path

from frankpledge.oversight.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.assess, name="assess"),
]
