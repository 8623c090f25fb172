"""Burglaries of protected homes: who sees them, what is written down after each, and what may be said of it."""

import datetime as dt
from dataclasses import replace
from hashlib import sha256

import pyarrow as pa
import pytest

from frankpledge.analysis.entry_findings import alarm_use_odds, entry_findings
from frankpledge.delivery.home_security.services import taking_over
from frankpledge.delivery.home_security.services.taking_over import Install, NewCrew
from frankpledge.evidence.schema import EVENT_SCHEMA
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.oversight.evaluation import selectors, services
from frankpledge.oversight.evaluation.rules import QUESTIONS, answers_of
from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute
from frankpledge.oversight.exploring import selectors as exploring
from frankpledge.records.incidents import services as incidents
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute, DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import load_street, street, uprn
from tests.incidents.deliveries import delivery
from tests.people import TESTS, agree, make_agency, make_person, signed_in

ADDRESS = "/account/homes/burglaries/"
MONTH = Month(2026, 6)
#: Day of June 2026 on which each house was burgled; what was fitted where stands in ``town``.
BURGLED = {31: 10, 33: 11, 35: 12, 37: 13, 41: 14}


@pytest.fixture
def town(db, settings, tmp_path):
    """Number 31 had an alarm a month before, 37 locks that day, 35 only afterwards; 41 lies outside the area served."""
    settings.DATA_DIR = tmp_path / "data"
    exploring.forget()
    load_street()
    taking_over.lay_out_catalogue(by=TESTS)
    taking_over.add_crew(NewCrew("A", "All", "FP26 AAA", (("Ade Bello", None),)), by=TESTS)
    made = ((31, dt.date(2026, 5, 5), "alarm"), (37, dt.date(2026, 6, 13), "deadlock"),
            (35, dt.date(2026, 6, 20), "alarm"), (41, dt.date(2026, 5, 5), "alarm"))  # fmt: skip
    taking_over.take_over_installs([_install(*one) for one in made], by=TESTS)
    table = pa.Table.from_pylist([_burglary(*one) for one in BURGLED.items()], schema=EVENT_SCHEMA)
    extract = delivery(MONTH, source="police-extract", rows=len(BURGLED))
    incidents.accept_delivery(replace(extract, events=table), by=TESTS)
    return make_agency("Aldershire Police", AgencyKind.POLICE)


def _install(number, day, key):
    start = dt.datetime.combine(day, dt.time(9), dt.UTC)
    fitted = [(key, 1, f"S{number}" if key == "alarm" else "")]
    return Install(uprn=uprn(number), asked_at=start, started_at=start, minutes=40, crew="A", fitted=fitted)


def _burglary(number, day):
    home = next(one for one in street() if one.uprn == uprn(number))
    start = dt.datetime(2026, 6, day, 11, tzinfo=dt.UTC)
    return {
        "line": number, "reference": None if number == 37 else f"R/{number}", "crime_type": "burglary",
        "publisher_type": "Burglary dwelling", "month": MONTH.first_day, "occurred_from": start,
        "occurred_to": start + dt.timedelta(hours=2), "precision": "minute", "easting": float(home.easting),
        "northing": float(home.northing), "place_precision": "address", "small_area": home.small_area,
        "premises": home.uprn, "outcome": None,
    }  # fmt: skip


def test_only_homes_protected_on_the_day_are_listed_to_whoever_may_see_them(town):
    client = signed_in(Role.COORDINATOR)
    page = client.get(ADDRESS).content.decode()
    assert "Quarry Lane" not in page and "No agreement in force" in page

    agree(town, make_agency(), DataClass.CRIME)
    page = client.get(ADDRESS).content.decode()
    assert "2 recorded burglaries of homes that were protected on the day; 0 looked into." in page
    assert "37 Quarry Lane" in page and "31 Quarry Lane" in page and "No agreement in force" not in page
    for number in (33, 35, 41):
        assert f"{number} Quarry Lane" not in page
    looked = AuditEntry.objects.filter(what="looked at 2 burglaries of protected homes")
    assert looked.count() == 1 and "Quarry" not in str(looked.get().details)
    for role in (Role.MANAGER, Role.SCRUTINY, Role.OFFICER, Role.ANALYST):
        assert signed_in(role).get(ADDRESS).status_code == 404


def test_what_was_found_is_written_down_once_and_corrected_only_by_whoever_saw_it(town):
    agree(town, make_agency(), DataClass.CRIME)
    client = signed_in(Role.COORDINATOR)
    newest, oldest = selectors.burglaries_of_protected()
    assert [one.kinds for one in (newest, oldest)] == [("door lock",), ("alarm",)]
    assert uprn(31) not in oldest.mark and "R/31" not in oldest.mark
    assert not sha256(oldest.record.encode()).hexdigest().startswith(oldest.mark), "anybody could try all references"
    address = f"{ADDRESS}{oldest.mark}/"
    assert "31 Quarry Lane" in client.get(address).content.decode()
    told = {"visited_on": "2026-06-11", "alarm": "set", "entry": "a window, forced", "floor": "an upper floor",
            "note": "", "version": "0"}  # fmt: skip
    refused = client.post(address, {**told, "visited_on": "2026-06-09"})
    assert refused.status_code == 422 and "on the day of the burglary or later" in refused.content.decode()
    assert client.post(address, {**told, "alarm": ""}).status_code == 422
    assert client.post(address, told).status_code == 302
    again = client.post(address, {**told, "alarm": "not set"})
    assert again.status_code == 422 and "Somebody else wrote down" in again.content.decode()
    assert client.post(address, {**told, "alarm": "not set", "version": "1"}).status_code == 302
    page = client.get(ADDRESS).content.decode()
    assert "alarm: not set; in by: a window, forced; floor: an upper floor" in page and "1 looked into" in page
    assert "Too few to say: no shares are given below 10 known." in page
    assert client.get(f"{ADDRESS}nothing/").status_code == 404


def test_the_service_keeps_the_door_too(town):
    burglary = selectors.burglaries_of_protected()[0]
    told = {"alarm": AlarmFound.SET, "entry": EntryRoute.DOOR, "floor": EntryFloor.GROUND}
    person = make_person(Role.COORDINATOR)
    with pytest.raises(NotPermitted, match="another agency"):
        services.write_finding(
            burglary, visited_on=burglary.burgled_on, by=Actor.person(person.pk, person.name), **told
        )
    with pytest.raises(DataProblem):
        services.write_finding(burglary, visited_on=dt.date(2026, 6, 1), by=TESTS, **told)
    with pytest.raises(DataProblem, match="200"):
        services.write_finding(burglary, visited_on=burglary.burgled_on, note="x" * 201, by=TESTS, **told)
    with pytest.raises(RuleBroken):
        services.write_finding(burglary, visited_on=burglary.burgled_on, version=3, by=TESTS, **told)


def test_the_page_asks_the_same_number_of_questions_however_many_burglaries(town, django_assert_max_num_queries):
    selectors.burglaries_of_protected()  # what stays in memory is read
    with django_assert_max_num_queries(10):
        assert len(selectors.burglaries_of_protected()) == 2


# -- what may be said of it -------------------------------------------------------------------------------------------


def _found(alarm, floor, times):
    return [answers_of(alarm, EntryRoute.WINDOW, floor)] * times


def test_mansfields_twelve_with_what_nobody_knew_in_the_table():
    """One with the alarm set, eight by an upper floor; here two of the twelve could not be told."""
    found = [
        *_found(AlarmFound.SET, EntryFloor.GROUND, 1), *_found(AlarmFound.SET, EntryFloor.UPPER, 8),
        *_found(AlarmFound.NOT_SET, EntryFloor.GROUND, 1), *_found(AlarmFound.NOT_KNOWN, EntryFloor.NOT_KNOWN, 1),
    ]  # fmt: skip
    made = entry_findings(found, burglaries=12, answers=QUESTIONS)
    reached = made.as_dict()["questions"][3]
    assert [one["count"] for one in reached["answers"]] == [1, 8, 1]
    assert (reached["known"], reached["unknown"], reached["enough"]) == (10, 2, True)
    assert reached["answers"][1]["share"] == 0.8
    assert round(reached["answers"][1]["lower"], 3) == 0.490 and round(reached["answers"][1]["upper"], 3) == 0.943
    assert str(made.sentence()) == "Of 12 burglaries of protected homes 11 were looked into."


def test_below_ten_known_no_share_is_given_and_nonsense_is_refused():
    few = entry_findings(_found(AlarmFound.SET, EntryFloor.UPPER, 9), burglaries=30, answers=QUESTIONS)
    assert all(one["share"] is None for part in few.as_dict()["questions"] for one in part["answers"])
    assert [part["unknown"] for part in few.as_dict()["questions"]] == [21] * 4
    with pytest.raises(CannotCompute):
        entry_findings(_found(AlarmFound.SET, EntryFloor.UPPER, 2), burglaries=1, answers=QUESTIONS)
    with pytest.raises(CannotCompute):
        entry_findings([{"alarm": "perhaps"}], burglaries=1, answers=QUESTIONS)


def test_alarms_of_burgled_homes_are_set_against_those_of_homes_that_were_asked():
    odds = alarm_use_odds(burgled_set=6, burgled_not_set=14, asked_set=70, asked_not_set=30)
    assert odds.value == pytest.approx((6 / 14) / (70 / 30)) and odds.interval.upper < 1
    with pytest.raises(CannotCompute, match="Too few"):
        alarm_use_odds(burgled_set=3, burgled_not_set=6, asked_set=70, asked_not_set=30)
