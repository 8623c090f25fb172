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
    path("assess/", include("frankpledge.oversight.assessment.urls")),
    path("", include("frankpledge.oversight.overview.urls")),
]

handler500 = "frankpledge.oversight.overview.errors.server_error"
