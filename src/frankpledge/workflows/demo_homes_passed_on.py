"""The demo's marking kits, returns to funders, and residents passed on: what visits of the past left behind.

All of it made up. It looks at what is there, so it may be run again.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from frankpledge.delivery.home_security.pages import returns as return_pages
from frankpledge.delivery.home_security.rules.catalogue import ENERGY, FIRE, PROGRAMME
from frankpledge.delivery.home_security.rules.crew import check_letter
from frankpledge.delivery.home_security.rules.passing_on import CHASE_DAYS
from frankpledge.delivery.home_security.rules.returns import Part, last_quarter
from frankpledge.delivery.home_security.selectors import kits as known_kits
from frankpledge.delivery.home_security.selectors import passing_on as passed
from frankpledge.delivery.home_security.selectors import returns as sent
from frankpledge.delivery.home_security.services import kits, passing_on, returns
from frankpledge.delivery.home_security.services.kits import KnownKit
from frankpledge.delivery.home_security.services.passing_on import KnownResident
from frankpledge.delivery.home_security.services.returns import KnownPart
from frankpledge.delivery.home_security.vocabulary import KitFate, Need, ReferralState, ReferralTo
from frankpledge.vocabulary.actors import Actor

SEED = 7
LONDON = ZoneInfo("Europe/London")
REGISTERED_AFTER, SENT_AFTER = 45, 21  # days: older kits are registered, as a rule; those between are sent
FORGOTTEN = 40  # of so many kits one was never registered, and of one the code was not written down
# measure, of a hundred homes so many got it, how many each
FOR_OTHERS = (("smoke-alarm", 44, 2), ("bulbs", 22, 4), ("cylinder-jacket", 9, 1), ("insulation", 5, 1))
ELDERLY, SAID_NO, NOT_OFFERED = 26, 3, 6
TO_FIRE, TO_ENERGY, TO_VICTIM_SUPPORT = 48, 21, 9
NAMES = ("Mrs Adeyemi", "Mr Pask", "Miss Trent", "Mr and Mrs Rees", "Mrs Bialek", "Mr Osborne", "Mrs Dhillon",
         "Mr Fenwick", "Mrs Jarvis", "Mr Quaye", "Mrs Whitlock", "Mr Hanlon")  # fmt: skip


def load(*, by: Actor) -> None:
    """Make what is missing."""
    today = timezone.localdate()
    installs = sorted(sent.parts(PROGRAMME, today - timedelta(days=2)), key=lambda one: (one.fitted_on, one.uprn))
    if not installs:
        return
    if not known_kits.register().given_out:
        _kits(today, by)
    if not sent.sent(FIRE).exists():
        _returns(installs, today, by)
    if not passed.referrals().exists():
        _residents(installs, by)


def _code(number: int) -> str:
    body = f"AC{number:06d}"
    return body + check_letter(body)


def _kits(today: date, by: Actor) -> None:
    """Codes of the kits crews gave out: old ones are registered; two are lost, one is on two homes, one unreadable."""
    draw, found = random.Random(SEED), list(known_kits.kits_fitted())
    known = []
    for number, fitted in enumerate(found, 1):
        days = (today - fitted.fitted_on).days
        forgotten = draw.randrange(FORGOTTEN) == 0
        wait = min(REGISTERED_AFTER, 12 + draw.randrange(30)) if days > REGISTERED_AFTER and not forgotten else None
        if draw.randrange(FORGOTTEN):
            code = _code(48_000 + 7 * number)
            was_sent = days > SENT_AFTER and number % 3 > 0
            known.append(KnownKit(code, fitted.uprn, fitted.fitted_on, wait, was_sent=was_sent))
    kits.take_over_kits(known, by=by)
    for one, because in zip(known[40:42], (KitFate.LOST, KitFate.DAMAGED), strict=False):
        kits.take_out(one.code, because=because, by=by)
    visits = [fitted.visit for fitted in found[-2:] if fitted.visit is not None]
    twice = known_kits.kit(known[-9].code) if len(known) > 9 else None
    if len(visits) == 2 and twice is not None:
        kits.ask_about(visits[0], twice.code, twice)
        kits.ask_about(visits[1], "AC0512J8", None)


def _returns(installs: Sequence[Part], today: date, by: Actor) -> None:
    """Alarms, bulbs and jackets fitted for others over three quarters; the one before the last was returned."""
    draw = random.Random(SEED + 1)
    first, last = last_quarter(today)
    before_first, before_last = last_quarter(first)
    visits = {one.uprn: one for one in installs if one.fitted_on >= before_first - timedelta(days=92)}
    known: list[KnownPart] = []
    late: list[KnownPart] = []
    for one in visits.values():
        for measure, percent, most in FOR_OTHERS:
            if draw.randrange(100) >= percent:
                continue
            part = KnownPart(one.uprn, measure, 1 + draw.randrange(most), one.fitted_on, one.visit)
            # a few reports of the quarter that was returned came in after it was
            came_late = before_first <= one.fitted_on <= before_last and draw.randrange(30) == 0
            (late if came_late else known).append(part)
            if draw.randrange(25) == 0:  # a second call, by somebody else
                known.append(KnownPart(one.uprn, measure, 1, one.fitted_on + timedelta(days=9)))
    returns.take_over_parts(known, by=by)
    for funder, to in ((FIRE, "returns@brackenshire-fire.example"), (ENERGY, "schemes@warmhomes.example")):
        returns.keep_sent(return_pages.draft(funder, before_first, before_last), sent_to=to, by=by)
    returns.take_over_parts(late, by=by)


def _residents(installs: Sequence[Part], by: Actor) -> None:
    """Burgled residents aged 75 or over, most of them offered the handy-person service; others passed on elsewhere."""
    draw, now = random.Random(SEED + 2), timezone.now()
    homes = list({one.uprn: one for one in installs if (now.date() - one.fitted_on).days < 300}.values())
    draw.shuffle(homes)
    known = []
    for number in range(min(ELDERLY, len(homes))):
        needs = [Need.AGED, Need.ALONE] if number % 3 else [Need.AGED, Need.DISABLED]
        one = _resident(homes.pop(), number, needs, ReferralTo.HANDY_PERSON, draw, now)
        if number < NOT_OFFERED:
            one = KnownResident(one.uprn, one.name, needs, was_burgled=True)
        elif number < NOT_OFFERED + SAID_NO:
            one = KnownResident(one.uprn, one.name, needs, True, ReferralTo.HANDY_PERSON, True, one.made_at)
        known.append(one)
    others = (
        (ReferralTo.FIRE_SERVICE, TO_FIRE, (Need.ALONE,)),
        (ReferralTo.ENERGY, TO_ENERGY, (Need.CHILDREN,)),
        (ReferralTo.VICTIM_SUPPORT, TO_VICTIM_SUPPORT, (Need.FEAR,)),
    )
    for to, count, told in others:
        known += [_resident(homes.pop(), n, told, to, draw, now) for n in range(min(count, len(homes)))]
    passing_on.take_over_residents(known, by=by)


def _resident(
    home: Part, number: int, needs: Sequence[Need], to: ReferralTo, draw: random.Random, now: datetime
) -> KnownResident:
    """Somebody passed on at the visit; two in three were answered within weeks, some never."""
    made = datetime.combine(home.fitted_on, time(16, 5), LONDON)
    answered = made + timedelta(days=3 + draw.randrange(24), hours=draw.randrange(6))
    state = draw.choices([ReferralState.TAKEN_UP, ReferralState.DECLINED, ReferralState.SENT], [76, 16, 8])[0]
    withdrew = to is ReferralTo.FIRE_SERVICE and number == 2
    if answered > now or withdrew:
        state = ReferralState.SENT
    overdue = state is ReferralState.SENT and (now - made).days > CHASE_DAYS
    return KnownResident(
        uprn=home.uprn,
        name=NAMES[number % len(NAMES)],
        needs=needs,
        was_burgled=to in (ReferralTo.HANDY_PERSON, ReferralTo.VICTIM_SUPPORT),
        to=to,
        made_at=made,
        state=state,
        answered_at=None if state is ReferralState.SENT else answered,
        chased_at=now - timedelta(days=6) if overdue and number % 2 else None,
        withdrawn_at=now - timedelta(days=3) if withdrew else None,
    )
