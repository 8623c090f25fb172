"""Addresses of safe homes."""

from django.urls import path

from frankpledge.delivery.home_security.views import asking

app_name = "home_security"
urlpatterns = [
    # -- asking and offering
    path("requests/", asking.requests, name="requests"),
    path("", asking.requests, name="today"),
    # -- crews, routes and stock
    # -- the crew's phone
    # -- the work beside it
]
