"""Outcomes files and stop-and-search files of data.police.uk."""

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from campaigns.mutated_police_files import OUTCOMES_HEADER, STOPS_HEADER, outcomes_file
from frankpledge.sources.judging import WITHHELD
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance, RowFault
from tests.sources.reading import read_one, refusal_of

OUTCOMES_NAME = "2021-01-leicestershire-outcomes.csv"
STOPS_NAME = "2021-06-leicestershire-stop-and-search.csv"


def _outcome(kind: str = "Local resolution", crime_id: str = "a1") -> str:
    force = "Leicestershire Police"
    return f"{crime_id},2021-01,{force},{force},-1.137,52.639,On or near Mill Lane,E01025631,Blaby 002A,{kind}"


def _stop(when: str = "2021-06-10T01:55:00+00:00", kind: str = "Person search", place: str = "52.63,-1.13") -> str:
    return f"{kind},{when},,,{place},Male,18-24,Any other,White,Act,Drugs,Arrest,,"


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def test_outcomes_are_kept_apart_from_crimes_and_never_counted(tmp_path: Path) -> None:
    delivery = read_one(_write(tmp_path / OUTCOMES_NAME, OUTCOMES_HEADER, _outcome()))
    assert delivery.source == "police-uk-outcomes"
    (event,) = delivery.events.to_pylist()
    assert (event["crime_type"], event["publisher_type"], event["outcome"], event["reference"]) == (
        "outcome",
        "Local resolution",
        "Local resolution",
        "a1",
    )
    assert (event["month"], event["precision"], event["place_precision"]) == (date(2021, 1, 1), "month", "snap")
    assert not CrimeType.OUTCOME.counted
    assert not CrimeType.STOP_AND_SEARCH.counted
    assert CrimeType.BURGLARY.counted


def test_an_outcome_that_is_not_said_and_an_equal_one(tmp_path: Path) -> None:
    path = _write(tmp_path / OUTCOMES_NAME, OUTCOMES_HEADER, _outcome(), _outcome(""), _outcome())
    delivery = read_one(path)
    assert delivery.balance == Balance(3, 1, 1, 1)
    assert delivery.rejected[0].fault is RowFault.MISSING_VALUE


def test_a_made_up_outcomes_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / OUTCOMES_NAME).write_bytes(outcomes_file(random.Random(1)))
    assert read_one(tmp_path / OUTCOMES_NAME).balance == Balance(20, 20, 0, 0)


def test_a_stop_has_its_minute_and_no_person(tmp_path: Path) -> None:
    delivery = read_one(_write(tmp_path / STOPS_NAME, STOPS_HEADER, _stop("2021-06-10T02:55:00+01:00")))
    assert (delivery.source, delivery.publisher) == ("police-uk-stop-and-search", "leicestershire")
    (event,) = delivery.events.to_pylist()
    assert event["occurred_from"] == event["occurred_to"] == datetime(2021, 6, 10, 1, 55, tzinfo=UTC)
    assert (event["crime_type"], event["publisher_type"], event["precision"], event["outcome"]) == (
        "stop-and-search",
        "Person search",
        "minute",
        "Arrest",
    )
    assert not {"Male", "18-24", "Any other", "White"} & {str(value) for value in event.values()}


def test_the_month_of_a_stop_is_londons(tmp_path: Path) -> None:
    rows = [_stop("2021-05-31T23:30:00+00:00"), _stop("2021-06-30T22:59:00+00:00"), _stop("2021-06-30T23:00:00+00:00")]
    delivery = read_one(_write(tmp_path / STOPS_NAME, STOPS_HEADER, *rows))
    assert set(delivery.events["month"].to_pylist()) == {date(2021, 6, 1)}
    (row,) = delivery.rejected
    assert (row.line, row.fault, row.column) == (4, RowFault.OTHER_MONTH, "Date")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (_stop("2021-06-31T10:00:00+00:00"), RowFault.IMPOSSIBLE_DATE),
        (_stop("10/06/2021 10:00"), RowFault.IMPOSSIBLE_DATE),
        (_stop("2021-06-10T10:00:00"), RowFault.IMPOSSIBLE_TIME),
        (_stop("0001-01-01T00:00:00+10:00"), RowFault.OTHER_MONTH),
        (_stop(kind=""), RowFault.MISSING_VALUE),
        (_stop(place="0,0"), RowFault.POSITION_IN_THE_SEA),
    ],
)
def test_a_faulty_stop_is_set_aside_without_the_persons_description(tmp_path: Path, row: str, fault: RowFault) -> None:
    (rejected,) = read_one(_write(tmp_path / STOPS_NAME, STOPS_HEADER, _stop(), row)).rejected
    assert rejected.fault is fault
    assert rejected.raw.count(WITHHELD) == 4
    assert "18-24" not in rejected.raw


def test_a_broken_line_that_may_describe_a_person_is_not_kept(tmp_path: Path) -> None:
    (rejected,) = read_one(_write(tmp_path / STOPS_NAME, STOPS_HEADER, _stop(), "Male,18-24,White")).rejected
    assert rejected.fault is RowFault.WRONG_NUMBER_OF_COLUMNS
    assert rejected.raw == ""


def test_equal_stops_are_two_stops(tmp_path: Path) -> None:
    assert read_one(_write(tmp_path / STOPS_NAME, STOPS_HEADER, _stop(), _stop())).balance == Balance(2, 2, 0, 0)


@pytest.mark.parametrize(
    "name", ["stops.csv", "2021-06-atlantis-stop-and-search.csv", "2021-99-gwent-stop-and-search.csv"]
)
def test_stops_need_the_published_name_for_only_it_says_the_force(tmp_path: Path, name: str) -> None:
    sentence = refusal_of(_write(tmp_path / name, STOPS_HEADER, _stop()))
    assert sentence.endswith("give it its published name, YYYY-MM-force-stop-and-search.csv.")
