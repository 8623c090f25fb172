"""The explorer in the browser: every view finds something or says why not, and nobody sees more than they may."""

import csv
import io

import pytest

from frankpledge.foundation.audit import selectors as audit
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.oversight.exploring import selectors
from frankpledge.records.indicators import selectors as indicators
from frankpledge.vocabulary.permissions import Role
from tests.exploring.made_up import QUIET_WORDS, receive_extract
from tests.pages.html import Page, check_page
from tests.pages.made_up import DISTRICT, receive_months

EXPLORE = "/assess/explore/"
EXTRACT = "source=police-extract&type=burglary"


@pytest.fixture
def analyst(as_role, aldershire):
    return as_role(Role.ANALYST)


@pytest.fixture
def evidence(analyst):
    receive_months(25)
    receive_extract(2)


def page_of(client, asked: str = "") -> Page:
    answer = client.get(f"{EXPLORE}?{asked}")
    assert answer.status_code == 200
    return check_page(answer.content.decode())


def words_of(page: Page) -> str:
    return " ".join(page.text("main")[0].split())


def test_without_evidence_it_says_what_to_do_next(analyst):
    page = page_of(analyst)
    assert "There is nothing to explore yet" in words_of(page) and "/assess/evidence/add/" in page.html


FINDINGS = [
    ("type=burglary", "per 1,000 households"),
    ("type=burglary&style=hexagons", "hexagons of 1,000 m"),
    ("type=burglary&style=density", "per square kilometre"),
    ("type=burglary&style=points", "places; the one with the most has"),
    ("type=burglary&view=trend", "burglaries a month"),
    ("type=burglary&view=concentration", "in the worst 5 % of areas"),
    ("type=burglary&view=change", "beyond chance"),
    (f"{EXTRACT}&view=week", "the most likely hour is"),
    (f"{EXTRACT}&view=repeats", "were repeats"),
    (f"{EXTRACT}&view=near-repeats", "Work it out"),
    (f"{EXTRACT}&view=events&day=0&hour_from=22&hour_to=2", "burglaries at the chosen times"),
    ("view=map", "events of every type in Aldershire"),
    ("type=burglary&type=robbery&view=map", "burglaries and robberies"),
]


def test_each_view_begins_with_its_finding(analyst, evidence):
    missing = [asked for asked, found in FINDINGS if found not in words_of(page_of(analyst, asked))]
    assert missing == []


REFUSALS = [
    ("type=burglary&view=week", "gives only the month of each event"),
    ("type=burglary&view=repeats", "does not say at which home or building"),
    ("type=burglary&view=near-repeats", "gives no exact day and place together"),
    ("type=burglary&day=1", "gives only the month of each event"),
    ("type=burglary&view=journey", "fewer than three places"),
    ("type=burglary&view=compare", "no other place"),
    (f"{EXTRACT}&view=change", "is not all in the data"),
    ("area=Quary", "Did you mean Quarry?"),
    ("type=witchcraft", "There is no type"),
    ("source=rumour", "There is no source"),
    ("from=2022-05&to=2022-01", "ends (January 2022) before it starts"),
    ("from=1991-01&to=1991-02", "none of it is of"),
    ("day=9", "is not a day of the week"),
]


def test_what_cannot_be_shown_is_refused_with_the_reason(analyst, evidence):
    missing = [asked for asked, reason in REFUSALS if reason not in words_of(page_of(analyst, asked))]
    assert missing == []


def test_a_link_holds_the_whole_state(analyst, evidence):
    asked = f"area={DISTRICT}&{EXTRACT}&day=0&day=2&hour=22&from=2022-09&view=week"
    page = page_of(analyst, asked)
    tabs = [link["href"] for link in page.all("a") if "view=repeats" in link.get("href", "")]
    for part in ("source=police-extract", "type=burglary", "day=0", "day=2", "hour=22", "from=2022-09"):
        assert part in tabs[0]
    again = page_of(analyst, tabs[0].split("?")[1].replace("view=repeats", "view=week"))
    assert page.text("h2")[0] == again.text("h2")[0]


def test_two_sources_are_never_added(analyst, evidence):
    one, other = (words_of(page_of(analyst, f"type=burglary&view=trend{more}")) for more in ("", "&" + EXTRACT))
    assert one != other


def test_the_table_comes_as_csv_and_ods_with_its_method(analyst, evidence):
    answer = analyst.get(f"{EXPLORE}table.csv?type=burglary")
    text = answer.content.decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "small area" and len(rows) > 20
    assert "Source: data.police.uk crime" in text and "Batches:" in text
    assert "map-areas-X07000001" in answer["Content-Disposition"]
    ods = analyst.get(f"{EXPLORE}table.ods?{EXTRACT}&view=repeats")
    assert ods.status_code == 200 and ods.content[:2] == b"PK"
    assert analyst.get(f"{EXPLORE}table.csv?type=burglary&view=week").status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OFFICER, Role.REPRESENTATIVE, Role.MANAGER, Role.SCRUTINY])
def test_only_those_who_may_see_events_see_points_and_rows(aldershire, as_role, role):
    receive_extract(1)
    other = as_role(role)
    for asked in ("view=events", "style=points", "view=map&style=points"):
        assert other.get(f"{EXPLORE}?{asked}").status_code == 404
        assert other.get(f"{EXPLORE}table.csv?{asked}").status_code == 404
    assert "Points" not in other.get(EXPLORE).content.decode()


def test_a_representative_sees_no_source_without_an_agreement(analyst, evidence, as_role):
    representative = as_role(Role.REPRESENTATIVE)
    assert "Police recorded crime" not in representative.get(EXPLORE).content.decode()
    assert "There is no source" in words_of(page_of(representative, EXTRACT))
    assert "There is no source" in representative.get("/assess/picture/?source=police-extract").content.decode()
    assert representative.get(f"{EXPLORE}table.csv?{EXTRACT}").status_code == 404


def test_events_stand_without_homes_and_each_look_is_recorded(analyst, evidence):
    page = page_of(analyst, f"{EXTRACT}&view=events")
    assert "9000000000" not in page.html
    assert "Burglary dwelling" in page.html and "Page 1 of" in words_of(page)
    looks = [entry for entry in audit.entries() if entry.what == "looked at 50 events as rows"]
    assert len(looks) == 1
    page_of(analyst, f"{EXTRACT}&view=events&page=2")
    assert sum("events as rows" in entry.what for entry in audit.entries()) == 2


def test_points_never_show_quiet_offences(analyst, evidence):
    words = words_of(page_of(analyst, "source=police-extract&style=points"))
    assert "whose points may be somebody’s home" in words
    quiet = words_of(page_of(analyst, "source=police-extract&style=points&type=violence-and-sexual-offences"))
    assert "has a position that can be shown" in quiet
    assert QUIET_WORDS not in analyst.get(f"{EXPLORE}table.csv?source=police-extract&style=points").content.decode()


def test_quiet_offences_are_no_lonely_cell_or_peak_either(analyst, evidence):
    """A hexagon of one or a smooth hill over one event is as good as a point."""
    quiet = "source=police-extract&type=violence-and-sexual-offences"
    assert "fewer are not shown as places" in words_of(page_of(analyst, f"{quiet}&style=hexagons"))
    assert "has a position that can be shown" in words_of(page_of(analyst, f"{quiet}&style=density"))
    both = f"{quiet}&type=burglary"
    assert "Cells of fewer than five are left out" in words_of(page_of(analyst, f"{both}&style=hexagons"))
    assert "under 5" not in analyst.get(f"{EXPLORE}table.csv?{both}&style=hexagons").content.decode()
    assert "whose points may be somebody’s home" in words_of(page_of(analyst, f"{both}&style=density"))


def test_points_in_a_file_are_recorded_or_not_given(analyst, evidence, monkeypatch):
    address = f"{EXPLORE}table.csv?source=police-extract&style=points"
    assert analyst.get(address).status_code == 200
    assert AuditEntry.objects.filter(act="consultation", what__endswith="as points in a file").count() == 1
    monkeypatch.setattr("frankpledge.oversight.exploring.services.audit.record", lambda **about: 1 / 0)
    analyst.raise_request_exception = False
    for asked in (address, f"{EXPLORE}?source=police-extract&style=points", f"{EXPLORE}?view=events"):
        answer = analyst.get(asked)
        assert answer.status_code == 500 and "450" not in answer.content.decode()


def test_small_cells_of_a_partners_file_say_only_that_they_are_few(analyst, aldershire):
    receive_extract(1, rows=40)
    page = page_of(analyst, "source=police-extract&type=burglary&style=hexagons")
    assert "under 5" in page.html
    table = analyst.get(f"{EXPLORE}table.csv?source=police-extract&type=burglary&style=hexagons").content.decode()
    counts = [row[2] for row in csv.reader(io.StringIO(table)) if len(row) == 3][1:]
    assert counts and all(count == "under 5" or int(count) >= 5 for count in counts)


def test_a_view_is_kept_as_a_figure(analyst, evidence):
    page = page_of(analyst, "type=burglary")
    sent = {item["name"]: item["value"] for item in page.all("input") if item.get("type") == "hidden"}
    answer = analyst.post(f"{EXPLORE}figure/", {**sent, "name": "Burglary rate"})
    assert answer.status_code == 302
    figure = indicators.recent_figures()[0]
    assert figure.name == "Burglary rate" and figure.unit == "per 1,000 households"
    assert figure.area_code == DISTRICT and figure.batches and "crude rate" in figure.method
    assert answer["Location"].endswith(f"/{figure.key}/")


def test_what_cannot_be_worked_out_is_not_kept(analyst, evidence):
    sent = {"type": "burglary", "measure": "share at premises hit before", "query": "type=burglary"}
    answer = analyst.post(f"{EXPLORE}figure/", sent, follow=True)
    assert "does not say at which home" in answer.content.decode()
    assert analyst.post(f"{EXPLORE}figure/", {"measure": "a guess"}).status_code == 404


def queries_of(client, django_assert_max_num_queries, asked: str) -> int:
    with django_assert_max_num_queries(90) as seen:
        assert client.get(f"{EXPLORE}?{asked}").status_code == 200
    return len(seen)


@pytest.mark.parametrize("asked", ["type=burglary", "type=burglary&view=trend", "view=change", "style=hexagons"])
def test_a_view_asks_as_often_with_many_batches_as_with_few(analyst, django_assert_max_num_queries, asked):
    receive_months(3)
    analyst.get(f"{EXPLORE}?{asked}")  # places keep what they read for themselves
    selectors.forget()
    cold = queries_of(analyst, django_assert_max_num_queries, asked)
    warm = queries_of(analyst, django_assert_max_num_queries, asked)
    receive_months(30)
    selectors.forget()
    assert queries_of(analyst, django_assert_max_num_queries, asked) == cold
    assert queries_of(analyst, django_assert_max_num_queries, asked) == warm <= cold
