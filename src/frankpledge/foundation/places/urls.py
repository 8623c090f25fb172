"""Addresses of the pages where addresses are settled."""

from django.urls import path

from frankpledge.foundation.places import views

app_name = "places"
urlpatterns = [
    path("", views.addresses, name="addresses"),
    path("<int:number>/", views.address, name="address"),
]
