"""Calls after visits: chance picks the homes, no percentage stands without its base, and a complaint is not lost."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frankpledge.delivery.home_security.models import CallDraw, DamageClaim, HomeRequest, QualityCall
from frankpledge.delivery.home_security.pages.quality import _wards, checked
from frankpledge.delivery.home_security.rules.quality import (
    MOST_A_WEEK,
    Answers,
    Group,
    check_call,
    drawn,
    shown_groups,
    week_of,
    window,
)
from frankpledge.delivery.home_security.selectors import quality as selectors
from frankpledge.delivery.home_security.services import asking
from frankpledge.delivery.home_security.services import quality as services
from frankpledge.delivery.home_security.vocabulary import CallOutcome, Channel, ErasedBecause
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY, ask, load_street
from tests.homes.beside import done_visit
from tests.pages.html import check_page
from tests.people import make_person, signed_in

REACHED = CallOutcome.REACHED


class TestTheDraw:
    def test_seed_and_homes_give_the_same_draw_whatever_their_order(self) -> None:
        keys = list(range(100, 160))
        first = drawn(keys, 12, "a1b2")
        assert first == drawn(list(reversed(keys)), 12, "a1b2") and len(set(first)) == 12
        assert first != drawn(keys, 12, "a1b3")
        assert drawn(keys[:5], 12, "a1b2") != [] and len(drawn(keys[:5], 12, "a1b2")) == 5

    def test_every_home_is_drawn_as_often_as_any_other(self) -> None:
        """4,000 draws of 3 of 12: each home 1,000 times on average; four standard deviations are 110."""
        draw, counts = random.Random(7), dict.fromkeys(range(12), 0)
        for _ in range(4_000):
            for key in drawn(range(12), 3, f"{draw.getrandbits(64):x}"):
                counts[key] += 1
        assert all(890 < n < 1_110 for n in counts.values()), counts

    @pytest.mark.parametrize("wanted", [0, -1, MOST_A_WEEK + 1])
    def test_a_number_that_is_none_is_refused(self, wanted: int) -> None:
        with pytest.raises(DataProblem):
            drawn([1, 2], wanted, "x")

    def test_visits_of_eight_to_three_weeks_ago(self) -> None:
        assert window(date(2026, 11, 18)) == (date(2026, 9, 23), date(2026, 10, 28))


class TestAnswers:
    def test_answers_of_nobody_are_refused(self) -> None:
        with pytest.raises(DataProblem, match="nobody was reached"):
            check_call(CallOutcome.NO_ANSWER, Answers(content=True), has_alarm=True)
        check_call(CallOutcome.NO_ANSWER, Answers(), has_alarm=True)

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (Answers(sets_alarm=True), "fitted no alarm"),
            (Answers(), "Nothing was answered"),
            (Answers(content=False, complains=True), "in their words"),
        ],
    )
    def test_what_cannot_be_said_is_refused(self, told: Answers, words: str) -> None:
        with pytest.raises(DataProblem, match=words):
            check_call(REACHED, told, has_alarm=False)

    def test_nothing_came_of_it_is_no_outcome(self) -> None:
        with pytest.raises(DataProblem):
            check_call(CallOutcome.TO_CALL, Answers(), has_alarm=True)


class TestSmallGroups:
    def test_small_wards_stand_together(self) -> None:
        groups = shown_groups({"Old Station": (18, 20), "Northgate": (3, 4), "Quarry Hill": (6, 7)})
        assert groups == [Group(("Old Station",), 18, 20), Group(("Northgate", "Quarry Hill"), 9, 11)]

    def test_one_small_ward_takes_another_with_it_or_the_total_would_give_it_away(self) -> None:
        groups = shown_groups({"A": (18, 20), "B": (11, 12), "C": (2, 3)})
        assert groups == [Group(("A",), 18, 20), Group(("B", "C"), 13, 15)]

    def test_too_few_altogether_are_not_shown(self) -> None:
        assert shown_groups({"A": (4, 5), "B": (2, 3)}) == [] and shown_groups({}) == []

    @pytest.mark.parametrize("seed", range(40))
    def test_nothing_shown_rests_on_fewer_than_ten_and_nothing_is_lost(self, seed: int) -> None:
        draw = random.Random(seed)
        counts = {}
        for name in "ABCDEFG"[: draw.randint(1, 7)]:
            n = draw.randint(0, 25)
            counts[name] = (draw.randint(0, n), n)
        groups, total = shown_groups(counts), sum(n for _, n in counts.values())
        assert all(group.n >= 10 for group in groups)
        assert sum(group.n for group in groups) in (total, 0) and (total < 10) == (not groups)


class TestPrintedPercentages:
    def test_58_and_38_of_27_are_impossible_and_24_or_26_would_do(self) -> None:
        """Register A20."""
        found = checked([58.0, 38.0], 0, 27)
        assert not found["possible"]
        assert "24" in found["sentence"] and "26" in found["sentence"]
        assert "15 gives 55.6 %" in found["rows"][0]["words"] and "16 gives 59.3 %" in found["rows"][0]["words"]

    def test_a_possible_one_names_its_whole_number(self) -> None:
        found = checked([50.0], 0, 26)
        assert found["possible"] and found["rows"][0]["words"] == "13 of 26"

    def test_all_of_them_and_none_of_them_are_possible(self) -> None:
        assert checked([100.0, 0.0], 0, 1)["possible"]


@pytest.mark.django_db
class TestAWeek:
    def test_one_draw_a_week_of_homes_visited_three_to_eight_weeks_ago(self) -> None:
        inside = {done_visit(number, days).pk for number, days in ((1, 22), (2, 30), (3, 55))}
        done_visit(4, 20)
        done_visit(5, 57)
        made = services.draw_week(wanted=2, by=BY)
        assert set(made.eligible_keys) == inside and made.calls.count() == 2
        assert [call.visit_id for call in made.calls.order_by("place")] == drawn(made.eligible_keys, 2, made.seed)
        with pytest.raises(RuleBroken, match="one draw a week"):
            services.draw_week(by=BY)
        later = services.draw_week(now=timezone.now() + timedelta(weeks=1), by=BY)
        assert not set(later.calls.values_list("visit", flat=True)) & set(made.calls.values_list("visit", flat=True))

    def test_a_home_visited_twice_is_in_the_draw_once(self) -> None:
        done_visit(1, 40)
        second = done_visit(1001, 30)
        second.uprn = second.request.uprn = f"999{1:010d}"
        second.save()
        assert services.draw_week(by=BY).eligible_keys == [second.pk]

    def test_a_home_that_wants_nothing_more_of_us_is_not_called(self) -> None:
        load_street()
        kept, gone = done_visit(31), done_visit(33)
        asking.withdraw(ask(33), by=Actor.visitor())
        assert [call.visit_id for call in QualityCall.objects.filter(draw=services.draw_week(by=BY))] == [kept.pk]
        assert gone.request is not None
        gone.request.refresh_from_db()
        assert not gone.request.consent_contact, "whoever has the old number may not use it"

    def test_a_home_erased_since_is_not_drawn_with_an_earlier_visit_either(self) -> None:
        earlier, latest, former = done_visit(1, 50), done_visit(1001, 30), done_visit(2001, 200)
        for visit in (latest, former):
            HomeRequest.objects.filter(pk=visit.request_id).update(uprn=earlier.uprn, closed_at=visit.finished_at)
            visit.uprn = earlier.uprn
            visit.save()
        assert former.request is not None and latest.request is not None
        asking.erase(former.request, because=ErasedBecause.KEPT_LONG_ENOUGH, by=BY)
        assert len(selectors.to_draw_from(*window(timezone.localdate()))) == 1, "who lived there before says nothing"
        asking.erase(latest.request, because=ErasedBecause.ASKED, by=BY)
        assert selectors.to_draw_from(*window(timezone.localdate())) == []

    def test_nobody_to_draw_is_said(self) -> None:
        with pytest.raises(RuleBroken, match="No home can be drawn"):
            services.draw_week(by=BY)

    def test_a_home_of_an_earlier_week_that_nobody_called_counts_as_asked(self) -> None:
        for number in range(4):
            done_visit(number, 42)
        earlier = timezone.now() - timedelta(weeks=1)
        first = services.draw_week(wanted=2, now=earlier, by=BY)
        services.draw_week(wanted=2, by=BY)
        services.note_call(first.calls.get(place=1), outcome=REACHED, told=Answers(content=True), by=BY)
        week = week_of(timezone.localdate())
        found = selectors.survey(week - timedelta(weeks=4), week)
        assert (found.drawn, found.asked, found.reached) == (4, 2, 1)
        content = found.questions["content"]
        assert (content.yes, content.n, content.asked) == (1, 1, 2)
        assert sum(found.asked_by_ward.values()) == found.asked

    def test_each_ward_says_how_many_of_those_asked_there_answered(self) -> None:
        answers, asked = {"a": (9, 10), "b": (12, 12)}, {"a": 20, "b": 15, "c": 4}
        survey = selectors.Survey(39, 39, {}, {}, answers, asked, 0)
        rows = _wards(survey)
        assert [(row["n"], row["asked"], row["response"]) for row in rows] == [(22, 39, "56 %")]

    def test_a_crew_may_not_draw(self) -> None:
        done_visit(1)
        with pytest.raises(NotPermitted):
            services.draw_week(by=make_person(Role.CREW).actor)

    def test_no_answer_may_be_tried_again_and_answers_are_never_changed(self) -> None:
        done_visit(1)
        call = services.draw_week(by=BY).calls.get()
        services.note_call(call, outcome=CallOutcome.NO_ANSWER, by=BY)
        held = services.note_call(call, outcome=REACHED, told=Answers(content=False, said="left dust"), by=BY)
        assert (held.tries, held.content, held.outcome) == (2, False, REACHED)
        with pytest.raises(RuleBroken, match="not changed afterwards"):
            services.note_call(call, outcome=REACHED, told=Answers(content=True), by=BY)
        assert not AuditEntry.objects.filter(written_details__icontains="dust").exists()

    def test_a_complaint_becomes_another_visit_once(self) -> None:
        load_street()
        done_visit(31)
        call = services.draw_week(by=BY).calls.get()
        services.note_call(call, outcome=REACHED, told=Answers(complains=True, said="lock sticks"), by=BY)
        made = services.visit_again(call, by=BY)
        assert (made.channel, made.name, made.telephone) == (Channel.QUALITY_CALL, "Mrs Kaur", "07700 900417")
        assert "lock sticks" in made.note
        with pytest.raises(RuleBroken, match="settled already"):
            services.visit_again(call, by=BY)


@pytest.mark.django_db
class TestPages:
    def test_from_draw_to_result_and_from_complaint_to_claim(self) -> None:
        browser = signed_in(Role.COORDINATOR)
        assert "Nobody to call yet" in check_page(browser.get("/deliver/homes/quality/").content.decode()).html
        for number in range(12):
            done_visit(number, alarm=number % 2 == 0)
        page = check_page(browser.get("/deliver/homes/quality/").content.decode()).html
        assert "12 homes can be drawn" in page
        assert browser.post("/deliver/homes/quality/draw/", {"wanted": "0"}).status_code == 422
        browser.post("/deliver/homes/quality/draw/", {"wanted": "12"})
        draw = CallDraw.objects.get()
        page = check_page(browser.get("/deliver/homes/quality/").content.decode()).html
        assert draw.seed in page and "Quarry Lane" in page and "nobody has answered yet" in page
        calls = list(QualityCall.objects.order_by("place"))
        sheet = f"/deliver/homes/quality/calls/{calls[0].pk}/"
        assert "07700 900417" in check_page(browser.get(sheet).content.decode()).html
        assert AuditEntry.objects.filter(act="consultation", subject=f"homes:call {calls[0].pk}").exists()
        assert browser.post(sheet, {"content": "yes"}).status_code == 422
        assert browser.post(sheet, {"outcome": "no answer", "content": "yes"}).status_code == 422
        for call in calls[:10]:
            browser.post(f"/deliver/homes/quality/calls/{call.pk}/", {"outcome": "reached", "content": "yes"})
        browser.post(f"/deliver/homes/quality/calls/{calls[10].pk}/", {"outcome": "no answer"})
        browser.post(
            f"/deliver/homes/quality/calls/{calls[11].pk}/",
            {"outcome": "reached", "content": "no", "complains": "on", "said": "cracked pane"},
        )
        page = check_page(browser.get("/deliver/homes/quality/").content.decode()).html
        assert "91 % are content with the work (10 of the 11 homes that answered; 62 to 98 %" in page
        assert "11 of the 12 homes drawn" in page and "1 complaint waits" in page
        unhappy = calls[11]
        assert "Raise a claim for damage" in browser.get(f"/deliver/homes/quality/calls/{unhappy.pk}/").content.decode()
        today = timezone.localdate().isoformat()
        browser.post(
            f"/deliver/homes/damage/visits/{unhappy.visit_id}/",
            {"what": "pane", "amount": "60", "claimed_on": today},
        )
        assert DamageClaim.objects.get().visit_id == unhappy.visit_id
        unhappy.refresh_from_db()
        assert unhappy.settled == "raised as a claim for damage"
        answer = browser.post(f"/deliver/homes/quality/calls/{unhappy.pk}/settled/", {"what": "again"})
        assert answer.status_code == 422 and "settled already" in answer.content.decode()

    def test_a_complaint_is_settled_or_visited_again_from_its_sheet(self) -> None:
        load_street()
        browser = signed_in(Role.COORDINATOR)
        done_visit(31)
        done_visit(33)
        first, second = services.draw_week(by=BY).calls.order_by("place")
        for call in (first, second):
            services.note_call(call, outcome=REACHED, told=Answers(complains=True, said="sticks"), by=BY)
        assert browser.post(f"/deliver/homes/quality/calls/{first.pk}/settled/", {"what": ""}).status_code == 422
        browser.post(f"/deliver/homes/quality/calls/{first.pk}/settled/", {"what": "oiled the lock"})
        browser.post(f"/deliver/homes/quality/calls/{second.pk}/visit/")
        assert HomeRequest.objects.filter(channel=Channel.QUALITY_CALL).count() == 1
        assert not QualityCall.objects.filter(settled="").exists()

    @pytest.mark.parametrize("erased", [False, True])
    def test_a_call_drawn_before_the_home_wanted_nothing_more_is_not_to_be_made(self, erased: bool) -> None:
        load_street()
        browser, visit = signed_in(Role.COORDINATOR), done_visit(31)
        done_visit(33)
        call = services.draw_week(by=BY).calls.get(visit=visit)
        sheet = f"/deliver/homes/quality/calls/{call.pk}/"
        assert "not to be called" not in browser.get("/deliver/homes/quality/").content.decode()
        assert visit.request is not None
        if erased:
            asking.erase(visit.request, because=ErasedBecause.ASKED, by=Actor.visitor())
        else:
            asking.withdraw(ask(31), by=Actor.visitor())
        page = check_page(browser.get("/deliver/homes/quality/").content.decode()).html
        assert page.count("not to be called") == 1
        html = check_page(browser.get(sheet).content.decode()).html
        assert "Do not call" in html and "call at the door" not in html and "Write it down" not in html
        assert browser.post(sheet, {"outcome": "no answer"}).status_code == 422
        call.refresh_from_db()
        assert call.outcome == CallOutcome.TO_CALL
        QualityCall.objects.update(draw=CallDraw.objects.create(
            week_on=call.draw.week_on - timedelta(weeks=1), first_day=call.draw.first_day, last_day=call.draw.last_day,
            wanted=2, seed="x", drawn_at=timezone.now(), by_name="B",
        ))  # fmt: skip
        assert [one.visit_id for one in selectors.to_try_again(None)] == [
            one.visit_id for one in QualityCall.objects.exclude(pk=call.pk)
        ]

    def test_a_manager_sees_results_and_no_addresses(self) -> None:
        visit = done_visit(31)
        assert visit.request is not None
        services.draw_week(by=BY)
        page = signed_in(Role.MANAGER).get("/deliver/homes/quality/").content.decode()
        assert (
            "Quarry Lane" not in page
            and visit.request.reference in page
            and 'method="post"' not in page.split("main-content")[-1]
        )

    def test_the_number_of_queries_is_that_of_one_home(self) -> None:
        browser, counts = signed_in(Role.COORDINATOR), []
        browser.get("/deliver/homes/quality/")  # names of areas are kept from here on
        for numbers in (range(1, 2), range(2, 20)):
            for number in numbers:
                done_visit(number)
            QualityCall.objects.all().delete()
            CallDraw.objects.all().delete()
            for call in services.draw_week(wanted=50, by=BY).calls.all():
                services.note_call(call, outcome=REACHED, told=Answers(content=False, complains=True, said="x"), by=BY)
            with CaptureQueriesContext(connection) as seen:
                browser.get("/deliver/homes/quality/")
            counts.append(len(seen))
        assert counts[0] == counts[1], counts

    def test_the_check_of_a_printed_percentage(self) -> None:
        browser = signed_in(Role.COORDINATOR)
        page = browser.get("/deliver/homes/quality/?percent=58,+38&answers=27").content.decode()
        assert "cannot come from 27 answers" in page
        assert "from 0 to 100" in browser.get("/deliver/homes/quality/?percent=many&answers=27").content.decode()
