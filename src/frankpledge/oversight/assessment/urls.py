"""Addresses of Assess."""

from django.urls import path

from frankpledge.oversight.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.assess, name="assess"),
    path("strategic/", views.strategic_all, name="strategic_all"),
    path("strategic/compose/", views.compose, name="compose"),
    path("strategic/county/", views.county_add, name="county_add"),
    path("strategic/county/<int:number>/", views.county, name="county"),
    path("strategic/county/<int:number>/<str:kind>/", views.county_file, name="county_file"),
    path("strategic/<str:reference>/", views.strategic, name="strategic"),
    path("strategic/<str:reference>/refresh/", views.refresh, name="refresh"),
    path("strategic/<str:reference>/sections/<str:key>/", views.section, name="section"),
    path("strategic/<str:reference>/sections/<str:key>/words/", views.section_words, name="section_words"),
    path("strategic/<str:reference>/approve/", views.approve, name="approve"),
    path("strategic/<str:reference>/template/", views.word_template, name="word_template"),
    path("strategic/<str:reference>/files/<str:kind>/", views.strategic_file, name="strategic_file"),
    path("strategic/<str:reference>/editions/<int:number>/", views.edition, name="edition"),
    path("strategic/<str:reference>/editions/<int:number>/<str:kind>/", views.edition_file, name="edition_file"),
    path("problems/", views.problems, name="problems"),
    path("problems/draw/", views.problem_draw, name="problem_draw"),
    path("problems/<str:reference>/", views.problem, name="problem"),
    path("problems/<str:reference>/words/", views.problem_words, name="problem_words"),
    path("problems/<str:reference>/refresh/", views.problem_refresh, name="problem_refresh"),
    path("problems/<str:reference>/files/<str:kind>/", views.problem_file, name="problem_file"),
    path("scan/", views.scans, name="scans"),
    path("scan/start/", views.scan_start, name="scan_start"),
    path("scan/<str:reference>/", views.scan, name="scan"),
    path("scan/<str:reference>/scores/", views.scan_scores, name="scan_scores"),
    path("scan/<str:reference>/decide/", views.scan_decide, name="scan_decide"),
    path("requests/", views.requests, name="requests"),
    path("requests/ask/", views.request_ask, name="request_ask"),
    path("requests/<str:reference>/", views.request_page, name="request"),
    path("requests/<str:reference>/decide/", views.request_decide, name="request_decide"),
]
