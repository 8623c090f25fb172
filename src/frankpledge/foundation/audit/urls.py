"""Addresses of the audit trail."""

from django.urls import path

from frankpledge.foundation.audit import views

app_name = "audit"
urlpatterns = [path("administration/audit/", views.trail, name="trail")]
