"""Addresses of area schemes."""

from django.urls import URLPattern

app_name = "area_schemes"
urlpatterns: list[URLPattern] = []
