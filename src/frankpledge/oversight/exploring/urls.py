"""Addresses of the explorer."""

from django.urls import path, re_path

from frankpledge.oversight.exploring import views

app_name = "exploring"
urlpatterns = [
    path("explore/", views.explore, name="explore"),
    re_path(r"^explore/table\.(?P<kind>csv|ods)$", views.explore_table, name="explore_table"),
    path("explore/figure/", views.save_figure, name="save_figure"),
    path("explore/near-repeats/", views.work_out, name="work_out"),
    path("picture/", views.picture, name="picture"),
    path("picture/table.csv", views.picture_table, name="picture_table"),
]
