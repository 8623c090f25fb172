"""Lessons learned: failures first, nothing said to work without what it rests on, Mansfield's with their pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from frankpledge.oversight.evaluation import lessons
from frankpledge.oversight.evaluation.models import Lesson
from frankpledge.oversight.evaluation.vocabulary import LessonAbout, LessonOutcome
from frankpledge.sources import examples
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import demo_lessons
from tests.pages.conftest import as_role, partnership
from tests.pages.html import check_page
from tests.people import make_person

__all__ = ["as_role", "partnership"]
BY = Actor.system("tests")
TODAY = timezone.localdate()
SAID = {
    "about": "stock",
    "tried": "One supplier.",
    "expected": "A better price.",
    "happened": "38 visits of 900 were put off.",
    "outcome": "did not work",
    "again": "Keep a second one.",
    "rests_on": "List of deliveries, page 1",
    "said_by": "The coordinator",
    "said_on": TODAY,
}


def learn(**changes) -> Lesson:
    return lessons.add_lesson(**(SAID | changes), by=BY)


def test_mansfields_lessons_name_their_page_and_its_failures():
    told = examples.read("mansfield")["lessons"]
    assert all("page" in one["where"] for one in told)
    assert {LessonOutcome(one["outcome"]) for one in told} == set(LessonOutcome)
    assert {LessonAbout(one["about"]) for one in told} == set(LessonAbout)
    assert "four of the workers" in told[0]["happened"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rests_on": ""}, "cannot be told"),
        ({"rests_on": "", "outcome": "worked"}, "cannot be told"),
        ({"figure_key": "F999"}, "no figure F999"),
        ({"happened": " "}, "what happened"),
        ({"said_by": "x" * 201}, "200 characters"),
        ({"said_on": TODAY + timedelta(days=2)}, "cannot lie ahead"),
    ],
)
def test_a_lesson_that_says_too_little_is_refused(partnership, wrong, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        learn(**wrong)
    assert not lessons.lessons()


def test_failures_stand_first_and_only_those_who_run_safe_homes_write(partnership, django_assert_num_queries):
    learn(outcome="worked", tried="Letters")
    learn(outcome="cannot be told", rests_on="", tried="Chains")
    learn()
    with django_assert_num_queries(1):
        assert [one.outcome for one in lessons.lessons()] == ["did not work", "cannot be told", "worked"]
    with pytest.raises(NotPermitted):
        lessons.add_lesson(**SAID, by=make_person(Role.ANALYST).actor)


def test_a_lesson_changed_by_two_is_not_lost(partnership):
    held = learn()
    changed = lessons.change_lesson(held, version=1, again="Two suppliers.", by=BY)
    assert (changed.version, changed.tried) == (2, "One supplier.")
    with pytest.raises(lessons.ChangedMeanwhile):
        lessons.change_lesson(held, version=1, again="None.", by=BY)


def test_lessons_are_written_found_and_changed_by_the_pages(as_role, partnership):
    browser = as_role(Role.COORDINATOR)
    empty = check_page(browser.get("/account/homes/lessons/").content.decode())
    assert "No lesson is written down yet" in empty.html and "street by street" in empty.html
    check_page(browser.get("/account/homes/lessons/add/").content.decode())
    said = SAID | {"said_on": TODAY.isoformat(), "figure_key": ""}
    assert browser.post("/account/homes/lessons/add/", said | {"rests_on": ""}).status_code == 422
    assert browser.post("/account/homes/lessons/add/", said).status_code == 302
    page = check_page(browser.get("/account/homes/lessons/").content.decode())
    assert "One lesson: one that did not work" in page.html and "List of deliveries, page 1" in page.html
    worked = browser.get("/account/homes/lessons/?outcome=worked&about=stock").content.decode()
    assert "None of our own lessons is like that." in worked and "street by street" not in worked
    held = Lesson.objects.get()
    there = f"/account/homes/lessons/{held.pk}/change/"
    check_page(browser.get(there).content.decode())
    assert browser.post(there, said | {"again": "Three.", "version": "1"}).status_code == 302
    clash = browser.post(there, said | {"again": "Four.", "version": "1"})
    assert clash.status_code == 422 and "Three." in clash.content.decode()
    reader = as_role(Role.SCRUTINY)
    assert "Write a lesson down" not in reader.get("/account/homes/lessons/").content.decode()
    assert reader.get("/account/homes/lessons/add/").status_code == 404


def test_the_demo_learned_from_failures_and_loads_once(partnership):
    for _ in range(2):
        demo_lessons.load(by=BY)
    found = lessons.lessons()
    assert len(found) == 5 and found[0].outcome == "did not work"
