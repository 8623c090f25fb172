"""Addresses of this room."""

from django.urls import URLPattern

app_name = "claims"
urlpatterns: list[URLPattern] = []
