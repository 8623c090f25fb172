"""Loading places. Each load is one transaction: either all of it is there or nothing changed."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.places.matching import AddressMatch
from frankpledge.foundation.places.models import (
    AddressQuestion,
    Area,
    AreaParent,
    Denominator,
    DenominatorEdition,
    PlacesVersion,
    Premises,
)
from frankpledge.foundation.places.rules import (
    LONGEST_NAME,
    LONGEST_POSTCODE,
    check_geography,
    check_premises,
    fingerprint,
    outline_as_text,
)
from frankpledge.foundation.places.selectors import Sight, opens
from frankpledge.foundation.places.vocabulary import QuestionState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.premises import Premises as PremisesRecord

PLACE_ADDRESSES = "place addresses"
SINGLE = 1
BATCH = 2_000  # codes or rows in one statement, well below both databases' limits on values


@dataclass(frozen=True, slots=True)
class GeographyLoaded:
    """What a load did. ``changed`` is False when the very same geography was the last one loaded."""

    changed: bool
    small_areas: int
    districts: int
    editions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PremisesLoaded:
    """How many premises were new and how many were replaced."""

    added: int
    replaced: int


@transaction.atomic
def load_geography(geography: Geography, *, by: Actor) -> GeographyLoaded:
    """Put a geography in the place of whatever was known of its districts, for its vintage of small areas.

    Small areas that these districts no longer have are removed. Each denominator edition given replaces its values for
    these small areas; other editions, districts and vintages stay. The same geography again changes nothing. Raises
    DataProblem for a geography that does not hold together.
    """
    check_geography(geography)
    mark = fingerprint(geography)
    version = _locked_version()
    changed = version.fingerprint != mark
    if changed:
        _replace_areas(geography)
        _replace_denominators(geography)
        version.fingerprint = mark
        _renew(version)
        _note_geography(geography, by)
    return GeographyLoaded(
        changed=changed,
        small_areas=len(geography.parents),
        districts=len(geography.of_level(AreaLevel.DISTRICT)),
        editions=tuple(sorted(geography.denominators)),
    )


@transaction.atomic
def load_premises(premises: Sequence[PremisesRecord], *, by: Actor) -> PremisesLoaded:
    """Add homes and buildings, or replace what was known under their UPRN. Others stay.

    Raises DataProblem, naming the first at fault, before anything is written.
    """
    check_premises(premises)
    version = _locked_version()
    before = Premises.objects.count()
    Premises.objects.bulk_create(
        [_premises_row(one) for one in premises],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["uprn"],
        update_fields=_PREMISES_FIELDS,
    )
    added = Premises.objects.count() - before
    _renew(version)
    record(
        act=Act.COLLECTION,
        what=f"Loaded {len(premises):,} premises, {added:,} of them new",
        subject="places:premises",
        by=by,
        details={"premises": len(premises), "added": added},
    )
    return PremisesLoaded(added=added, replaced=len(premises) - added)


@dataclass(frozen=True, slots=True)
class UnclearAddress:
    """An address of a row that no single home fits clearly."""

    line: int
    reference: str
    address: str
    postcode: str
    match: AddressMatch


@transaction.atomic
def ask_about(
    unclear: Sequence[UnclearAddress], *, batch_key: str, owner_id: int | None = None, data_class: str = "", by: Actor
) -> int:
    """Put addresses to whoever knows the place; returns how many were new. The same row is asked about once.

    ``owner_id``, ``data_class``: whose records the file holds and of which class, for they are shown to nobody else;
    no class where it was published.
    """
    now = timezone.now()
    known = set(AddressQuestion.objects.filter(batch_key=batch_key).values_list("line", flat=True))
    rows = [
        AddressQuestion(
            batch_key=batch_key,
            owner_id=owner_id,
            data_class=data_class,
            line=one.line,
            reference=storable(one.reference)[:LONGEST_NAME],
            address=storable(one.address)[:LONGEST_NAME],
            postcode=storable(one.postcode)[:LONGEST_POSTCODE],
            candidates=[
                {"uprn": found.uprn, "score": found.score, "reasons": [str(reason) for reason in found.reasons]}
                for found in one.match.candidates
            ],
            state=QuestionState.WAITING,
            asked_at=now,
        )
        for one in unclear
        if one.line not in known
    ]
    AddressQuestion.objects.bulk_create(rows, batch_size=BATCH)
    if rows:
        record(
            act=Act.COLLECTION,
            what=f"Addresses to settle: {len(rows):,}",
            subject=f"places:questions {batch_key}",
            by=by,
            details={"lines": [row.line for row in rows[:200]]},
        )
    return len(rows)


@transaction.atomic
def settle_address(question: AddressQuestion, *, uprn: str, sight: Sight | None, by: Actor) -> AddressQuestion:
    """Say which home an address is; an empty ``uprn`` says it is none of those here. Settled once.

    The worker then writes the home beside the record.

    ``sight``: of whoever settles it; None for the software itself. Raises NotPermitted for an address in a file that it
    does not open, RuleBroken for a home that was not among the candidates, or when somebody else settled it meanwhile.
    """
    question = AddressQuestion.objects.select_for_update().get(pk=question.pk)
    if sight is not None and not opens(sight, question.owner_id, question.data_class):
        raise NotPermitted("This address is in another agency’s file, and no agreement lets yours receive it.")
    if question.state != QuestionState.WAITING:
        raise RuleBroken("Somebody else settled this address meanwhile.")
    if uprn and uprn not in {candidate["uprn"] for candidate in question.candidates}:
        raise RuleBroken("Choose one of the homes shown, or none of them.")
    question.uprn = uprn
    question.state = QuestionState.FOUND if uprn else QuestionState.NOT_HERE
    question.settled_at = timezone.now()
    question.settled_by_id, question.settled_by_name = by.id, storable(by.name)[:LONGEST_NAME]
    question.save(update_fields=["uprn", "state", "settled_at", "settled_by_id", "settled_by_name"])
    record(
        act=Act.ALTERATION,
        what="settled which home an address is" if uprn else "settled that an address is no home here",
        subject=f"places:question {question.pk}",
        by=by,
        details={"batch": question.batch_key, "line": question.line, "uprn": uprn},
    )
    if uprn:
        jobs.start(PLACE_ADDRESSES, {"batch_key": question.batch_key}, by=by)
    return question


_PREMISES_FIELDS = [
    "address",
    "postcode",
    "easting",
    "northing",
    "small_area",
    "ward",
    "neighbourhood",
    "kind",
    "tenure",
]


def _premises_row(one: PremisesRecord) -> Premises:
    return Premises(
        uprn=one.uprn,
        address=one.address,
        postcode=one.postcode,
        easting=one.easting,
        northing=one.northing,
        small_area=one.small_area,
        ward=one.ward,
        neighbourhood=one.neighbourhood,
        kind=one.kind.value,
        tenure=one.tenure.value if one.tenure else None,
    )


def _locked_version() -> PlacesVersion:
    """The version row, locked: loads wait for one another."""
    PlacesVersion.objects.bulk_create([PlacesVersion(pk=SINGLE, version="", fingerprint="")], ignore_conflicts=True)
    return PlacesVersion.objects.select_for_update().get(pk=SINGLE)


def _renew(version: PlacesVersion) -> None:
    version.version = uuid.uuid4().hex
    version.save(update_fields=["version", "fingerprint"])


def _replace_areas(geography: Geography) -> None:
    vintage = geography.small_area_vintage
    districts = [area.code for area in geography.of_level(AreaLevel.DISTRICT)]
    replaced = set(geography.parents)
    for codes in _in_batches(districts):
        known = AreaParent.objects.filter(vintage=vintage, level=AreaLevel.DISTRICT.value, parent__in=codes)
        replaced.update(known.values_list("small_area", flat=True))
    for codes in _in_batches(sorted(replaced)):
        AreaParent.objects.filter(vintage=vintage, small_area__in=codes).delete()
        Area.objects.filter(vintage=vintage, level=AreaLevel.SMALL_AREA.value, code__in=codes).delete()
    for codes in _in_batches(sorted(replaced - set(geography.parents))):
        Denominator.objects.filter(edition__vintage=vintage, small_area__in=codes).delete()
    Area.objects.bulk_create(
        _area_rows(geography),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code", "level", "vintage"],
        update_fields=["name", "welsh_name", "outline", "deprivation_rank"],
    )
    AreaParent.objects.bulk_create(_parent_rows(geography), batch_size=BATCH)
    has_child = AreaParent.objects.filter(vintage=OuterRef("vintage"), parent=OuterRef("code"))
    higher = Area.objects.filter(vintage=vintage).exclude(level=AreaLevel.SMALL_AREA.value)
    higher.filter(~Exists(has_child)).delete()


def _area_rows(geography: Geography) -> list[Area]:
    """Rows of the small areas and of every higher area in which one of them lies."""
    above = {code for parents in geography.parents.values() for code in parents.values()}
    rows = []
    for code in sorted(above | set(geography.parents)):
        area = geography.areas[code]
        outline = geography.outlines.get(code)
        rows.append(
            Area(
                code=code,
                level=area.level.value,
                vintage=geography.small_area_vintage,
                name=area.name,
                welsh_name=area.welsh_name,
                outline=outline_as_text(outline) if outline else None,
                deprivation_rank=geography.deprivation.get(code),
            )
        )
    return rows


def _parent_rows(geography: Geography) -> list[AreaParent]:
    return [
        AreaParent(
            vintage=geography.small_area_vintage,
            small_area=small,
            level=level.value,
            parent=parent,
            best_fit=level in geography.best_fit_levels,
        )
        for small, above in sorted(geography.parents.items())
        for level, parent in sorted(above.items())
    ]


def _replace_denominators(geography: Geography) -> None:
    for key, denominator in sorted(geography.denominators.items()):
        edition, _ = DenominatorEdition.objects.update_or_create(
            key=key,
            vintage=geography.small_area_vintage,
            defaults={"unit": denominator.edition.unit.value, "label": denominator.edition.label},
        )
        for codes in _in_batches(sorted(geography.parents)):
            Denominator.objects.filter(edition=edition, small_area__in=codes).delete()
        Denominator.objects.bulk_create(
            [
                Denominator(edition=edition, small_area=code, value=value)
                for code, value in sorted(denominator.by_small_area.items())
                if code in geography.parents
            ],
            batch_size=BATCH,
        )


def _note_geography(geography: Geography, by: Actor) -> None:
    districts = [area.code for area in geography.of_level(AreaLevel.DISTRICT)]
    record(
        act=Act.COLLECTION,
        what=f"Loaded {len(geography.parents):,} small areas of {len(districts)} districts",
        subject=f"places:geography {geography.small_area_vintage}",
        by=by,
        details={"districts": districts[:100], "editions": sorted(geography.denominators)},
    )


def _in_batches(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(codes), BATCH):
        yield codes[start : start + BATCH]
