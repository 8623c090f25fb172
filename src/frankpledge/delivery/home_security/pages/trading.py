"""What the page of the trading account shows, and its statement as sheets."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.utils import formats
from django.utils.translation import gettext, gettext_lazy

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import TradeLine
from frankpledge.delivery.home_security.rules import trading as rules
from frankpledge.delivery.home_security.rules.trading import Line, Quarter
from frankpledge.delivery.home_security.selectors import trading as selectors
from frankpledge.delivery.home_security.vocabulary import TradeKind
from frankpledge.reports.series_chart import SeriesPoint, series_chart
from frankpledge.reports.spreadsheets import Sheet

ON_A_PAGE = 40
QUARTERS_DRAWN = 8
KINDS = {
    TradeKind.SOLD: gettext_lazy("sold"),
    TradeKind.GIVEN: gettext_lazy("given"),
    TradeKind.REINVESTED: gettext_lazy("spent on stock"),
    TradeKind.SPENT: gettext_lazy("other cost"),
    TradeKind.INCOME_BACK: gettext_lazy("income taken back"),
    TradeKind.COST_BACK: gettext_lazy("cost taken back"),
}
STATEMENT_COLUMNS = (
    gettext_lazy("quarter"), gettext_lazy("opening"), gettext_lazy("sold"), gettext_lazy("given"),
    gettext_lazy("spent on stock"), gettext_lazy("other costs"), gettext_lazy("closing"),
)  # fmt: skip
LINE_COLUMNS = (
    gettext_lazy("line"), gettext_lazy("day"), gettext_lazy("what"), gettext_lazy("item"), gettext_lazy("how many"),
    gettext_lazy("pounds"), gettext_lazy("stall"), gettext_lazy("note"),
)  # fmt: skip


def money(amount: Decimal) -> str:
    """``£12.50``, ``−£3.00``: with a minus that is one."""
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"


def account_page(person: Any, today: date, query: Any) -> dict[str, Any]:
    """Balance, statement by quarter and lines. A fixed number of queries."""
    lines = selectors.lines()
    quarters = rules.statement(lines, today)
    shown = Paginator(selectors.trade_lines(), ON_A_PAGE).get_page(query.get("page"))
    return {
        "lead": _lead(lines),
        "quarters": [_quarter_row(one) for one in reversed(quarters)],
        "chart": _chart(quarters[-QUARTERS_DRAWN:]) if quarters else "",
        "rows": [_line_row(one) for one in shown],
        "pages": shown,
        "may_edit": permissions.can_edit(person),
    }


def _lead(lines: list[Line]) -> str:
    if not lines:
        return gettext("Nothing has been sold yet.")

    def total(kind: TradeKind) -> Decimal:
        return sum((line.change for line in lines if line.counts_as is kind), Decimal(0))

    return gettext(
        "The account holds {balance}: {sold} sold and {given} given, {stock} spent on more stock and {other} on other "
        "costs since {day}."
    ).format(
        balance=money(rules.balance(lines)),
        sold=money(total(TradeKind.SOLD)),
        given=money(total(TradeKind.GIVEN)),
        stock=money(-total(TradeKind.REINVESTED)),
        other=money(-total(TradeKind.SPENT)),
        day=formats.date_format(lines[0].on, "j F Y"),
    )


def quarter_name(quarter: Quarter) -> str:
    """``April to June 2026``."""
    return gettext("{first} to {last}").format(
        first=formats.date_format(quarter.first, "F"), last=formats.date_format(quarter.last, "F Y")
    )


def _quarter_row(quarter: Quarter) -> dict[str, str]:
    names = ("opening", "sold", "given", "reinvested", "spent", "closing")
    return {"name": quarter_name(quarter)} | {name: money(getattr(quarter, name)) for name in names}


def _chart(quarters: list[Quarter]) -> str:
    points = [
        SeriesPoint(formats.date_format(one.last, "M"), f"{one.last:%Y}", float(one.closing), f"£{one.closing:,.0f}")
        for one in quarters
    ]
    told = "; ".join(f"{quarter_name(one)}: {money(one.closing)}" for one in quarters)
    return series_chart(
        points, prefix="account", title=gettext("Balance at the end of each quarter, in pounds"), description=told
    )


def _line_row(line: TradeLine) -> dict[str, Any]:
    kind = TradeKind(line.kind)
    is_back = line.takes_back_id is not None
    taken = getattr(line, "taken_back", None)
    return {
        "line": line,
        "kind": KINDS[kind],
        "amount": money(line.amount if kind.is_in else -line.amount),
        "may_take_back": not is_back and taken is None,
        "taken": taken,
    }


def line_page(line: TradeLine) -> dict[str, Any]:
    """The line somebody is about to take back."""
    return _line_row(line)


def sheets(today: date) -> list[Sheet]:
    """The statement and every line, to be kept or sent on. Names of those who entered a line are left out."""
    quarters = rules.statement(selectors.lines(), today)
    note = gettext(
        "Pounds. Closing is opening and the four changes; what was taken back stands with what it takes back."
    )
    statement = Sheet(
        gettext("Statement"),
        _said(STATEMENT_COLUMNS),
        tuple(
            (quarter_name(one), one.opening, one.sold, one.given, one.reinvested, one.spent, one.closing)
            for one in quarters
        ),
        (note,),
    )  # fmt: skip
    rows = selectors.trade_lines().order_by("on", "pk")
    each = Sheet(
        gettext("Lines"),
        _said(LINE_COLUMNS),
        tuple(
            (
                one.pk, one.on, str(KINDS[TradeKind(one.kind)]), one.item.name if one.item else None, one.count,
                one.amount if TradeKind(one.kind).is_in else -one.amount, one.where, one.note,
            )
            for one in rows
        ),
    )  # fmt: skip
    return [statement, each]


def _said(words: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(word) for word in words)
