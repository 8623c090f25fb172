"""Addresses of this room."""

from django.urls import URLPattern

app_name = "exploring"
urlpatterns: list[URLPattern] = []
