"""Addresses of this room."""

from django.urls import URLPattern

app_name = "home_security"
urlpatterns: list[URLPattern] = []
