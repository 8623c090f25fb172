"""What the demo partnership buys from voluntary bodies: three agreements, with their returns and payments.

Everything is made up. One provider does what was agreed, one delivers too little and has a number to be confirmed, one
owes a return and its agreement ends soon. It looks at what is there, so it may be run again.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.commissioning import selectors, services
from frankpledge.delivery.commissioning.rules import Quarter, Told
from frankpledge.vocabulary.actors import Actor

PAID_AFTER_DAYS = 9
CAME_AFTER_DAYS = 12

# Quarters are counted from the one today lies in: -1 is the last that is over. An output: name, unit, how it is
# counted, agreed for a quarter, which way is better. A return: its quarter, for each output delivered (None: to be
# confirmed), of how many, note; and what the provider says.
AGREEMENTS: tuple[dict[str, Any], ...] = (
    {
        "provider": "Aldercombe Handy Help",
        "title": "Locks and chains for people over 70 and disabled people",
        "purpose": "fitting security",
        "what": "Volunteers fit locks, chains and door viewers in the homes of people who cannot do it themselves, "
        "within ten working days of being asked, and show how to use them.",
        "starts": -3,
        "quarters": 6,
        "amount": 36_000,
        "paid_how": "each quarter in advance",
        "money_line": "Locks, lights and alarms",
        "outputs": (
            ("Homes secured", "homes", "a number", 75, "more is good"),
            ("Done within ten working days", "homes", "a share", 90, "more is good"),
            ("Callers turned away", "callers", "a number", None, "context only"),
        ),
        "returns": (
            (-3, ((78, None, ""), (71, 78, ""), (6, None, "Four live outside the district.")), ""),
            (-2, ((81, None, ""), (75, 81, ""), (3, None, "")), ""),
            (-1, ((74, None, "A fitter was ill."), (67, 74, ""), (5, None, "")), "A second van is in use."),
        ),
        "unpaid": 0,
    },
    {
        "provider": "Aldercombe Victim Care",
        "title": "Calls and visits after a burglary",
        "purpose": "supporting victims",
        "what": "Everybody whose home was burgled, and who agreed to it, is called within two working days; who wants "
        "it is visited, and helped with forms, locks and sleep.",
        "starts": -2,
        "quarters": 4,
        "amount": 21_500,
        "paid_how": "each quarter in arrears",
        "money_line": "",
        "outputs": (
            ("People supported", "people", "a number", 110, "more is good"),
            ("Called within two working days", "people", "a share", 85, "more is good"),
            ("Complaints", "complaints", "a number", 2, "less is good"),
        ),
        "returns": (
            (-2, ((92, None, "One post was empty for six weeks."), (66, 92, ""), (1, None, "")), ""),
            (-1, ((97, None, ""), (None, None, "The call log is being moved."), (0, None, "")), "The post is filled."),
        ),
        "unpaid": 0,
    },
    {
        "provider": "Northgate Advice Centre",
        "title": "Work, money and a home for people leaving prison",
        "purpose": "helping offenders",
        "what": "A worker meets people on the day they are released and for twelve weeks after: rent, debts, benefits, "
        "a bank account, and a first interview.",
        "starts": -4,
        "days_left": 52,
        "amount": 28_000,
        "paid_how": "each quarter in advance",
        "money_line": "Prolific offenders",
        "outputs": (
            ("People met on release", "people", "a number", 12, "more is good"),
            ("In settled housing after twelve weeks", "people", "a share", 60, "more is good"),
            ("First interviews", "interviews", "a number", 8, "more is good"),
        ),
        "returns": (
            (-4, ((13, None, ""), (7, 12, "One moved away."), (8, None, "")), ""),
            (-3, ((12, None, ""), (8, 11, ""), (9, None, "")), ""),
        ),
        "unpaid": 1,
    },
)  # fmt: skip


def load(*, by: Actor) -> None:
    """Write the three agreements down, each whole or not at all."""
    today = timezone.localdate()
    for one in AGREEMENTS:
        if selectors.agreement_of(one["provider"], one["title"]) is None:
            with transaction.atomic():
                _add(one, today, by)


def _add(one: dict[str, Any], today: date, by: Actor) -> None:
    last = today + timedelta(days=one["days_left"]) if "days_left" in one else None
    made = services.add_agreement(
        **{name: one[name] for name in ("provider", "title", "purpose", "what", "paid_how", "money_line")},
        first_on=_quarter(today, one["starts"]).first_day,
        last_on=last or _quarter(today, one["starts"] + one["quarters"] - 1).last_day,
        amount=Decimal(one["amount"]),
        by=by,
    )
    outputs = [
        services.add_output(
            made,
            name=name,
            unit=unit,
            counted=counted,
            target=None if target is None else Decimal(target),
            polarity=polarity,
            by=by,
        )
        for name, unit, counted, target, polarity in one["outputs"]
    ]
    for at, lines, note in one["returns"]:
        quarter = _quarter(today, at)
        services.keep_return(
            made,
            quarter=quarter,
            told={output.pk: _told(line) for output, line in zip(outputs, lines, strict=True)},
            received_on=min(quarter.last_day + timedelta(days=CAME_AFTER_DAYS), today),
            note=note,
            by=by,
        )
    due = [one for one in made.instalments.all() if one.due_on + timedelta(days=PAID_AFTER_DAYS) <= today]
    for payment in due[: len(due) - one["unpaid"]]:
        paid_on = payment.due_on + timedelta(days=PAID_AFTER_DAYS)
        services.pay(payment, paid=payment.amount, paid_on=paid_on, by=by)


def _told(line: Sequence[Any]) -> Told:
    delivered, of_how_many, note = line
    return Told(_count(delivered), _count(of_how_many), note)


def _count(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _quarter(today: date, away: int) -> Quarter:
    """The quarter so many after the one today lies in; before it for a negative number."""
    here = Quarter.of(today)
    number = here.year * 4 + here.number - 1 + away
    return Quarter(number // 4, number % 4 + 1)
