"""Addresses of area schemes."""

from django.urls import path

from frankpledge.delivery.area_schemes.views import first, gates, shops, volunteers, watches

app_name = "area_schemes"
urlpatterns = [
    path("", first.schemes, name="schemes"),
    # -- alley gates
    path("gates/", gates.gates, name="gates"),
    path("gates/add/", gates.propose, name="propose_gate"),
    path("gates/budget/", gates.budget, name="gates_budget"),
    path("gates/<int:key>/", gates.gate, name="gate"),
    path("gates/<int:key>/change/", gates.change, name="change_gate"),
    path("gates/<int:key>/homes/", gates.homes, name="gate_homes"),
    path("gates/<int:key>/homes/<int:number>/", gates.consent, name="gate_consent"),
    path("gates/<int:key>/homes/<int:number>/out/", gates.take_out, name="gate_take_out"),
    path("gates/<int:key>/costs/", gates.cost, name="gate_cost_add"),
    path("gates/<int:key>/costs/<int:number>/", gates.cost, name="gate_cost"),
    path("gates/<int:key>/agree/", gates.agree, name="gate_agree"),
    path("gates/<int:key>/build/", gates.build, name="gate_build"),
    path("gates/<int:key>/drop/", gates.drop, name="gate_drop"),
    path("gates/<int:key>/again/", gates.take_up, name="gate_again"),
    path("gates/<int:key>/inspected/", gates.inspect, name="gate_inspect"),
    # -- watches
    path("watches/", watches.watches, name="watches"),
    path("watches/add/", watches.watch, name="watch_add"),
    path("watches/look/", watches.look, name="look"),
    path("watches/<int:key>/", watches.watch, name="watch"),
    # -- business security
    path("shops/", shops.shops, name="shops"),
    path("shops/add/", shops.business, name="shop_add"),
    path("shops/pot/", shops.pot, name="shops_pot"),
    path("shops/<int:key>/", shops.shop, name="shop"),
    path("shops/<int:key>/change/", shops.business, name="shop_change"),
    path("shops/<int:key>/visited/", shops.visit, name="shop_visit"),
    path("shops/<int:key>/grants/", shops.offer, name="shop_offer"),
    path("shops/<int:key>/grants/<int:number>/", shops.grant, name="shop_grant"),
    # -- volunteers
    path("volunteers/", volunteers.volunteers, name="volunteers"),
    path("volunteers/plan/", volunteers.plan, name="shift_plan"),
    path("volunteers/<int:key>/report/", volunteers.report, name="shift_report"),
    path("volunteers/<int:key>/cancel/", volunteers.cancel, name="shift_cancel"),
]
