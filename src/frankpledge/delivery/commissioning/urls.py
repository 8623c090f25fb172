"""Addresses of bought services."""

from django.urls import path

from frankpledge.delivery.commissioning import views

app_name = "commissioning"
urlpatterns = [
    path("", views.services_list, name="services"),
    path("add/", views.add, name="add"),
    path("outputs/<int:key>/", views.change_output, name="change_output"),
    path("payments/<int:key>/", views.pay, name="pay"),
    path("payments/<int:key>/take-back/", views.take_back, name="take_back"),
    path("<int:key>/", views.agreement, name="agreement"),
    path("<int:key>/change/", views.change, name="change"),
    path("<int:key>/outputs/add/", views.add_output, name="add_output"),
    path("<int:key>/returns/<str:quarter>/", views.write_return, name="write_return"),
    path("<int:key>/returns/<str:quarter>/read/", views.take_form, name="take_form"),
    path("<int:key>/returns/<str:quarter>/form/", views.return_form, name="return_form"),
    path("<int:key>/returns/<str:quarter>/form.csv", views.return_csv, name="return_csv"),
]
