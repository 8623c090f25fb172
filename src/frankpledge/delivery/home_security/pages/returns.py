"""What the pages of returns to funders show, and the files made from them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.results import Table
from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import FunderReturn
from frankpledge.delivery.home_security.pages.asking import area_names
from frankpledge.delivery.home_security.rules import returns as rules
from frankpledge.delivery.home_security.rules.returns import Changed, Counted, Line
from frankpledge.delivery.home_security.selectors import returns as selectors
from frankpledge.delivery.home_security.services.returns import Draft
from frankpledge.delivery.home_security.vocabulary import ReturnColumn as Column
from frankpledge.foundation.places import selectors as places
from frankpledge.reports.spreadsheets import Sheet, as_csv
from frankpledge.vocabulary.premises import Premises

ROWS_SHOWN = 12
KEPT_SHOWN = 12


def draft(funder: str, first: date, last: date) -> Draft:
    """A return of a period as it stands now. A fixed number of queries for a thousand homes."""
    columns, because = selectors.format_of(funder)
    counted = rules.count(selectors.parts(funder, last), first, last)
    rows = rules.rows_of(counted.lines, columns, _describe(counted, columns))
    heading = tuple(column.value for column in columns)
    return Draft(
        funder=funder,
        first=first,
        last=last,
        columns=columns,
        named_because=because,
        counted=counted,
        rows=rows,
        written=as_csv(Table(heading, tuple(rows))),
        statement=statement(funder, first, last, counted, timezone.localdate()),
    )


def _describe(counted: Counted, columns: tuple[Column, ...]) -> Callable[[Line, Column], str]:
    """What stands in each column of a line that is no sum."""
    names, areas = selectors.measure_names(), area_names()
    placed = {Column.WARD, Column.SECTOR, Column.TENURE, Column.ADDRESS, Column.POSTCODE} & set(columns)
    homes = places.premises_of(line.uprn for line in counted.lines) if placed else {}

    def describe(line: Line, column: Column) -> str:
        if column is Column.MEASURE:
            return names.get(line.measure, line.measure)
        if column is Column.UPRN:
            return line.uprn
        if column is Column.FITTED_ON:
            return line.fitted_on.isoformat()
        if column is Column.MONTH:
            return line.fitted_on.strftime("%Y-%m")
        home = homes.get(line.uprn)
        return _placed(home, column, areas) if home else rules.NOT_KNOWN

    return describe


def _placed(home: Premises, column: Column, areas: dict[str, str]) -> str:
    if column is Column.WARD:
        return areas.get(home.ward, home.ward)
    if column is Column.SECTOR:
        return rules.sector(home.postcode)
    if column is Column.TENURE:
        return home.tenure.value if home.tenure else rules.NOT_KNOWN
    return home.address if column is Column.ADDRESS else home.postcode


def statement(funder: str, first: date, last: date, counted: Counted, today: date) -> str:
    """What a reader of the file must know: n, period, method, and the day it was made on."""
    said = [
        gettext("Return to {funder}: measures fitted from {first} to {last}.").format(
            funder=funder, first=_day(first), last=_day(last)
        ),
        gettext(
            "n = {homes} homes and measures: one home counts once for each measure, however many were fitted. "
            "Quantities are all things fitted: {quantity}."
        ).format(homes=f"{counted.homes:,}", quantity=f"{counted.quantity:,}"),
    ]
    said += left_out(counted)
    said.append(
        gettext(
            "Method: counted from crews’ reports of visits by the day of fitting; a measure counts if it was still in "
            "place on the last day. Made on {day}."
        ).format(day=_day(today))
    )
    return " ".join(said)


def left_out(counted: Counted) -> list[str]:
    """What was fitted and does not count, each with its number; empty where all of it counts."""
    found = (
        (
            counted.twice,
            ngettext(
                "{n} was fitted twice, counted once.", "{n} were fitted twice, counted once.", counted.twice
            ),
        ),
        (
            counted.before,
            ngettext(
                "{n} home had the measure from before the period and counted then; only its quantity is here.",
                "{n} homes had the measure from before the period and counted then; only their quantities are here.",
                counted.before,
            ),
        ),
        (
            counted.removed,
            ngettext(
                "{n} was taken out again by the end of the period and does not count.",
                "{n} were taken out again by the end of the period and do not count.",
                counted.removed,
            ),
        ),
    )  # fmt: skip
    return [words.format(n=f"{n:,}") for n, words in found if n]


def _day(day: date) -> str:
    return formats.date_format(day, "j F Y")


# -- the pages --------------------------------------------------------------------------------------------------------


def returns_page(person: Any, made: Draft, funders: list[str]) -> dict[str, Any]:
    """A funder's return of a period, and what was sent before. A fixed number of queries."""
    names = selectors.measure_names()
    shown = made.rows[: 0 if made.names_homes else ROWS_SHOWN]
    by_measure: dict[str, list[Line]] = {}
    for line in made.counted.lines:
        by_measure.setdefault(names.get(line.measure, line.measure), []).append(line)
    return {
        "draft": made,
        "funders": funders,
        "period": _period(made.first, made.last),
        "lead": _lead(made),
        "measures": [
            (name, sum(line.counts for line in lines), sum(line.quantity for line in lines))
            for name, lines in sorted(by_measure.items())
        ],
        "left_out": left_out(made.counted),
        "columns": ", ".join(column.value for column in made.columns),
        "headings": [(column.value, column.is_sum) for column in made.columns],
        "shown": [list(zip(row, made.columns, strict=True)) for row in shown],
        "rows": len(made.rows),
        "more": 0 if made.names_homes else len(made.rows) - len(shown),
        "kept": _kept(made.funder),
        "may_edit": permissions.can_edit(person),
    }  # fmt: skip


def _lead(made: Draft) -> str:
    period = _period(made.first, made.last)
    if not made.counted.lines:
        return gettext("{funder}, {period}: nothing it pays for was fitted.").format(funder=made.funder, period=period)
    return gettext("{funder}, {period}: {homes} homes and measures, {quantity} things fitted.").format(
        funder=made.funder, homes=f"{made.counted.homes:,}", period=period, quantity=f"{made.counted.quantity:,}"
    )


def _period(first: date, last: date) -> str:
    return gettext("{first} to {last}").format(first=_day(first), last=_day(last))


def _kept(funder: str) -> list[dict[str, Any]]:
    """Returns sent to a funder, and whether their period counts differently now. Two queries."""
    found = list(selectors.sent(funder)[:KEPT_SHOWN])
    if not found:
        return []
    parts = selectors.parts(funder, max(one.last_on for one in found))
    return [
        {"sent": one, "period": _period(one.first_on, one.last_on), "changed": changes(_since(one, parts))}
        for one in found
    ]


def _since(sent: FunderReturn, parts: list[rules.Part]) -> Changed:
    return rules.changed(sent.counted, rules.count(parts, sent.first_on, sent.last_on).lines)


def changes(found: Changed) -> list[str]:
    """What changed since a return was sent, in words; empty where nothing did."""
    words = (
        (found.more, ngettext("{n} counts now that did not", "{n} count now that did not", found.more)),
        (found.fewer, ngettext("{n} does not count any more", "{n} do not count any more", found.fewer)),
        (
            found.quantities,
            ngettext("{n} has another quantity", "{n} have another quantity", found.quantities),
        ),
    )
    return [said.format(n=f"{n:,}") for n, said in words if n]


def sent_page(sent: FunderReturn) -> dict[str, Any]:
    """A return as it was sent, and what changed since. Two queries."""
    parts = selectors.parts(sent.funder, sent.last_on)
    now = rules.count(parts, sent.first_on, sent.last_on)
    return {
        "sent": sent,
        "period": _period(sent.first_on, sent.last_on),
        "columns": ", ".join(sent.columns),
        "changed": changes(rules.changed(sent.counted, now.lines)),
        "now": now,
    }


def sheets(made: Draft) -> list[Sheet]:
    """The file with its statement."""
    heading = tuple(column.value for column in made.columns)
    return [Sheet(made.funder, heading, tuple(tuple(row) for row in made.rows), (made.statement,))]
