"""Watches against hot spots: who watches where burglary is highest, and where nobody does."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from frankpledge.delivery.area_schemes.models import HotSpotLook, Watch
from frankpledge.delivery.area_schemes.rules.watches import Watching, watched_by
from frankpledge.delivery.area_schemes.services import looks
from frankpledge.delivery.area_schemes.services import watches as services
from frankpledge.delivery.area_schemes.services.looks import Rested, Spot
from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState
from frankpledge.foundation.audit import selectors as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.places import services as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.find_hot_spots import find_hot_spots
from tests.pages.html import check_page
from tests.pages.made_up import geography, receive_months
from tests.people import signed_in

BY = Actor.system("tests")
FIRST = "/deliver/schemes/watches/"
SMALL = list(geography().parents)


def watching(*areas: str, kind: WatchKind = WatchKind.HOME, state: WatchState = WatchState.ACTIVE) -> Watching:
    return Watching("Foundry Street", kind, state, frozenset(areas))


def test_a_watch_counts_for_its_small_area_and_for_all_of_its_ward() -> None:
    spots = [("S1", "W1"), ("S2", "W1"), ("S3", "W2"), ("S4", "")]
    small, ward = watching("S3"), watching("W1")
    assert watched_by(spots, [small, ward]) == [[ward], [ward], [small], []]


@pytest.mark.parametrize("state", [WatchState.FORMING, WatchState.RESTING, WatchState.ENDED])
def test_only_active_watches_of_homes_count(state: WatchState) -> None:
    assert watched_by([("S1", "W1")], [watching("S1", state=state)]) == [[]]
    assert watched_by([("S1", "W1")], [watching("S1", kind=WatchKind.BUSINESS)]) == [[]]


# -- pages ------------------------------------------------------------------------------------------------------------


def set_watch(**more: Any) -> Watch:
    told = {"name": "Quarry", "kind": WatchKind.HOME, "state": WatchState.ACTIVE, "areas": [SMALL[0]]}
    return services.set_watch(**(told | more), by=BY)


def keep(source: str = "police-uk-street") -> None:
    rested = Rested(source, "data.police.uk street crime", "year to October 2022", 240, 3, "counted", ["b1"])
    spots = [Spot(code, f"Aldershire {n}", "X05000001", "Quarry", 20 - n, 600, 33.3, 20.1, 51.0)
             for n, code in enumerate(SMALL[:3])]  # fmt: skip
    looks.keep_hot_spots(rested, spots, areas=20, edition="census 2021", by=BY)


@pytest.mark.django_db
def test_the_gaps_are_named_with_what_they_rest_on() -> None:
    places.load_geography(geography(), by=BY)
    receive_months(1)
    set_watch()
    keep()
    page = check_page(signed_in(Role.MANAGER).get(FIRST).content.decode())
    assert "1 of 3 hot spots have a watch; these 2 do not: Quarry (Aldershire 1); Quarry (Aldershire 2)." in page.html
    assert "33.3" in page.html and "20.1 to 51.0" in page.html
    assert "of 20 with the most recorded burglary for each household" in page.html and "240 burglaries" in page.html


@pytest.mark.django_db
def test_whoever_may_not_see_the_records_sees_no_hot_spots_of_them() -> None:
    keep(source="police-extract")
    page = check_page(signed_in(Role.MANAGER).get(FIRST).content.decode())
    assert "Aldershire 1" not in page.html and "No hot spots are known yet" in page.html


@pytest.mark.django_db
def test_a_watch_is_written_down_and_only_those_who_run_it_see_whom_to_write_to() -> None:
    places.load_geography(geography(), by=BY)
    today = timezone.localdate()
    told = {
        "name": "Mill Lane Watch", "kind": "neighbourhood watch", "state": "active", "wards": ["X05000002"],
        "others": SMALL[2], "members": "34", "counted_on": today.isoformat(), "coordinator": "J. Marsh",
        "contact": "mill-lane@watch.example",
    }  # fmt: skip
    client = signed_in(Role.COORDINATOR)
    assert client.post(f"{FIRST}add/", told).headers["Location"] == FIRST
    held = Watch.objects.get()
    assert sorted(area.code for area in held.areas.all()) == sorted([SMALL[2], "X05000002"])
    assert "mill-lane@watch.example" in client.get(FIRST).content.decode()
    seen = check_page(signed_in(Role.ANALYST).get(FIRST).content.decode()).html
    assert "Mill Lane Watch" in seen and "J. Marsh" not in seen and "mill-lane@" not in seen
    check_page(client.get(f"{FIRST}{held.pk}/").content.decode())
    refused = client.post(f"{FIRST}{held.pk}/", told | {"others": "Nowhere", "wards": []})
    assert refused.status_code == 422 and held.areas.count() == 2
    looks = audit.entries(act=Act.CONSULTATION).filter(subject="areas:watches")
    assert looks.count() == 3, "the list, the form, and the form once more"
    client.post(f"{FIRST}{held.pk}/", told | {"state": "ended"})
    held.refresh_from_db()
    assert (held.state, held.coordinator, held.contact) == ("ended", "", ""), "nobody is written to any more"


@pytest.mark.django_db
def test_members_need_the_day_they_were_counted_and_a_watch_needs_a_place() -> None:
    places.load_geography(geography(), by=BY)
    for told in (
        {"members": 12},
        {"areas": []},
        {"members": 1, "counted_on": timezone.localdate() + timedelta(days=1)},
    ):
        with pytest.raises(DataProblem):
            set_watch(**told)
    assert not Watch.objects.exists()


@pytest.mark.django_db
def test_hot_spots_are_found_in_the_newest_year_of_the_records(tmp_path: Any, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    places.load_geography(geography(), by=BY)
    assert find_hot_spots(by=BY) == {"hot_spots": 0, "wards": 0}, "no records yet"
    receive_months(2)
    found = find_hot_spots(by=BY)
    look = HotSpotLook.objects.get()
    spots = list(look.spots.all())
    assert found["hot_spots"] == len(spots) == 8 and look.areas == 20
    rates = [spot.rate for spot in spots]
    assert rates == sorted(rates, reverse=True) and all(spot.low < spot.rate < spot.high for spot in spots)
    assert all(spot.rate == pytest.approx(1000 * spot.count / spot.households) for spot in spots)
    assert found["wards"] == 0, "published records know no time of day"


@pytest.mark.django_db
def test_asking_for_a_new_look_starts_work() -> None:
    assert signed_in(Role.COORDINATOR).post(f"{FIRST}look/").status_code == 302
    looks.look_again(by=BY)
    assert Job.objects.filter(name=looks.FIND).count() == 1, "one that waits is enough"
    assert signed_in(Role.MANAGER).post(f"{FIRST}look/").status_code == 404
