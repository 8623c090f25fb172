"""Loading places. Each load is one transaction: either all of it is there or nothing changed."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places.models import (
    Area,
    AreaParent,
    Denominator,
    DenominatorEdition,
    PlacesVersion,
    Premises,
)
from frankpledge.foundation.places.rules import check_geography, check_premises, fingerprint, outline_as_text
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.premises import Premises as PremisesRecord

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
