"""Addresses of the alerts."""

from django.urls import path

from frankpledge.records.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="alerts"),
    path("<int:number>/", views.alert, name="alert"),
    path("<int:number>/homes/", views.homes, name="homes"),
    path("<int:number>/dismiss/", views.dismiss, name="dismiss"),
]
