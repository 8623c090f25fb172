"""The picture in the browser: what it shows, what it says when it cannot, and what it asks of the database."""

import csv
import io

import pytest

from frankpledge.oversight.exploring import selectors
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.records.incidents import services as incidents
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import Page, check_page
from tests.pages.made_up import BY, DISTRICT, NEWEST, receive, receive_months


def burglaries(batches) -> int:
    return sum(batch.quality["types"]["burglary"] for batch in batches)


@pytest.fixture
def analyst(as_role, aldershire):
    return as_role(Role.ANALYST)


def test_without_evidence_it_says_what_to_do_next(analyst):
    page = analyst.get("/assess/picture/").content.decode()
    assert "There is nothing to picture yet" in page
    assert "/assess/evidence/add/" in page


def test_without_areas_it_says_who_loads_them(as_role, partnership):
    receive()
    assert "No areas are known yet" in as_role(Role.ANALYST).get("/assess/picture/").content.decode()


def test_the_partnerships_own_district_is_shown_unasked(analyst):
    receive_months(12)
    page = check_page(analyst.get("/assess/picture/").content.decode())
    assert page.text("h1") == ["Burglary in Aldershire"]
    chosen = {option["value"] for option in page.all("option") if "selected" in option}
    assert DISTRICT in chosen


def test_the_page_counts_what_came_in(analyst):
    receive_months(12)
    picture = selectors.picture_for(PictureQuery()).picture
    placed = sum(row.count for row in picture.areas)
    assert picture.rate_count == placed > 0
    assert f"{picture.rate_count:,}" in analyst.get("/assess/picture/").content.decode()
    assert (picture.rows.read, picture.rows.stored, picture.rows.quarantined) == (12 * 203, 12 * 200, 12 * 3)


def test_a_ward_and_a_type_can_be_asked_for(analyst):
    receive_months(12)
    page = Page(analyst.get("/assess/picture/?area=Quarry&type=robbery").content.decode())
    assert page.text("h1") == ["Robbery in Quarry"]


def test_a_period_can_be_asked_for(analyst):
    receive_months(12)
    picture = selectors.picture_for(PictureQuery(first=Month(2022, 1), last=Month(2022, 3))).picture
    assert [str(month.month) for month in picture.months] == ["2022-01", "2022-02", "2022-03"]
    analyst.get("/assess/picture/?from=2022-01&to=2022-03")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("area=Quary", "Did you mean Quarry?"),
        ("area=%3Cscript%3E", "There is no area called"),
        ("from=2022-13", "is not a month"),
        ("from=2022-05&to=2022-01", "The period ends (January 2022) before it starts (May 2022)."),
        ("type=witchcraft", "There is no type"),
        ("source=rumour", "There is no source"),
        ("edition=guess", "There is no edition"),
        ("from=1991-01&to=1991-02", "1991"),
    ],
)
def test_what_makes_no_sense_is_answered_in_one_sentence(analyst, asked, sentence):
    receive_months(3)
    answer = analyst.get(f"/assess/picture/?{asked}")
    page = check_page(answer.content.decode())
    assert answer.status_code == 200
    assert sentence in " ".join(page.text("main")[0].split())
    assert "<script>" not in page.html


def test_two_sources_are_never_added(analyst):
    receive_months(3)
    before = selectors.picture_for(PictureQuery()).picture.total
    for back in range(3):
        receive(NEWEST - back, source="police-extract", rows=500)
    assert selectors.picture_for(PictureQuery()).picture.total == before
    other = selectors.picture_for(PictureQuery(source="police-extract")).picture
    assert other.total > before and other.source == "police-extract"


def test_the_only_source_that_covers_the_place_is_used(analyst):
    receive(source="police-extract", rows=500)
    assert selectors.picture_for(PictureQuery()).source == "police-extract"


def test_a_withdrawn_month_leaves_the_picture_at_once(analyst):
    batches = receive_months(3)
    before = selectors.picture_for(PictureQuery()).picture
    incidents.withdraw_batch(batches[1], because="Sent by mistake.", by=BY)
    after = selectors.picture_for(PictureQuery()).picture
    assert after.total < before.total
    assert after.missing_months == (batches[1].period.first,)


def test_the_same_question_is_worked_out_once(analyst, monkeypatch):
    receive_months(3)
    first = selectors.picture_for(PictureQuery())
    monkeypatch.setattr(selectors, "area_picture", None)
    assert selectors.picture_for(PictureQuery()) is first


def test_an_edition_of_homes_is_no_bar_to_a_rate_per_resident(analyst):
    receive_months(12)
    shown = selectors.picture_for(PictureQuery(crime_type=CrimeType.ROBBERY, edition="census-2021"))
    assert shown.picture.denominator.edition.key == "census-2021-residents"


def queries_of(analyst, django_assert_max_num_queries, address: str) -> int:
    with django_assert_max_num_queries(60) as seen:
        assert analyst.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", ["/assess/picture/", "/assess/evidence/", "/assess/", "/"])
def test_pages_ask_as_often_with_fifty_batches_as_with_two(analyst, django_assert_max_num_queries, address):
    receive_months(2)
    analyst.get(address)
    few = queries_of(analyst, django_assert_max_num_queries, address)
    receive_months(48, last=NEWEST - 2)
    analyst.get(address)
    assert queries_of(analyst, django_assert_max_num_queries, address) == few


def test_a_new_picture_asks_as_often_with_fifty_batches_as_with_two(analyst, django_assert_max_num_queries):
    receive_months(2)
    analyst.get("/assess/picture/")  # places keep what they read for themselves
    selectors.forget()
    few = queries_of(analyst, django_assert_max_num_queries, "/assess/picture/")
    receive_months(48, last=NEWEST - 2)
    selectors.forget()
    assert queries_of(analyst, django_assert_max_num_queries, "/assess/picture/") == few


def test_the_table_comes_as_a_file(analyst):
    receive_months(12)
    answer = analyst.get("/assess/picture/table.csv?area=Quarry")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="burglary-X05000001-2022-10.csv"'
    assert rows[0][:2] == ["code", "name"]
    assert len(rows) == 1 + 10


def test_there_is_no_table_of_nothing(analyst):
    assert analyst.get("/assess/picture/table.csv").status_code == 404
    receive()
    assert analyst.get("/assess/picture/table.csv?area=Nowhere").status_code == 404
