"""Loading areas and premises: whole or not at all, twice is once, and what is replaced is replaced wholly."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.foundation.places import models, selectors, services
from frankpledge.sources.simulator import draw_place
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Area, Denominator, Geography
from frankpledge.vocabulary.premises import PremisesKind
from tests.places.conftest import COUNT, little_district, of_2011, square

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {
        model.__name__: model.objects.count()
        for model in (models.Area, models.AreaParent, models.DenominatorEdition, models.Denominator, models.Premises)
    }


def test_what_was_loaded_comes_back_the_same(aldercombe: Geography, by: Actor) -> None:
    """Areas, nesting, outlines, counts and ranks, to the metre."""
    services.load_geography(aldercombe, by=by)
    found = selectors.geography_around("X07000001")
    assert found.areas == aldercombe.areas
    assert found.parents == aldercombe.parents
    assert found.outlines == aldercombe.outlines
    assert found.denominators == aldercombe.denominators
    assert found.deprivation == aldercombe.deprivation
    assert found.best_fit_levels == aldercombe.best_fit_levels
    assert found.small_area_vintage == aldercombe.small_area_vintage


def test_best_fit_is_remembered(by: Actor) -> None:
    """A page can say that wards are best fit."""
    geography = replace(little_district(1), best_fit_levels=frozenset({AreaLevel.DISTRICT}))
    services.load_geography(geography, by=by)
    assert selectors.geography_around("X07000011").best_fit_levels == {AreaLevel.DISTRICT}


def test_the_same_geography_again_changes_nothing(by: Actor) -> None:
    """No new row, no new version, no new entry in the trail."""
    first = services.load_geography(little_district(1), by=by)
    before, version, entries = rows(), selectors.places_version(), AuditEntry.objects.count()
    second = services.load_geography(little_district(1), by=by)
    assert first.changed
    assert not second.changed
    assert (rows(), selectors.places_version(), AuditEntry.objects.count()) == (before, version, entries)


def test_a_load_leaves_an_audit_entry_that_names_who(by: Actor) -> None:
    """Collection, in the same transaction."""
    services.load_geography(little_district(1), by=by)
    entry = AuditEntry.objects.latest("sequence")
    assert entry.act == "collection"
    assert entry.actor_name == "tester"
    assert "2 small areas of 1 districts" in entry.what


def test_a_new_edition_of_a_district_replaces_the_old_one_wholly(by: Actor) -> None:
    """A small area that is gone is gone with its counts; its higher area too when nothing is left in it."""
    larger = little_district(1, small_areas=3)
    ward = Area("X05000099", "Lost Ward", AreaLevel.WARD)
    parents = {code: dict(above) for code, above in larger.parents.items()}
    parents["X01100002"][AreaLevel.WARD] = ward.code
    services.load_geography(replace(larger, areas={**larger.areas, ward.code: ward}, parents=parents), by=by)
    services.load_geography(little_district(1, small_areas=2), by=by)
    found = selectors.geography_around("X07000011")
    assert sorted(found.parents) == ["X01100000", "X01100001"]
    assert found.denominators[COUNT.key].by_small_area == {"X01100000": 10, "X01100001": 20}
    assert ward.code not in found.areas
    assert models.Denominator.objects.count() == 2


def test_counts_are_replaced_and_other_editions_stay(by: Actor) -> None:
    """A local estimate comes beside the census, and a corrected one in its place."""
    geography = little_district(1)
    services.load_geography(geography, by=by)
    estimate = replace(COUNT, key="estimate-2025", label="local estimate 2025")
    corrected = dict.fromkeys(geography.parents, 77)
    services.load_geography(replace(geography, denominators={estimate.key: Denominator(estimate, corrected)}), by=by)
    found = selectors.geography_around("X07000011").denominators
    assert found[COUNT.key].by_small_area == geography.denominators[COUNT.key].by_small_area
    assert found["estimate-2025"].by_small_area == corrected
    assert found["estimate-2025"].edition == estimate


def test_districts_loaded_one_after_another_stand_side_by_side(by: Actor) -> None:
    """The second does not push out the first, though they share the edition."""
    services.load_geography(little_district(1), by=by)
    services.load_geography(little_district(2), by=by)
    found = selectors.geography_around("X07000011")
    assert [area.name for area in found.of_level(AreaLevel.DISTRICT)] == ["Little 1", "Little 2"]
    assert len(found.denominators[COUNT.key].by_small_area) == 4


def test_vintages_do_not_mix(by: Actor) -> None:
    """Small areas of 2011 and 2021 stand apart; the later is meant unless one is named."""
    services.load_geography(little_district(1), by=by)
    services.load_geography(of_2011(little_district(1)), by=by)
    assert selectors.geography_around("X07000011").small_area_vintage == 2021
    earlier = selectors.geography_around("X07000011", vintage=2011)
    assert list(earlier.denominators) == ["made-up-2011"]
    assert rows()["Area"] == 8


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parents": {}}, "no small areas"),
        ({"areas": {}}, "not among the areas"),
        ({"denominators": {COUNT.key: Denominator(COUNT, {"X01100000": -1})}}, "below nought"),
    ],
)
def test_a_geography_that_does_not_hold_together_is_refused(change: dict, words: str, by: Actor) -> None:
    """In one sentence, and nothing of it is there."""
    with pytest.raises(DataProblem, match=words):
        services.load_geography(replace(little_district(1), **change), by=by)
    assert rows()["Area"] == 0
    assert selectors.places_version() == ""


def test_names_too_long_for_the_tables_are_refused_on_either_database(by: Actor) -> None:
    """SQLite would take them, PostgreSQL would not."""
    geography = little_district(1)
    long = Area("X07000011", "L" * 201, AreaLevel.DISTRICT)
    with pytest.raises(DataProblem, match="longer than 200"):
        services.load_geography(replace(geography, areas={**geography.areas, long.code: long}), by=by)


def test_a_load_that_fails_in_the_middle_leaves_what_was_there(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit entry cannot be written, so nothing is loaded."""
    services.load_geography(little_district(1), by=by)
    before = selectors.geography_around("X07000011")

    def full(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(services, "record", full)
    with pytest.raises(OSError, match="disk full"):
        services.load_geography(little_district(1, small_areas=5), by=by)
    assert selectors.geography_around("X07000011") == before


def test_premises_are_added_and_replaced_by_their_number(by: Actor) -> None:
    """An address list sent again corrects what it corrects."""
    homes = list(draw_place().premises[:40])
    first = services.load_premises(homes, by=by)
    corrected = replace(homes[0], address="1a Corrected Row", kind=PremisesKind.SHOP, tenure=None)
    second = services.load_premises([corrected, *draw_place().premises[39:42]], by=by)
    assert (first.added, first.replaced) == (40, 0)
    assert (second.added, second.replaced) == (2, 2)
    stored = models.Premises.objects.get(uprn=homes[0].uprn)
    assert (stored.address, stored.kind, stored.tenure) == ("1a Corrected Row", "shop", None)
    assert AuditEntry.objects.filter(subject="places:premises").count() == 2
    assert not any("Corrected" in entry.what for entry in AuditEntry.objects.all())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"uprn": "12345678901234"}, "unique property reference number"),
        ({"uprn": "A1"}, "unique property reference number"),
        ({"easting": 700_001}, "not on the National Grid"),
        ({"northing": -1}, "not on the National Grid"),
        ({"address": " "}, "address or postcode"),
        ({"postcode": "XA1 1AAAA"}, "address or postcode"),
        ({"small_area": "nowhere"}, "code of a small area"),
    ],
)
def test_premises_that_cannot_be_right_are_refused(change: dict, words: str, by: Actor) -> None:
    """The sentence names the first at fault, and nothing is stored."""
    good = draw_place().premises[0]
    with pytest.raises(DataProblem, match=words):
        services.load_premises([good, replace(draw_place().premises[1], **change)], by=by)
    assert rows()["Premises"] == 0


def test_the_database_itself_refuses_what_cannot_be(by: Actor) -> None:
    """Constraints hold when somebody writes past the services."""
    services.load_geography(little_district(1), by=by)
    edition = models.DenominatorEdition.objects.get()
    wrong = [
        lambda: models.Denominator.objects.create(edition=edition, small_area="X01100009", value=-1),
        lambda: models.Area.objects.create(code="X07000011", level="district", vintage=2021, name="Twin"),
        lambda: models.AreaParent.objects.create(
            vintage=2021, small_area="X01100000", level="district", parent="X07000012"
        ),
        lambda: models.Premises.objects.create(
            uprn="1", address="a", postcode="b", easting=900_000, northing=1, small_area="X", ward="X", kind="shop"
        ),
        lambda: models.PlacesVersion.objects.create(id=2, version="", fingerprint=""),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_outlines_with_holes_and_islands_come_back(by: Actor) -> None:
    """Rings of several polygons, each with its holes."""
    geography = little_district(1)
    ring, hole = square(0, 0, 900)[0][0], square(300, 300, 50)[0][0]
    island = square(5_000, 5_000)[0]
    outline = ((ring, hole), island)
    services.load_geography(replace(geography, outlines={"X01100000": outline}), by=by)
    assert selectors.geography_around("X07000011").outlines == {"X01100000": outline}
