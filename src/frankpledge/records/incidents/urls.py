"""Addresses of the evidence pages."""

from django.urls import path

from frankpledge.records.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.evidence, name="evidence"),
    path("add/", views.upload, name="upload"),
    path("duty/", views.duty, name="duty"),
    path("duty/set-up/", views.set_up_duty, name="set_up_duty"),
    path("duty/<int:key>/<str:quarter>/", views.reminder, name="reminder"),
    path("duty/<int:key>/<str:quarter>/send/", views.send_reminder, name="send_reminder"),
    path("duty/<int:key>/<str:quarter>/reminder.eml", views.reminder_file, name="reminder_file"),
    path("profiles/", views.profiles, name="profiles"),
    path("profiles/<slug:name>/", views.profile, name="profile"),
    path("profiles/<slug:name>/<int:version>/<slug:form>/", views.profile_file, name="profile_file"),
    path("uploads/<int:key>/columns/", views.mapping, name="mapping"),
    path("uploads/<int:key>/", views.upload_question, name="upload_question"),
    path("<str:key>/", views.batch, name="batch"),
    path("<str:key>/quarantine/", views.quarantine, name="quarantine"),
    path("<str:key>/quarantine/all/", views.settle_reason, name="settle_reason"),
    path("<str:key>/quarantine/<int:row>/", views.settle_row, name="settle_row"),
    path("<str:key>/withdraw/", views.withdraw, name="withdraw"),
]
