"""The pages: what each reader sees, what nobody may start, that small counts stay small."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frankpledge.delivery.home_security.services import taking_over
from frankpledge.delivery.home_security.services.taking_over import Install, NewCrew
from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.places import services as places
from frankpledge.oversight.evaluation import pages, rules, selectors, services
from frankpledge.oversight.exploring import selectors as exploring
from frankpledge.sources import simulator
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute, DataProblem, NotPermitted
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import load_example
from frankpledge.workflows.evaluate_homes import evaluate_homes
from frankpledge.workflows.import_incidents import import_paths
from tests.evaluation.made_up import evaluated
from tests.people import TESTS, make_person, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/account/homes/"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def kept():
    return services.keep(
        result=evaluated().as_dict(),
        first_on=date(2023, 10, 1),
        last_on=date(2026, 9, 30),
        pounds=Decimal("1000000"),
        cost_is="the full budget",
        by=TESTS,
    )


def text(client, address=ADDRESS):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_anything_is_worked_out_the_page_says_what_it_needs():
    page = text(signed_in(Role.SCRUTINY))
    assert "Not worked out yet" in page
    assert "/account/homes/evaluate/" not in page  # for whoever runs it
    assert "/account/homes/evaluate/" in text(signed_in(Role.COORDINATOR))


def test_a_councillor_reads_the_answer_and_a_statistician_the_intervals(kept):
    page = text(signed_in(Role.SCRUTINY))
    assert "Yes, probably. A protected home was burgled 43 per cent less than an unprotected one." in page
    assert "19 burglaries prevented" in page and "1 to 55" in page
    assert page.count("fp-worked__chosen") == 1 and "Probably worked: the size is uncertain" in page
    assert "not evidence" in page and "The simple count says 29 per cent; the fair answer is 15" in page
    assert "0.57 (0.31–0.95)" in page and "finds nothing, as it should" in page
    assert "£183.15 per home in the area (5,460)" in page
    assert "not read in its source" in page and "What we cannot say" in page
    assert "236 clusters" in page or "2,000 bootstrap resamples" in page
    assert "data-print hidden" in page  # shown by the file that can print
    assert "style=" not in page and "<style" not in page and "<script>" not in page


def test_a_month_without_a_police_file_is_said_and_not_taken_for_a_quiet_one(kept):
    assert "No police file has come" not in text(signed_in(Role.SCRUTINY))
    spans = [MonthSpan(Month(2026, 1), Month(2026, 2)), MonthSpan.year_to(Month(2027, 2))]
    missing = rules.months_without([*spans[:1], MonthSpan(Month(2026, 5), Month(2026, 5))])
    assert missing == (Month(2026, 3), Month(2026, 4)) and rules.months_without(spans) == ()
    services.keep(
        result={**evaluated().as_dict(), "missing_months": [str(month) for month in missing]},
        first_on=date(2023, 10, 1), last_on=date(2026, 9, 30), pounds=None, cost_is="", by=TESTS,
    )  # fmt: skip
    assert "No police file has come for March 2026 and April 2026." in text(signed_in(Role.SCRUTINY))


def test_it_is_said_in_welsh_too_where_words_are_known(kept):
    client = signed_in(Role.SCRUTINY)
    client.cookies["django_language"] = "cy"
    assert client.get(ADDRESS).status_code == 200


def test_small_counts_are_not_printed(kept):
    result = {**kept.result}
    result["packages"] = [
        {**one, "burglaries": n} for one, n in zip(result["packages"], (300, 10, 3, 2, 6), strict=True)
    ]
    kept.result = result
    rows = pages._packages(kept.result)["rows"]
    shown = [row[1] for row in rows]
    assert "3" not in shown and "2" not in shown
    assert all(row[3] == "–" for row in rows if row[1] == "few")


def test_the_page_asks_the_same_number_of_questions_however_many_evaluations(kept):
    client = signed_in(Role.MANAGER)
    text(client)
    with CaptureQueriesContext(
        connection,
    ) as first:
        text(client)
    for _ in range(3):
        services.keep(
            result=kept.result, first_on=kept.first_on, last_on=kept.last_on, pounds=None, cost_is="", by=TESTS
        )
    with CaptureQueriesContext(connection) as second:
        text(client)
    assert len(second) == len(first)


def test_all_numbers_come_as_a_spreadsheet_and_an_earlier_answer_stays(kept):
    client = signed_in(Role.MANAGER)
    answer = client.get(f"{ADDRESS}{kept.pk}/numbers.ods")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    assert client.get(f"{ADDRESS}{kept.pk}/").status_code == 200
    assert client.get(f"{ADDRESS}{kept.pk + 1}/").status_code == 404


def test_whoever_runs_it_starts_an_evaluation_and_nobody_else():
    given = {"pounds": "412800", "cost_is": "all spent", "cash_per_burglary": "", "cash_budget": ""}
    assert signed_in(Role.MANAGER).post(f"{ADDRESS}evaluate/", given).status_code == 404
    answer = signed_in(Role.COORDINATOR).post(f"{ADDRESS}evaluate/", given)
    assert answer.status_code == 302 and answer["Location"].startswith("/work/")
    job = Job.objects.get(name="evaluate safe homes")
    assert job.arguments["pounds"] == "412800" and job.arguments["cash_per_burglary"] is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pounds": "-5"}, "greater than or equal to 1"),
        ({"pounds": "100"}, "Say which cost that is."),
        ({"cash_per_burglary": "300"}, "Give both the figure and whose budget it is"),
    ],
)
def test_a_cost_that_is_none_is_said_beside_its_field(given, said):
    answer = signed_in(Role.COORDINATOR).post(f"{ADDRESS}evaluate/", given)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_the_service_keeps_the_door_too():
    person = make_person(Role.SCRUTINY)
    with pytest.raises(NotPermitted):
        services.start(pounds=None, cost_is="", by=Actor.person(person.pk, person.name))
    with pytest.raises(DataProblem, match="which cost"):
        services.start(pounds=Decimal(5), cost_is=" ", by=TESTS)


def test_the_same_job_twice_keeps_one_answer(kept):
    made = [
        services.keep(result={}, first_on=kept.first_on, last_on=kept.last_on, pounds=None, cost_is="", job=7, by=TESTS)
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk


def test_mansfields_own_counts():
    client = signed_in(Role.SCRUTINY)
    assert client.get(f"{ADDRESS}mansfield/").status_code == 404
    load_example.load("mansfield", by=TESTS)
    page = text(client, f"{ADDRESS}mansfield/")
    for words in ("43.6 %", "£183.15", "after 5.3 years", "91.7 a week", "7.7 months", "£146.52"):
        assert words in page
    assert "10.1 burglaries per 1,000 homes while protected, 12.4 to 13.1 while not" in page
    assert "12 burglaries of protected homes, as printed" in page and "by an upper floor, beyond the alarm" in page
    assert "Too few to say: no shares are given below 10 known." in page  # three of the twelve are not described
    assert "if all 41 fewer were its doing, none moved and it lasts" in page
    assert "“Two thirds” without an alarm would leave 23 of 68 with one, “85 %” 10." in page  # A07
    for claim in ("M1", "M2", "M3"):
        assert f'/account/claims/mansfield/#{claim}"' in page
        assert f'id="{claim}"' in text(client, "/account/claims/mansfield/")
    assert f"{ADDRESS}mansfield/" in text(client)


def test_without_places_or_records_it_says_what_is_missing():
    exploring.forget()
    with pytest.raises(CannotCompute, match="No areas"):
        evaluate_homes(pounds=None, cost_is="", by=TESTS)
    assert "Nothing fitted yet" in text(signed_in(Role.MANAGER), f"{ADDRESS}coverage/")


def test_from_the_demos_own_files_to_the_answer_and_its_coverage(settings, tmp_path):
    """Everything by the doors a real partnership uses: places, the police extract, finished visits."""
    settings.DATA_DIR = tmp_path / "data"
    exploring.forget()
    partnership = simulator.simulate(seed=1)
    files = simulator.write_files(partnership, tmp_path / "files")
    places.load_geography(partnership.geography, by=TESTS)
    places.load_premises(partnership.premises, by=TESTS)
    import_paths([path for path in files if "extract" in path.name], by=TESTS)
    taking_over.lay_out_catalogue(by=TESTS)
    taking_over.add_crew(NewCrew("A", "All", "FP26 AAA", (("Ade Bello", None),)), by=TESTS)
    taking_over.take_over_installs(list(_installs(partnership)), by=TESTS)

    made = evaluate_homes(pounds=Decimal(412_800), cost_is="all spent", by=TESTS)
    result = made.result
    assert (result["homes"], result["protected_homes"]) == (5_460, 2_383)
    assert result["effect"]["interval"]["lower"] < 0.6 < result["effect"]["interval"]["upper"]
    assert not result["refused"]
    assert len(result["similar_areas"]) == 10
    assert result["visits"]["burglaries"] == result["exposure"]["protected"]["events"]
    assert result["visits"]["looked_at"] == 0 and result["offers"]["homes"] == 0

    client = signed_in(Role.SCRUTINY)
    page = text(client, f"{ADDRESS}coverage/")
    assert "2,383 of 5,460 homes in the programme’s area are protected: 43.6 per cent. 3,077 are left." in page
    assert "£412,800 ÷ 2,383" in page and "£412,800 ÷ 5,460" in page
    for name in ("Meadow Rise", "Bellfield", "council tenant", "Sidings"):
        assert name in page
    found = selectors.coverage(date(2026, 11, 1))
    assert found.until == date(2026, 9, 30) or found.until.month in (9, 10, 11)
    with CaptureQueriesContext(connection) as queries:
        selectors.coverage(date(2026, 11, 1))
    assert len(queries) <= 6


def _installs(partnership):
    programme = partnership.programme
    for home, day in zip(programme.premises.tolist(), programme.since.tolist(), strict=True):
        start = datetime.fromisoformat(str(np.datetime64(day, "D"))).replace(hour=10, tzinfo=LONDON)
        uprn = partnership.premises[home].uprn
        fitted = [("alarm", 1, f"S{home}")] if home % 3 else [("deadlock", 1, ""), ("window-lock", 2, "")]
        yield Install(uprn=uprn, asked_at=start, started_at=start, minutes=40, crew="A", fitted=fitted)
