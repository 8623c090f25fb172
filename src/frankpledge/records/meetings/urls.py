"""Addresses of the decisions."""

from django.urls import path

from frankpledge.records.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.decisions, name="decisions"),
    path("record/", views.record, name="record"),
    path("<str:reference>/", views.decision, name="decision"),
]
