"""Addresses of the plan and its money."""

from django.urls import path

from frankpledge.records.plan import money_views, views

app_name = "plan"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("begin/", views.begin, name="begin"),
    path("priorities/add/", views.add_priority, name="add_priority"),
    path("priorities/<int:key>/", views.priority, name="priority"),
    path("priorities/<int:key>/change/", views.change_priority, name="change_priority"),
    path("priorities/<int:key>/objectives/add/", views.add_objective, name="add_objective"),
    path("objectives/<int:key>/targets/add/", views.add_target, name="add_target"),
    path("targets/<int:key>/", views.target, name="target"),
    path("targets/<int:key>/change/", views.change_target, name="change_target"),
    path("targets/<int:key>/profile/", views.profile, name="profile"),
    path("targets/<int:key>/review/", views.review, name="review"),
    path("reviews/", views.reviews, name="reviews"),
    path("milestones/", views.milestones, name="milestones"),
    path("milestones/add/", views.add_milestone, name="add_milestone"),
    path("milestones/<int:key>/", views.milestone, name="milestone"),
    path("milestones/<int:key>/settle/", views.settle_milestone, name="settle_milestone"),
    path("matrix/", views.matrix, name="matrix"),
    path("matrix/aims/add/", views.add_aim, name="add_aim"),
    path("matrix/link/", views.link_aim, name="link_aim"),
    path("versions/", views.versions, name="versions"),
    path("versions/refresh/", views.refresh, name="refresh"),
    path("versions/publish/", views.publish, name="publish"),
    path("summary/", views.summary, name="summary"),
    path("summary/file/", views.summary_file, name="summary_file"),
    path("money/", money_views.money_page, name="money"),
    path("money/cell/", money_views.cell, name="cell"),
    path("money/lines/add/", money_views.add_line, name="add_line"),
    path("money/lines/<int:key>/", money_views.line, name="line"),
    path("money/funds/add/", money_views.add_fund, name="add_fund"),
    path("money/moves/", money_views.moves, name="moves"),
    path("money/moves/ask/", money_views.ask_move, name="ask_move"),
    path("money/moves/<int:key>/", money_views.move, name="move"),
    path("money/moves/<int:key>/decide/", money_views.decide_move, name="decide_move"),
    path("money/spend/", money_views.spend, name="spend"),
    path("money/spend/record/", money_views.record_spend, name="record_spend"),
    path("money/sheet/", money_views.sheet_out, name="sheet_out"),
    path("money/sheet/take/", money_views.sheet_in, name="sheet_in"),
    path("money/reward/", money_views.reward, name="reward"),
    path("money/split/", money_views.split, name="split"),
]
