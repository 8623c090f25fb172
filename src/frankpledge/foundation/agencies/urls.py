"""Addresses of people, agreements and one's own account."""

from django.urls import path

from frankpledge.foundation.agencies import views

app_name = "agencies"
urlpatterns = [
    path("account/", views.my_account, name="my_account"),
    path("account/second-factor/needed/", views.second_factor, name="second_factor"),
    path("administration/people/", views.people, name="people"),
    path("administration/people/add/", views.add_person, name="add_person"),
    path("administration/people/<int:key>/", views.person, name="person"),
    path("administration/people/<int:key>/correct/", views.correct_person, name="correct_person"),
    path("administration/people/<int:key>/roles/add/", views.add_role, name="add_role"),
    path("administration/people/<int:key>/roles/<int:membership_key>/end/", views.end_role, name="end_role"),
    path("administration/people/<int:key>/account/", views.change_account, name="change_account"),
    path("administration/agencies/add/", views.add_agency, name="add_agency"),
    path("administration/agreements/", views.agreements, name="agreements"),
    path("administration/agreements/add/", views.add_agreement, name="add_agreement"),
    path("administration/agreements/<int:key>/", views.agreement, name="agreement"),
    path("administration/agreements/<int:key>/end/", views.end_agreement, name="end_agreement"),
]
