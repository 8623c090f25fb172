"""Addresses of the action register."""

from django.urls import path

from frankpledge.records.actions import views

app_name = "actions"
WAYS = ("note", "done", "drop", "reopen", "more-time")
urlpatterns = [
    path("", views.actions, name="actions"),
    path("mine/", views.mine, name="mine"),
    path("add/", views.add, name="add"),
    path("chase/", views.chase, name="chase"),
    path("chase/sent/", views.chased, name="chased"),
    path("chase/remind/", views.remind, name="remind"),
    path("<str:reference>/", views.action, name="action"),
    path("<str:reference>/change/", views.change, name="change"),
    path("<str:reference>/worked/", views.worked, name="worked"),
    *(path(f"<str:reference>/{what}/", views.say, {"what": what}, name="say") for what in WAYS),
]
