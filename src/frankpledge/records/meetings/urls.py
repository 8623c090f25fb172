"""Addresses of decisions and delegations."""

from django.urls import path

from frankpledge.records.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.decisions, name="decisions"),
    path("record/", views.record, name="record"),
    path("delegations/", views.delegations, name="delegations"),
    path("delegations/record/", views.delegate, name="delegate"),
    path("delegations/<int:number>/take-back/", views.take_back, name="take_back"),
    path("<str:reference>/", views.decision, name="decision"),
]
