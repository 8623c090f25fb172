"""Address of the golden thread."""

from django.urls import path

from frankpledge.oversight.golden_thread import views

app_name = "golden_thread"
urlpatterns = [path("", views.thread, name="thread")]
