"""Addresses of work in progress."""

from django.urls import path

from frankpledge.foundation.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<int:key>/", views.job, name="job"),
    path("<int:key>/stop/", views.stop, name="stop"),
]
