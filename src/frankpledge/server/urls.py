"""Root addresses: each room brings its own."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from frankpledge.server.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="health"),
    path("language/", set_language, name="set_language"),
    path("account/", include("frankpledge.foundation.agencies.account_urls")),
    path("", include("frankpledge.foundation.agencies.urls")),
    path("", include("frankpledge.foundation.audit.urls")),
    path("work/", include("frankpledge.foundation.jobs.urls")),
    path("assess/evidence/", include("frankpledge.records.incidents.urls")),
    path("assess/alerts/", include("frankpledge.records.alerts.urls")),
    path("assess/people/", include("frankpledge.records.people.urls")),
    path("assess/addresses/", include("frankpledge.foundation.places.urls")),
    path("assess/", include("frankpledge.oversight.exploring.urls")),
    path("assess/", include("frankpledge.oversight.assessment.urls")),
    path("plan/indicators/", include("frankpledge.records.indicators.urls")),
    path("plan/", include("frankpledge.records.plan.urls")),
    path("task/decisions/", include("frankpledge.records.meetings.urls")),
    path("task/", include("frankpledge.records.actions.urls")),
    path("deliver/homes/", include("frankpledge.delivery.home_security.urls")),
    path("deliver/schemes/", include("frankpledge.delivery.area_schemes.urls")),
    path("deliver/services/", include("frankpledge.delivery.commissioning.urls")),
    path("account/homes/", include("frankpledge.oversight.evaluation.urls")),
    path("account/performance/", include("frankpledge.oversight.performance.urls")),
    path("account/claims/", include("frankpledge.oversight.claims.urls")),
    path("account/thread/", include("frankpledge.oversight.golden_thread.urls")),
    path("", include("frankpledge.oversight.overview.urls")),
]

handler500 = "frankpledge.oversight.overview.errors.server_error"
