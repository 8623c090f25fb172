"""Nobody works alone, nobody is promised what cannot be kept, and a failed visit finds its place in seconds."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frankpledge.delivery.home_security.models import (
    Crew,
    CrewMember,
    Fitted,
    HomeRequest,
    MarkingKit,
    Measure,
    Message,
    Shift,
    StockItem,
    StockLevel,
    StockPlace,
    Supplier,
    Visit,
)
from frankpledge.delivery.home_security.pages import covered
from frankpledge.delivery.home_security.pages import doing as pages
from frankpledge.delivery.home_security.pages.also import also_waiting
from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.rules.asking import Facts, Neighbour, Standing
from frankpledge.delivery.home_security.rules.doing import Fitting, Worker
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.services import answering, asking, setting_up, taking_over
from frankpledge.delivery.home_security.services import doing as services
from frankpledge.delivery.home_security.services.asking import NewCocoon
from frankpledge.delivery.home_security.services.setting_up import Booked
from frankpledge.delivery.home_security.services.taking_over import NewCrew
from frankpledge.delivery.home_security.vocabulary import RequestState, VisitState
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY, ask, home, load_street, uprn
from tests.pages.html import check_page
from tests.people import make_person, signed_in

DAY = date(2026, 9, 30)  # a Wednesday in summer time
MORNING = datetime(2026, 9, 30, 7, 0, tzinfo=rules.LONDON)
SHIFT: dict[str, Any] = {
    "starts": time(8, 15),
    "ends": time(16, 30),
    "break_from": time(11, 45),
    "break_minutes": 30,
}
PEOPLE = {"A": ("Ade Bello", "Rhys Morgan"), "B": ("Chloe Dunn", "Imran Aziz")}


class TestWhoWorks:
    def test_a_supervisor_stands_in_for_whoever_is_away(self) -> None:
        workers = [Worker(1, "Ade", 1), Worker(2, "Rhys", 1), Worker(3, "Chloe", 2), Worker(4, "Imran", 2)]
        workers.append(Worker(5, "Helen", None))
        assert rules.on_duty([1, 2], workers, {2}) == {1: (("Ade",), ("Helen",)), 2: (("Chloe", "Imran"), ())}

    def test_the_second_crew_short_of_somebody_finds_no_supervisor_left(self) -> None:
        workers = [Worker(1, "Ade", 1), Worker(3, "Chloe", 2), Worker(5, "Helen", None)]
        duty = rules.on_duty([1, 2], workers, set())
        assert duty == {1: (("Ade",), ("Helen",)), 2: (("Chloe",), ())}
        with pytest.raises(RuleBroken, match="Crew B would be Chloe alone"):
            rules.check_crew("B", [*duty[2][0], *duty[2][1]])

    def test_weekends_are_no_working_days(self) -> None:
        friday = date(2026, 10, 2)
        assert rules.working_days(friday, 2) == [friday, date(2026, 10, 5)]
        assert rules.after_working_days(friday, 6) == date(2026, 10, 12)

    def test_a_visit_takes_a_look_round_and_its_fitting(self) -> None:
        known = {"lock": Fitting(20, "deadlock", ""), "alarm": Fitting(35, "alarm-kit", "electrical")}
        plan = [{"measure": "lock", "quantity": 2}, {"measure": "alarm", "quantity": 1}, {"measure": "gone"}]
        assert rules.minutes_of(plan, known) == 15 + 40 + 35
        assert rules.needs_of(plan, known) == {"deadlock": 2, "alarm-kit": 1}
        assert rules.skills_of(plan, known) == {"electrical"}

    def test_a_minute_of_the_day_is_the_same_on_the_wall_after_the_clocks_went_back(self) -> None:
        moment = rules.moment_of(date(2026, 10, 25), 9 * 60)
        assert moment.utcoffset() is not None and rules.local_minute(moment) == 540


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> dict[str, Crew]:
    settings.DATA_DIR = tmp_path / "data"
    return make_town()


def make_town() -> dict[str, Crew]:
    """Two crews with a shift each, a supervisor, the store in the street."""
    load_street()
    taking_over.lay_out_catalogue(by=BY)
    crews = {}
    for name, people in PEOPLE.items():
        crews[name] = taking_over.add_crew(
            NewCrew(name, "Quarry Hill", f"FP26 {name}{name}{name}", tuple((who, None) for who in people)), by=BY
        )
    taking_over.add_supervisor(name="Helen Shaw", by=BY)
    setting_up.place_store(near=[uprn(27)], by=BY)
    # what a van holds is another test's matter
    for place in StockPlace.objects.filter(van__isnull=False):
        for item in StockItem.objects.all():
            StockLevel.objects.create(place=place, item=item, count=50)
    for crew in crews.values():
        services.set_shift(crew, day=DAY, by=BY, **SHIFT)
    return crews


def booked(numbers: range, window: tuple[time, time] | None = None) -> list[Visit]:
    """Visits on the day for houses of the street, not planned yet."""
    setting_up.book_many([Booked(ask(n).pk, DAY, window) for n in numbers], by=BY)
    return list(Visit.objects.order_by("pk"))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, 30, hour, minute, tzinfo=rules.LONDON)


class TestShifts:
    def test_an_absence_brings_the_supervisor_in(self, town: dict[str, Crew]) -> None:
        rhys = CrewMember.objects.get(name="Rhys Morgan")
        assert services.note_absence(rhys, first_on=DAY, last_on=DAY, why="holiday", by=BY) == []
        shift = Shift.objects.get(crew=town["A"], day=DAY)
        assert shift.names == ["Ade Bello", "Helen Shaw"] and shift.note == "Helen Shaw stands in"

    def test_a_crew_of_one_does_not_go_out(self, town: dict[str, Crew]) -> None:
        for name in ("Rhys Morgan", "Imran Aziz"):
            member = CrewMember.objects.get(name=name)
            problems = services.note_absence(member, first_on=DAY, last_on=DAY, why="ill", by=BY)
        assert len(problems) == 1 and "Crew B would be Chloe Dunn alone" in problems[0]
        assert [shift.crew.name for shift in selectors.shifts_on(DAY)] == ["A"]

    def test_what_cannot_be_is_refused_with_a_sentence(self, town: dict[str, Crew]) -> None:
        with pytest.raises(DataProblem, match="ends before it begins"):
            services.set_shift(town["A"], day=DAY, starts=time(9), ends=time(8), by=BY)
        member = CrewMember.objects.first()
        assert member is not None
        with pytest.raises(DataProblem, match="before the first"):
            services.note_absence(member, first_on=DAY, last_on=date(2026, 9, 29), why="x", by=BY)


class TestTheDay:
    def test_every_visit_gets_a_crew_a_place_and_a_time_inside_its_promise(self, town: dict[str, Crew]) -> None:
        booked(range(27, 37), rules.WINDOWS[0])
        done = services.plan_routes(DAY, now=MORNING, rounds=50, by=BY)
        assert done["visits"] + len(done["left"]) == 10 and done["visits"] >= 6
        for visit in Visit.objects.filter(crew__isnull=False):
            assert visit.planned_start is not None
            assert time(8, 30) <= visit.planned_start.astimezone(rules.LONDON).time() <= time(12, 0)
        assert all(reason for _, reason in done["left"])

    def test_planning_again_leaves_alone_what_is_done_and_under_way(self, town: dict[str, Crew]) -> None:
        booked(range(27, 35))
        services.plan_routes(DAY, now=MORNING, rounds=50, by=BY)
        first, second = Visit.objects.filter(crew=town["A"]).order_by("order")[:2]
        setting_up.put_state(first, state=VisitState.DONE, ended=at(9, 20), by=BY)
        setting_up.put_state(second, state=VisitState.UNDER_WAY, ended=None, by=BY)
        kept = [(v.pk, v.order, v.planned_start, v.crew_id) for v in (first, second)]
        services.plan_routes(DAY, now=at(9, 40), rounds=50, by=BY)
        again = [
            (v.pk, v.order, v.planned_start, v.crew_id) for v in Visit.objects.filter(pk__in=[first.pk, second.pk])
        ]
        assert sorted(again) == sorted(kept)
        for visit in Visit.objects.filter(state="planned"):
            assert visit.planned_start is not None and visit.planned_start > at(9, 40)

    def test_without_a_crew_it_says_what_to_do(self, town: dict[str, Crew]) -> None:
        Shift.objects.all().delete()
        with pytest.raises(RuleBroken, match="Put a crew on shift first"):
            services.plan_routes(DAY, now=MORNING, by=BY)

    def test_a_failed_visit_is_made_again_the_same_day(self, town: dict[str, Crew]) -> None:
        booked(range(27, 33))
        services.plan_routes(DAY, now=MORNING, rounds=50, by=BY)
        failed = Visit.objects.filter(crew=town["A"]).order_by("order").first()
        assert failed is not None
        setting_up.put_state(failed, state=VisitState.NO_ANSWER, ended=at(8, 30), by=BY)
        with CaptureQueriesContext(connection) as queries:
            again = services.visit_again(failed, crew=town["B"], now=at(9), by=BY)
        again.refresh_from_db()
        assert len(queries) < 60
        assert again.planned_start is not None and again.planned_start > at(9) and again.crew == town["B"]
        failed.refresh_from_db()
        assert failed.state == VisitState.NO_ANSWER
        with pytest.raises(RuleBroken, match="booked already"):
            services.visit_again(failed, crew=town["B"], now=at(9), by=BY)

    def test_a_visit_already_done_is_not_made_again(self, town: dict[str, Crew]) -> None:
        (visit,) = booked(range(27, 28))
        with pytest.raises(RuleBroken, match="only one that failed"):
            services.visit_again(visit, crew=town["A"], now=at(9), by=BY)

    def test_a_day_that_runs_late_is_shown_late_and_not_dropped(self, town: dict[str, Crew]) -> None:
        booked(range(27, 35), rules.WINDOWS[0])
        services.plan_routes(DAY, now=MORNING, rounds=50, by=BY)
        page = pages.today_page(make_person(Role.COORDINATOR), at(13))
        assert any(one["standing"][0] == "warning" for one in page["crews"])
        assert "late" in page["finding"]

    def test_the_page_of_a_late_day_opens(self, town: dict[str, Crew], monkeypatch: pytest.MonkeyPatch) -> None:
        booked(range(27, 35), rules.WINDOWS[0])
        services.plan_routes(DAY, now=MORNING, rounds=50, by=BY)
        monkeypatch.setattr(pages, "now_here", lambda: at(13))
        text = signed_in(Role.COORDINATOR).get("/deliver/homes/").content.decode()
        assert "min late" in text


class TestBooking:
    def test_a_time_is_offered_booked_and_told(self, town: dict[str, Crew]) -> None:
        request = ask(31, consent_contact=True, name="Mrs K")
        (day, place), *_ = services.times_for(request, now=MORNING)
        visit = services.book(request, day=day, crew=town[place.crew], starts=place.starts, now=MORNING, by=BY)
        request.refresh_from_db()
        assert request.state == RequestState.BOOKED and visit.day == DAY
        message = Message.objects.get(about="visit booked")
        assert request.password in message.body and "Wednesday 30 September" in message.body
        with pytest.raises(RuleBroken, match="has a visit booked already"):
            services.book(request, day=day, crew=town["A"], starts=600, now=MORNING, by=BY)

    def test_a_full_day_is_not_overbooked(self, town: dict[str, Crew]) -> None:
        Shift.objects.update(ends=time(9, 0), break_minutes=0)
        with pytest.raises(RuleBroken, match="has no room"):
            services.book(ask(31), day=DAY, crew=town["A"], starts=510, now=MORNING, by=BY)

    def test_a_home_nobody_has_found_has_no_times(self, town: dict[str, Crew]) -> None:
        request = ask(31, uprn="", address="somewhere up the lane")
        assert services.times_for(request, now=MORNING) == []
        with pytest.raises(RuleBroken, match="which home this is"):
            services.book(request, day=DAY, crew=town["A"], starts=600, now=MORNING, by=BY)

    def test_only_who_runs_it_may(self, town: dict[str, Crew]) -> None:
        crew = Actor.person(make_person(Role.CREW).pk, "Dee")
        with pytest.raises(NotPermitted):
            services.start_planning(DAY, by=crew)


class TestPages:
    def test_the_page_asks_the_database_as_often_for_many_visits_as_for_few(self, town: dict[str, Crew]) -> None:
        person = make_person(Role.COORDINATOR)
        counts = []
        for numbers in (range(27, 30), range(30, 40)):
            booked(numbers)
            services.plan_routes(DAY, now=MORNING, rounds=10, by=BY)
            pages.today_page(person, at(9))
            with CaptureQueriesContext(connection) as queries:
                pages.today_page(person, at(9))
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 60

    def test_what_waits_on_other_pages_is_one_line_of_todays(self, town: dict[str, Crew]) -> None:
        with CaptureQueriesContext(connection) as empty:
            assert also_waiting(MORNING) == []
        for number in (27, 29):
            ask(number, consent_onward=True)
            MarkingKit.objects.create(code=f"K{number}", brand="Mark", uprn=uprn(number), issued_on=DAY)
            one = Supplier.objects.create(name=f"Locks {number}", service="locks")
            one.approvals.create(approved_on=date(2026, 1, 1), expires_on=date(2026, 10, number), by_name="Dee")
        with CaptureQueriesContext(connection) as queries:
            found = {one["words"]: one["url"] for one in also_waiting(MORNING)}
        assert found == {
            "2 suppliers’ approvals that end soon": "/deliver/homes/suppliers/",
            "2 marking kits not registered": "/deliver/homes/kits/",
            "2 homes to pass on": "/deliver/homes/passed-on/#to-pass",
        }
        assert len(empty) <= len(queries) <= 11
        assert "2 homes to pass on" in signed_in(Role.MANAGER).get("/deliver/homes/").content.decode()

    @pytest.mark.parametrize("path", ["", "stock/", "crews/", "sheets/"])
    def test_pages_open_empty_and_filled(self, town: dict[str, Crew], path: str) -> None:
        browser = signed_in(Role.COORDINATOR)
        assert browser.get(f"/deliver/homes/{path}").status_code == 200
        booked(range(27, 30))
        services.plan_routes(DAY, now=MORNING, rounds=10, by=BY)
        assert browser.get(f"/deliver/homes/{path}", {"day": "2026-09-30"}).status_code == 200
        assert browser.get(f"/deliver/homes/{path}", {"day": "never"}).status_code == 200

    def test_a_day_sheet_says_where_who_and_what_to_take(self, town: dict[str, Crew]) -> None:
        booked(range(27, 29))
        services.plan_routes(DAY, now=MORNING, rounds=10, by=BY)
        text = signed_in(Role.COORDINATOR).get("/deliver/homes/sheets/?day=2026-09-30").content.decode()
        assert "27 Quarry Lane" in text and "Five-lever deadlock" in text and "Ade Bello" in text
        assert HomeRequest.objects.all()[0].password in text
        looks = AuditEntry.objects.filter(act="consultation", what="looked at the day sheets")
        assert set(looks.get().details["visits"]) == set(Visit.objects.values_list("pk", flat=True))
        manager = signed_in(Role.MANAGER)
        assert manager.get("/deliver/homes/sheets/?day=2026-09-30").status_code == 404, (
            "it holds passwords for the door"
        )
        assert "homes/sheets" not in manager.get("/deliver/homes/?day=2026-09-30").content.decode()

    def test_a_manager_sees_the_day_and_decides_nothing(self, town: dict[str, Crew]) -> None:
        booked(range(27, 29))
        ask(43)
        text = signed_in(Role.MANAGER).get("/deliver/homes/?day=2026-09-30").content.decode()
        assert "27 Quarry Lane" not in text and "43 Quarry Lane" not in text, "nobody's door"
        assert "Plan the routes" not in text and "Safe homes, Wednesday 30 September" in text
        assert signed_in(Role.MANAGER).post("/deliver/homes/plan/").status_code == 404

    def test_giving_a_time_from_the_page(self, town: dict[str, Crew]) -> None:
        browser, request = signed_in(Role.COORDINATOR), ask(31)
        today = pages.now_here().date()
        for day in rules.working_days(today, 3):
            for crew in town.values():
                services.set_shift(crew, day=day, by=BY, **SHIFT)
        page = browser.get(f"/deliver/homes/requests/{request.reference}/times/")
        assert AuditEntry.objects.filter(act="consultation", subject=f"homes:{request.reference}").count() == 1
        value = page.context["page"]["times"][0]["value"]
        browser.post(f"/deliver/homes/requests/{request.reference}/times/", {"time": value})
        assert Visit.objects.get(request=request).crew is not None
        assert browser.post(f"/deliver/homes/requests/{ask(33).reference}/times/", {"time": "x"}).status_code == 302

    def test_a_faulty_form_says_so_and_changes_nothing(self, town: dict[str, Crew]) -> None:
        browser = signed_in(Role.COORDINATOR)
        found = browser.post("/deliver/homes/crews/shift/", {"crew": "99", "day": "2026-10-01", "starts": "09:30"})
        text = check_page(found.content.decode()).html
        assert found.status_code == 422 and "There is a problem" in text and Shift.objects.count() == 2
        assert "Choose a crew." in text and 'value="2026-10-01"' in text and 'value="09:30"' in text, "nothing is lost"
        lost = browser.post("/deliver/homes/stock/count/", {"count": "7", "note": "behind the door"})
        assert lost.status_code == 422 and "behind the door" in lost.content.decode()


def test_one_button_answers_a_burglary(town: dict[str, Crew]) -> None:
    """Letters to the neighbours and a visit today to the burgled home."""
    made = asking.make_cocoon(
        NewCocoon(
            alert="a", victim=home(39), easting=450_000.0, northing=300_133.0, area_name="Quarry Hill",
            street="Quarry Lane", way="four homes either side", why="4.1 times the usual risk", burgled_on=DAY,
            alive_until=date(2026, 10, 13), neighbours=[Neighbour(home(n), (n - 39) // 2) for n in (37, 41)],
        ),
        by=BY,
    )  # fmt: skip
    task = next(one for one in pages.today_page(make_person(Role.COORDINATOR), MORNING)["tasks"])
    assert task["kind"] == "cocoon" and "offers to 2 homes" in task["title"] and "visit" in task["button"]
    words = answering.answer(made, now=MORNING, by=BY)
    assert words.startswith("3 letters") and "visits the burgled home at" in words
    assert Visit.objects.get().uprn == uprn(39)


class TestSettingUp:
    NEW: ClassVar[dict[str, str]] = {
        "name": "A",
        "area_name": "Quarry Hill",
        "first": "Ade Bello",
        "second": "Rhys Morgan",
    }

    def test_an_empty_installation_says_what_comes_first_and_gets_its_first_crew(self, db: None) -> None:
        client = signed_in(Role.COORDINATOR)
        page = client.get("/deliver/homes/").content.decode()
        assert "No crew is set up yet" in page and "/deliver/homes/crews/new/" in page
        assert client.post("/deliver/homes/crews/new/", self.NEW | {"second": "Ade Bello"}).status_code == 422
        account = make_person(Role.CREW)
        client.post("/deliver/homes/crews/new/", self.NEW | {"first_account": str(account.pk), "electrical": "on"})
        crew = Crew.objects.get()
        assert crew.skills == ["electrical"] and crew.members.count() == 2
        assert CrewMember.objects.get(name="Ade Bello").person_id == account.pk
        assert selectors.usual_plan(), "the catalogue came with the first crew"
        assert client.post("/deliver/homes/crews/new/", self.NEW).status_code == 422, "one crew of a name"
        client.post("/deliver/homes/crews/supervisors/", {"supervisor": "Helen Shaw"})
        assert CrewMember.objects.filter(name="Helen Shaw", crew=None).exists()

    def test_on_a_sunday_the_next_day_with_crews_is_named(self, town: dict[str, Crew]) -> None:
        page = pages.today_page(make_person(Role.COORDINATOR), datetime(2026, 9, 27, 9, 0, tzinfo=rules.LONDON))
        assert page["nothing"]["title"] == "Nobody works on this day"
        assert "Wednesday 30 September" in page["nothing"]["text"]


class TestStanding:
    def test_a_crew_not_heard_for_long_is_said_to_be_out_of_signal(self) -> None:
        ends = time(16, 30)
        assert rules.quiet_since(at(10, 52), at(11, 20), DAY, ends) == 10 * 60 + 52
        assert rules.quiet_since(at(11), at(11, 20), DAY, ends) is None, "heard lately"
        assert rules.quiet_since(None, at(11, 20), DAY, ends) is None, "a crew that works from paper"
        assert rules.quiet_since(at(10, 52), at(17), DAY, ends) is None, "after work nobody expects a word"

    def test_the_page_says_so_and_that_nothing_is_lost(self, town: dict[str, Crew]) -> None:
        booked(range(29, 33))
        services.plan_routes(DAY, now=MORNING, rounds=20, by=BY)
        Shift.objects.filter(crew=town["B"]).update(last_heard_at=at(9, 5))
        page = pages.today_page(make_person(Role.COORDINATOR), at(9, 40))
        quiet = {one["crew"].name: one for one in page["crews"]}["B"]
        assert quiet["standing"] == ("unknown", "No signal since 09:05")
        assert "Nothing is lost" in quiet["words"]

    def test_the_forecast_says_when_the_last_home_is_done_and_how_sure_that_is(self, town: dict[str, Crew]) -> None:
        assert covered.forecast_part(DAY) is None
        lock = Measure.objects.filter(kind="door lock").first()
        assert lock is not None
        for number, day in ((27, 1), (29, 8), (31, 15)):
            Fitted.objects.create(uprn=uprn(number), measure=lock, funder="x", fitted_on=date(2026, 9, day), quantity=1)
        found = covered.forecast_part(DAY)
        assert found is not None and found["title"].startswith("At this pace the last home is done in ")
        assert "3 first protected in the 4 weeks up to today" in found["sentence"]
        assert "<title" in found["chart"] and found["rows"][-1][1] == found["rows"][-2][1]

    def test_the_list_says_whether_it_is_fair_by_tenure(self) -> None:
        def standing(place: int, tenure: str) -> Standing:
            return Standing(place, place, 0, Facts(), {}, "2026-09-30T08:00:00+00:00", tenure, "", "")

        many = [standing(n, "council tenant" if n % 4 == 1 else "owner") for n in range(1, 101)]
        assert covered.fair_words(many, DAY) == "Social tenants are 25 % of the list and 28 % of the first 25."
        assert covered.fair_words(many[:8], DAY) == "", "too few to say"
