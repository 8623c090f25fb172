"""What an installation starts from: the catalogue, its crews, and installs of a register kept elsewhere before."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import (
    Crew,
    CrewMember,
    Fitted,
    HomeRequest,
    Measure,
    StockItem,
    StockPlace,
    Van,
    Visit,
)
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.rules.catalogue import MEASURES, STOCK
from frankpledge.delivery.home_security.vocabulary import (
    Burgled,
    Channel,
    HeardFrom,
    MemberPart,
    PlaceKind,
    RequestState,
    VisitState,
)
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem

ROWS_AT_ONCE = 1_000
STORE = "Store"


@transaction.atomic
def lay_out_catalogue(*, by: Actor) -> int:
    """Write down the stock items and measures that are not there yet; returns how many measures came."""
    permissions.check_can_edit(by)
    for line in STOCK:
        StockItem.objects.get_or_create(
            key=line.key,
            defaults={"name": line.name, "lead_days": line.lead_days, "order_size": line.box, "price": line.price},
        )
    items = {item.key: item for item in StockItem.objects.all()}
    known = set(Measure.objects.values_list("key", flat=True))
    new = [
        Measure(
            key=line.key, name=line.name, kind=line.kind, funder=line.funder, price=line.price,
            resident_pays=line.pays, stock_item=items.get(line.stock), minutes=line.minutes, skill=line.skill,
            needs_serial=line.serial, evidence=line.evidence, order=place,
        )
        for place, line in enumerate(MEASURES, 1)
        if line.key not in known
    ]  # fmt: skip
    Measure.objects.bulk_create(new)
    if new:
        audit.record(
            act=Act.ALTERATION, what=f"laid out the catalogue: {len(new)} measures", subject="homes:catalogue", by=by
        )
    return len(new)


@dataclass(frozen=True, slots=True)
class NewCrew:
    """A crew with its van. ``people``: (name, key of their account or None)."""

    name: str
    area_name: str
    registration: str
    people: Sequence[tuple[str, int | None]]
    skills: Sequence[str] = ()


@transaction.atomic
def add_crew(new: NewCrew, *, by: Actor) -> Crew:
    """Add a crew with its people, its van and the van's place in the stock. One of that name is left as it is."""
    permissions.check_can_edit(by)
    found = Crew.objects.filter(name=new.name).first()
    if found is not None:
        return found
    made = Crew.objects.create(name=new.name, area_name=new.area_name, skills=list(new.skills))
    for name, person in new.people:
        CrewMember.objects.create(crew=made, person_id=person, name=name)
    van = Van.objects.create(name=f"Van {new.name}", registration=new.registration, crew=made)
    StockPlace.objects.create(kind=PlaceKind.VAN, name=van.name, van=van)
    StockPlace.objects.get_or_create(name=STORE, defaults={"kind": PlaceKind.STORE})
    audit.record(act=Act.ALTERATION, what=f"added crew {new.name}", subject=f"homes:crew {made.pk}", by=by)
    return made


@dataclass(frozen=True, slots=True)
class Refusal:
    """A home that said no to an earlier offer, with its reason."""

    uprn: str
    asked_at: datetime
    because: str


@transaction.atomic
def take_over_refusals(refusals: Sequence[Refusal], *, by: Actor) -> int:
    """Bring in homes that said no before, so that nobody calls on them again; one that asked at all is left alone.

    Returns how many came. Homes that are not in the address list are left out.
    """
    permissions.check_can_edit(by)
    known = places.premises_of(one.uprn for one in refusals)
    asked = set(HomeRequest.objects.filter(uprn__in=known).values_list("uprn", flat=True))
    new = [one for one in refusals if one.uprn in known and one.uprn not in asked]
    HomeRequest.objects.bulk_create(
        [
            HomeRequest(
                reference=rules.new_reference(secrets.randbelow), password=rules.new_password(secrets.randbelow),
                uprn=one.uprn, address=known[one.uprn].address, postcode=known[one.uprn].postcode,
                small_area=known[one.uprn].small_area, ward=known[one.uprn].ward,
                neighbourhood=known[one.uprn].neighbourhood or "", channel=Channel.OTHER, state=RequestState.REFUSED,
                asked_at=one.asked_at, closed_at=one.asked_at, closed_because=one.because,
            )
            for one in new
        ]
    )  # fmt: skip
    audit.record(act=Act.COLLECTION, what=f"took over {len(new)} homes that said no", subject="homes:requests", by=by)
    return len(new)


@transaction.atomic
def start_crew(new: NewCrew, *, by: Actor) -> Crew:
    """Add a crew, with the catalogue of measures where there is none: without it no visit can be planned."""
    permissions.check_can_edit(by)
    if not Measure.objects.exists():
        lay_out_catalogue(by=by)
    return add_crew(new, by=by)


@transaction.atomic
def add_supervisor(*, name: str, person_id: int | None = None, by: Actor) -> CrewMember:
    """Add somebody who stands in for anybody."""
    permissions.check_can_edit(by)
    made, _ = CrewMember.objects.get_or_create(
        name=name, part=MemberPart.SUPERVISOR.value, defaults={"person_id": person_id}
    )
    return made


@dataclass(frozen=True, slots=True)
class Install:
    """A finished visit of an earlier register. ``fitted``: (key of the measure, how many, serial or nothing)."""

    uprn: str
    asked_at: datetime
    started_at: datetime
    minutes: int
    crew: str
    fitted: Sequence[tuple[str, int, str]]
    heard_from: HeardFrom = HeardFrom.NOT_SAID
    burgled: Burgled = Burgled.NOT_SAID


@transaction.atomic
def take_over_installs(installs: Sequence[Install], *, by: Actor) -> int:
    """Bring in finished visits with what they fitted; a home that has a finished visit already is left alone.

    Returns how many came. All in a few writes: some thousands in seconds. Raises DataProblem naming a home that is not
    in the address list, or a crew or measure that is not there; then nothing is brought in.
    """
    permissions.check_can_edit(by)
    done = set(Visit.objects.filter(state=VisitState.DONE.value).values_list("uprn", flat=True))
    new = [one for one in installs if one.uprn not in done]
    requests = HomeRequest.objects.bulk_create(_requests(new), batch_size=ROWS_AT_ONCE)
    crews = {crew.name: crew for crew in Crew.objects.all()}
    visits = [_visit(one, request, crews) for one, request in zip(new, requests, strict=True)]
    Visit.objects.bulk_create(visits, batch_size=ROWS_AT_ONCE)
    Fitted.objects.bulk_create(_fitted(new, visits), batch_size=ROWS_AT_ONCE)
    if new:
        audit.record(act=Act.COLLECTION, what=f"took over {len(new)} finished visits", subject="homes:installs", by=by)
    return len(new)


def _requests(installs: Sequence[Install]) -> list[HomeRequest]:
    homes = places.premises_of(one.uprn for one in installs)
    taken = set(HomeRequest.objects.values_list("reference", flat=True))
    rows = []
    for one in installs:
        home = homes.get(one.uprn)
        if home is None:
            raise DataProblem(f"The home {one.uprn} is not in the address list. Load it first.")
        rows.append(
            HomeRequest(
                reference=_free(taken), password=rules.new_password(secrets.randbelow), uprn=home.uprn,
                address=home.address, postcode=home.postcode, small_area=home.small_area, ward=home.ward,
                neighbourhood=home.neighbourhood or "", tenure=home.tenure.value if home.tenure else "",
                channel=Channel.OTHER, referred_by="an earlier register", heard_from=one.heard_from,
                burgled=one.burgled, state=RequestState.DONE, asked_at=one.asked_at,
                closed_at=one.started_at + timedelta(minutes=one.minutes),
            )
        )  # fmt: skip
    return rows


def _free(taken: set[str]) -> str:
    while (reference := rules.new_reference(secrets.randbelow)) in taken:
        pass
    taken.add(reference)
    return reference


def _visit(one: Install, request: HomeRequest, crews: dict[str, Crew]) -> Visit:
    crew = crews.get(one.crew)
    if crew is None:
        raise DataProblem(f"There is no crew {one.crew}. Add it first.")
    return Visit(
        request=request, uprn=one.uprn, day=timezone.localdate(one.started_at), crew=crew,
        planned_start=one.started_at, minutes=one.minutes, state=VisitState.DONE, started_at=one.started_at,
        finished_at=one.started_at + timedelta(minutes=one.minutes),
    )  # fmt: skip


def _fitted(installs: Sequence[Install], visits: Sequence[Visit]) -> list[Fitted]:
    measures = {measure.key: measure for measure in Measure.objects.all()}
    rows = []
    for one, visit in zip(installs, visits, strict=True):
        for key, quantity, serial in one.fitted:
            measure = measures.get(key)
            if measure is None:
                raise DataProblem(f"The measure {key} is not in the catalogue.")
            rows.append(
                Fitted(
                    visit=visit, uprn=one.uprn, measure=measure, quantity=quantity, serial=serial,
                    funder=measure.funder, fitted_on=visit.day,
                )
            )  # fmt: skip
    return rows
