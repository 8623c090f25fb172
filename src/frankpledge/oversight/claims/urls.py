"""Addresses of the claim ledger."""

from django.urls import path

from frankpledge.oversight.claims import views

app_name = "claims"
urlpatterns = [
    path("", views.documents, name="documents"),
    path("add/", views.add_document, name="add_document"),
    path("<slug:key>/", views.document, name="document"),
    path("<slug:key>/ledger.csv", views.ledger, name="ledger"),
    path("<slug:key>/add/", views.add_claim, name="add_claim"),
    path("<slug:key>/explain/", views.explain, name="explain"),
    path("<slug:key>/settle/", views.settle, name="settle"),
    path("<slug:key>/publish/", views.publish, name="publish"),
    path("<slug:key>/<slug:claim>/correct/", views.correct, name="correct"),
]
