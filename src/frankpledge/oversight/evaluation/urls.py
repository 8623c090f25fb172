"""Addresses of this room."""

from django.urls import path

from frankpledge.oversight.evaluation import lesson_views, views

app_name = "evaluation"
urlpatterns = [
    path("", views.did_it_work, name="did_it_work"),
    path("burglaries/", views.burglaries, name="burglaries"),
    path("burglaries/<slug:reference>/", views.burglary, name="burglary"),
    path("coverage/", views.coverage, name="coverage"),
    path("evaluate/", views.evaluate, name="evaluate"),
    path("lessons/", lesson_views.lessons_list, name="lessons"),
    path("lessons/add/", lesson_views.add, name="add_lesson"),
    path("lessons/<int:key>/change/", lesson_views.change, name="change_lesson"),
    path("mansfield/", views.mansfield, name="mansfield"),
    path("<int:number>/", views.did_it_work, name="evaluation"),
    path("<int:number>/numbers.ods", views.numbers, name="numbers"),
]
