"""The demo's work beside the visits: calls to homes drawn by chance, claims for damage, a stall, approved suppliers.

All of it made up. It looks at what is there, so it may be run again.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security.rules.damage import financial_year
from frankpledge.delivery.home_security.rules.quality import Answers, week_of, window
from frankpledge.delivery.home_security.selectors import damage as claims
from frankpledge.delivery.home_security.selectors import quality as calls
from frankpledge.delivery.home_security.selectors import stock as items
from frankpledge.delivery.home_security.selectors import suppliers as listed
from frankpledge.delivery.home_security.selectors import trading as account
from frankpledge.delivery.home_security.services import damage, quality, stock, suppliers, trading
from frankpledge.delivery.home_security.vocabulary import CallOutcome, ClaimOutcome
from frankpledge.vocabulary.actors import Actor

SEED = 6
WEEKS, A_WEEK = 10, 12
LOCKS_FROM = "Brackenshire Locks and Keys"
LIGHTS_FROM = "Halden Lighting"
# name, what it supplies, approved so many days ago, until so many days from now, ground
SUPPLIERS = (
    (LOCKS_FROM, "locks, chains and window locks", 210, 155, "council framework for locks, lot 2"),
    ("Sentry Alarm Supplies", "alarms and detectors", 331, 34, "insurers’ approval, checked by the fire service"),
    ("MarkSure Property Marking", "marking kits", 120, 245, "police-preferred product"),
    (LIGHTS_FROM, "lights, timers and bulbs", 400, -36, "council framework for lighting"),
)
OUTCOMES = ((CallOutcome.REACHED, 68), (CallOutcome.NO_ANSWER, 20), (CallOutcome.SAID_NO, 7), (CallOutcome.WRONG, 5))
WORDS = ("Very polite, wiped their feet.", "Quick and tidy.", "The lady showed me how to set it.", "Sleeping better.",
         "A bit late but rang first.", "", "", "", "")  # fmt: skip
COMPLAINTS = ("The front door sticks since the lock was fitted.", "They chipped the window sill.",
              "The alarm chirps at night.")  # fmt: skip
# what, asked, paid (None: declined, 0: still open), why
CLAIMS = (
    ("cracked pane beside the front door", "85.00", "85.00", ""),
    ("carpet marked with oil", "60.00", "40.00", ""),
    ("front door drilled in the wrong place", "140.00", "165.00", "the new door panel cost more than first thought"),
    ("plaster off the hall wall", "45.00", "45.00", ""),
    ("television stopped working", "320.00", None, "the crew did no electrical work in that room"),
    ("broken vase", "25.00", "0", ""),
)
SET_ASIDE = Decimal(750)
# days ago, item, how many, price of one, stall
SALES = (
    (205, "marking-kit", 8, "15.00", "Market Place, crime prevention day"),
    (142, "marking-kit", 5, "15.00", "Old Station summer fair"),
    (142, "door-chain", 5, "7.00", "Old Station summer fair"),
    (61, "marking-kit", 6, "15.00", "Freshers’ stall at the college"),
    (12, "door-chain", 4, "7.00", "Quarry Hill library"),
)


def load_suppliers(*, by: Actor) -> None:
    """The approved suppliers; before anything is ordered."""
    today = timezone.localdate()
    if listed.lines(today):
        return
    for name, service, ago, until, ground in SUPPLIERS:
        suppliers.add_supplier(
            name=name, service=service, ground=ground, approved_on=today - timedelta(days=ago),
            expires_on=today + timedelta(days=until), by=by,
        )  # fmt: skip


def load(*, by: Actor) -> None:
    """Make what is missing of calls, claims and the stall."""
    with transaction.atomic():
        if not account.trade_lines().exists() and items.latest_moves().exists():
            _stall(by)
        if not claims.claims().exists():
            _claims(by)
        if calls.draw_of(week_of(timezone.localdate())) is None:
            _calls(by)


def _calls(by: Actor) -> None:
    """Ten weeks of draws with what came of them, this week's half called."""
    draw, now = random.Random(SEED), timezone.now()
    complaints = list(COMPLAINTS)
    for back in range(WEEKS, -1, -1):
        at = now - timedelta(weeks=back)
        if not calls.to_draw_from(*window(timezone.localdate(at))):
            continue
        seed = f"{draw.getrandbits(64):016x}"
        made = quality.draw_week(wanted=A_WEEK, now=at, seed=lambda seed=seed: seed, by=by)  # type: ignore[misc]
        for call in made.calls.order_by("place")[: A_WEEK if back else A_WEEK // 2]:
            _called(call, draw, complaints, min(at + timedelta(hours=draw.randrange(1, 60)), now), by)


def _called(call: Any, draw: random.Random, complaints: list[str], at: datetime, by: Actor) -> None:
    outcome = draw.choices([one for one, _ in OUTCOMES], [n for _, n in OUTCOMES])[0]
    if outcome is not CallOutcome.REACHED:
        quality.note_call(call, outcome=outcome, now=at, by=by)
        return
    content = draw.random() < 0.93
    complains = not content and bool(complaints)
    told = Answers(
        content=content,
        feels_safer=draw.random() < 0.84 if draw.random() < 0.95 else None,
        sets_alarm=draw.random() < 0.72 if calls.has_alarm(call.visit_id) else None,
        complains=complains,
        said=complaints.pop(0) if complains else draw.choice(WORDS),
    )
    quality.note_call(call, outcome=outcome, told=told, now=at, by=by)
    if complains and len(complaints) == 2:
        quality.settle_complaint(call, what="crew A planed the door the same week", by=by)


def _claims(by: Actor) -> None:
    draw, today = random.Random(SEED), timezone.localdate()
    keys = calls.to_draw_from(today - timedelta(days=300), today - timedelta(days=60))
    for what, asked, paid, why in CLAIMS if len(keys) >= len(CLAIMS) else ():
        visit = claims.visit(keys.pop(draw.randrange(len(keys))))
        assert visit is not None
        on = visit.day + timedelta(days=draw.randint(1, 12))
        made = damage.raise_claim(visit, claimed_on=on, what=what, amount=Decimal(asked), by=by)
        if paid != "0":
            damage.settle_claim(
                made, outcome=ClaimOutcome.PAID if paid else ClaimOutcome.DECLINED,
                paid=Decimal(paid) if paid else None, because=why, settled_on=on + timedelta(days=21), by=by,
            )  # fmt: skip
    damage.set_budget(year=financial_year(today), amount=SET_ASIDE, by=by)


def _stall(by: Actor) -> None:
    """A grant to begin with, five sales, a stall's fee, a box of chains bought again, and an order elsewhere."""
    today, by_key = timezone.localdate(), {item.key: item for item in items.items()}
    first = today - timedelta(days=SALES[0][0] + 9)
    trading.take_in(amount=Decimal(100), on=first, note="Rotary Club, to begin with", by=by)
    for ago, key, count, price, where in SALES:
        day = today - timedelta(days=ago)
        trading.sell(by_key[key], count=count, price=Decimal(price), on=day, where=where, by=by)
    trading.spend(amount=Decimal("18.00"), on=today - timedelta(days=142), note="pitch at the summer fair", by=by)
    chains = by_key["door-chain"]
    bought = trading.reinvest(
        chains, count=chains.order_size, supplier_name=LOCKS_FROM, today=today - timedelta(days=40), by=by
    )
    assert bought.order is not None
    stock.take_delivery(bought.order, count=chains.order_size, by=by)
    bulbs = by_key["bulb"]
    stock.place_order(
        bulbs, count=bulbs.order_size, supplier_name=LIGHTS_FROM, today=today - timedelta(days=2),
        because="its approval is being renewed; nobody else has the fitting", by=by,
    )  # fmt: skip
