"""Addresses of performance."""

from django.urls import path

from frankpledge.oversight.performance import views

app_name = "performance"
urlpatterns = [
    path("", views.quarter, name="quarter"),
    path("<int:year>/<int:quarter>/", views.quarter, name="quarter"),
    path("<int:year>/<int:quarter>/figures.ods", views.table, name="table"),
    path("<int:year>/<int:quarter>/pack/", views.make_pack, name="make_pack"),
    path("<int:year>/<int:quarter>/ask/", views.ask, name="ask"),
    path("<int:year>/<int:quarter>/reminders/", views.reminders, name="reminders"),
    path("<int:year>/<int:quarter>/indicators/<slug:key>/", views.standing, name="standing"),
    path("<int:year>/<int:quarter>/indicators/<slug:key>/areas/", views.compare, name="compare"),
    path("asked/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("packs/", views.packs, name="packs"),
    path("packs/<int:number>/", views.pack, name="pack"),
    path("packs/<int:number>/<slug:kind>/", views.pack_file, name="pack_file"),
]
