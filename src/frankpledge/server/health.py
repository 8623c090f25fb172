"""Is this process alive, and does its database answer?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from frankpledge.ui.guards import anonymous


@anonymous
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """200 and "ok", or 503: for whatever watches the installation. Tells nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
