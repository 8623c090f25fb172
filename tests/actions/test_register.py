"""The action register: what may become of an action, dates that are none, and the same promise made twice."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from frankpledge.records.actions import rules, selectors, services
from frankpledge.records.actions.vocabulary import ActionState, Lateness, Worked
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.people import make_person

BY = Actor.system("tests")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/03/2003", date(2003, 3, 31)),
        ("31 March 2003", date(2003, 3, 31)),
        ("1st April 2002", date(2002, 4, 1)),
        ("August 2002", date(2002, 8, 31)),
        ("End of Feb 2004", date(2004, 2, 29)),
        ("2003-02-28", date(2003, 2, 28)),
        ("14.09.26", date(2026, 9, 14)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: date) -> None:
    assert rules.read_due(text) == rules.Due(day, text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("August 20023", "the year is 20023"),
        ("31/04/2003", "April 2003 has 30 days"),
        ("12/13/2003", "no month 13"),
        ("when the money comes", "kept as written"),
    ],
)
def test_impossible_dates_are_kept_as_written_and_flagged(text: str, sentence: str) -> None:
    due = rules.read_due(text)
    assert due.on is None
    assert due.text == text
    assert due.doubt and sentence in due.doubt


@pytest.mark.parametrize("text", ["ongoing", "Ongoing.", "t.b.c.", ""])
def test_standing_work_has_no_date_and_no_doubt(text: str) -> None:
    assert rules.read_due(text).doubt is None


@pytest.mark.django_db
class TestRegister:
    def test_an_action_is_read_by_its_reference(self) -> None:
        made = services.add_action(title="Fit 40 locks", due_text="August 20023", by=BY)
        assert selectors.action(made.reference.lower()) == made
        assert made.due_on is None
        assert "20023" in rules.doubts(made)[0]
        assert selectors.action("A0") is None
        assert selectors.action("nonsense") is None

    def test_a_date_before_the_plan_begins_is_flagged(self) -> None:
        made = services.add_action(title="Train wardens", due_text="31/03/2002", not_before=date(2002, 4, 1), by=BY)
        assert "before the plan" in rules.doubts(made)[0]

    def test_one_output_under_two_leads_is_one_promise(self) -> None:
        """27 rows, 26 different."""
        for number in range(25):
            services.add_action(title=f"Action {number}", output=f"Output {number}", by=BY)
        for lead in ("Police", "Probation"):
            services.add_action(title=f"By {lead}", output="Two days’ training held.", lead_agency_name=lead, by=BY)
        rows = list(selectors.actions())
        (pair,) = rules.duplicates(rows)
        assert len(rows) == 27
        assert {action.lead_agency_name for action in pair} == {"Police", "Probation"}
        assert len(rows) - sum(len(group) - 1 for group in rules.duplicates(rows)) == 26

    def test_done_says_what_came_of_it(self) -> None:
        made = services.add_action(title="Fit 40 locks", by=BY)
        with pytest.raises(RuleBroken, match="what was done"):
            services.finish_action(made, outcome=" ", by=BY)
        done = services.finish_action(made, outcome="38 fitted, two refused.", by=BY)
        assert (done.state, done.outcome) == (ActionState.DONE, "38 fitted, two refused.")
        with pytest.raises(RuleBroken, match="cannot become dropped"):
            services.drop_action(made, because="no money", by=BY)
        assert services.say_what_came(made, worked=Worked.WORKED, by=BY).worked == "worked"
        assert services.reopen_action(made, because="two homes more", by=BY).is_open
        assert [entry.kind for entry in selectors.history(made)] == ["opened again", "what came of it", "done"]

    def test_more_time_is_later_and_has_a_reason(self) -> None:
        made = services.add_action(title="Fit 40 locks", due_on=date(2026, 9, 1), by=BY)
        with pytest.raises(RuleBroken, match="later day"):
            services.give_more_time(made, due_on=date(2026, 8, 1), because="supplier late", by=BY)
        assert services.give_more_time(made, due_on=date(2026, 9, 30), because="supplier late", by=BY).due_on == date(
            2026, 9, 30
        )
        assert "01/09/2026" in selectors.history(made)[0].text

    def test_an_owner_reports_their_own_and_nobody_elses(self) -> None:
        owner, other = make_person(Role.OFFICER), make_person(Role.OFFICER)
        made = services.add_action(title="Fit 40 locks", owner_id=owner.pk, owner_name=owner.name, by=BY)
        services.add_note(made, text="Half are in.", by=owner.actor)
        with pytest.raises(NotPermitted):
            services.add_note(made, text="Half are in.", by=other.actor)
        with pytest.raises(NotPermitted):
            services.drop_action(made, because="no money", by=owner.actor)
        with pytest.raises(NotPermitted):
            services.add_action(title="Something", by=owner.actor)

    def test_late_is_counted_in_days(self) -> None:
        today = timezone.localdate()
        for days in (-3, 0, 1, 5):
            services.add_action(title=f"Due {days}", due_on=today + timedelta(days=days), by=BY)
        services.add_action(title="Ongoing", due_text="ongoing", by=BY)
        states = [rules.lateness(action.due_on, today) for action in selectors.actions()]
        assert states == [Lateness.LATE, Lateness.TODAY, Lateness.TOMORROW, Lateness.LATER, Lateness.NO_DATE]
        assert [action.title for action in selectors.late(today)] == ["Due -3"]

    def test_two_people_changing_one_action_are_shown_both(self) -> None:
        made = services.add_action(title="Fit 40 locks", by=BY)
        services.change_action(made, version=1, title="Fit 50 locks", by=BY)
        with pytest.raises(services.ChangedMeanwhile) as raised:
            services.change_action(made, version=1, title="Fit 45 locks", by=BY)
        assert raised.value.current.title == "Fit 50 locks"

    @pytest.mark.parametrize("changes", [{"title": " "}, {"title": "x" * 301}, {"funder": "x" * 201}])
    def test_text_that_does_not_fit_is_refused(self, changes: dict[str, str]) -> None:
        with pytest.raises(DataProblem):
            services.add_action(**({"title": "Fit locks"} | changes), by=BY)
