"""Addresses of the action register."""

from django.urls import path, re_path

from frankpledge.records.actions import views

app_name = "actions"
urlpatterns = [
    path("", views.actions, name="actions"),
    path("mine/", views.mine, name="mine"),
    path("add/", views.add, name="add"),
    path("chase/", views.chase, name="chase"),
    path("chase/sent/", views.chased, name="chased"),
    re_path(r"^(?P<reference>[Aa][0-9]{1,18})/$", views.action, name="action"),
    re_path(r"^(?P<reference>[Aa][0-9]{1,18})/change/$", views.change, name="change"),
    re_path(r"^(?P<reference>[Aa][0-9]{1,18})/worked/$", views.worked, name="worked"),
    re_path(r"^(?P<reference>[Aa][0-9]{1,18})/(?P<what>note|done|drop|reopen|more-time)/$", views.say, name="say"),
]
