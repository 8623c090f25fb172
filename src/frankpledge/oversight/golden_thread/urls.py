"""Addresses of this room."""

from django.urls import URLPattern

app_name = "golden_thread"
urlpatterns: list[URLPattern] = []
