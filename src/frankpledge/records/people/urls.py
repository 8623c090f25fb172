"""Addresses of the pages of persons."""

from django.urls import path

from frankpledge.records.people import views

app_name = "people"
urlpatterns = [
    path("", views.matches, name="matches"),
    path("<int:number>/", views.match, name="match"),
    path("<int:number>/take-back/", views.take_back, name="take_back"),
]
