"""Named reads for returns to funders."""

from datetime import date

from django.db.models import QuerySet

from frankpledge.delivery.home_security.models import Fitted, FunderFormat, FunderReturn, Measure
from frankpledge.delivery.home_security.rules.returns import Part, columns_of
from frankpledge.delivery.home_security.vocabulary import ReturnColumn


def funders() -> list[str]:
    """Everybody who pays for a measure of the catalogue or paid for one that was fitted, by name. Two queries."""
    offered = set(Measure.objects.values_list("funder", flat=True))
    return sorted(offered | set(Fitted.objects.order_by().values_list("funder", flat=True).distinct()))


def parts(funder: str, last: date) -> list[Part]:
    """Everything a funder paid for that was fitted by ``last``. One query."""
    rows = Fitted.objects.filter(funder=funder, fitted_on__lte=last).order_by()
    columns = ("uprn", "measure__key", "quantity", "fitted_on", "removed_on", "visit_id", "measure__price")
    return [Part(*row) for row in rows.values_list(*columns)]


def measure_names() -> dict[str, str]:
    """Key of a measure -> its name. One query."""
    return dict(Measure.objects.values_list("key", "name"))


def format_of(funder: str) -> tuple[tuple[ReturnColumn, ...], str]:
    """The columns of a funder's return, and why it names single homes (empty if it does not). One query."""
    held = FunderFormat.objects.filter(funder=funder).first()
    if held is None:
        return columns_of(funder), ""
    return tuple(ReturnColumn(word) for word in held.columns), held.named_because


def sent(funder: str) -> QuerySet[FunderReturn]:
    """Returns sent to a funder, the latest first. Lazy."""
    return FunderReturn.objects.filter(funder=funder).order_by("-sent_at", "-pk")


def sent_return(key: int) -> FunderReturn | None:
    """One return as it was sent. One query."""
    return FunderReturn.objects.filter(pk=key).first()
