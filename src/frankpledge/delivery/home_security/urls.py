"""Addresses of safe homes."""

from django.urls import path

from frankpledge.delivery.home_security.views import asking, crew, doing, kits, public, side

app_name = "home_security"
urlpatterns = [
    # -- asking and offering
    path("ask/", public.ask, name="ask"),
    path("ask/<slug:step>/", public.ask, name="ask"),
    path("requests/", asking.requests, name="requests"),
    path("requests/take/", asking.take, name="take"),
    path("requests/to-find/", asking.unsettled, name="unsettled"),
    path("requests/first/", asking.fairness, name="fairness"),
    path("requests/points/", asking.points, name="points"),
    path("requests/<str:reference>/", asking.home_request, name="request"),
    path("requests/<str:reference>/home/", asking.settle, name="settle"),
    path("requests/<str:reference>/close/", asking.close, name="close"),
    path("requests/<str:reference>/contact/", asking.note_contact, name="note_contact"),
    path("cocoons/", asking.cocoons, name="cocoons"),
    path("cocoons/<int:number>/", asking.cocoon, name="cocoon"),
    path("cocoons/<int:number>/approve/", asking.approve, name="approve"),
    path("offers/<int:number>/", asking.offer, name="offer"),
    # -- crews, routes and stock
    path("", doing.today, name="today"),
    path("plan/", doing.plan_day, name="plan_day"),
    path("sheets/", doing.sheets, name="sheets"),
    path("cocoons/<int:key>/answer/", doing.answer_cocoon, name="answer_cocoon"),
    path("visits/<int:key>/again/", doing.visit_again, name="visit_again"),
    path("requests/<str:reference>/times/", doing.times, name="times"),
    path("crews/", doing.crews, name="crews"),
    path("crews/away/", doing.absent, name="absent"),
    path("crews/shift/", doing.shift, name="shift"),
    path("stock/", doing.stock_levels, name="stock"),
    path("stock/<int:key>/order/", doing.order_stock, name="order_stock"),
    path("stock/orders/<int:key>/delivered/", doing.delivered, name="delivered"),
    path("stock/count/", doing.counted, name="counted"),
    path("stock/load/", doing.load_vans, name="load_vans"),
    # -- the crew's phone
    path("crew/", crew.today, name="crew"),
    path("crew/worker.js", crew.worker, name="crew_worker"),
    path("crew/manifest.webmanifest", crew.manifest, name="crew_manifest"),
    path("crew/shell/", crew.shell, name="crew_shell"),
    path("crew/signal/", crew.signal, name="crew_signal"),
    path("crew/<int:key>/", crew.visit, name="crew_visit"),
    path("crew/<int:key>/photo/", crew.photo, name="crew_photo"),
    path("reports/", crew.reports, name="reports"),
    path("reports/<int:key>/", crew.report, name="report"),
    path("reports/photo/<int:key>/", crew.report_photo, name="report_photo"),
    # -- the work beside it
    path("empty/", side.voids, name="voids"),
    path("empty/add/", side.add_void, name="add_void"),
    path("empty/<int:key>/secured/", side.secure_void, name="secure_void"),
    # -- the register of marking kits
    path("kits/", kits.kits, name="kits"),
    path("kits/export/", kits.export_kits, name="export_kits"),
    path("kits/confirm/", kits.confirm_kits, name="confirm_kits"),
    path("kits/out/", kits.kit_out_of_use, name="kit_out_of_use"),
    path("kits/questions/<int:key>/", kits.kit_question, name="kit_question"),
    path("kits/look-up/", kits.look_up_kit, name="look_up_kit"),
]
