"""Addresses of indicators and figures."""

from django.urls import path

from frankpledge.records.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("add/", views.add, name="add"),
    path("compute/", views.compute, name="compute"),
    path("figures/", views.figures, name="figures"),
    path("figures/release/", views.release, name="release"),
    path("figures/<str:key>/", views.figure, name="figure"),
    path("figures/<str:key>/take-back/", views.take_back, name="take_back"),
    path("<slug:key>/", views.card, name="card"),
    path("<slug:key>/change/", views.change, name="change"),
    path("<slug:key>/fill/", views.fill, name="fill"),
]
