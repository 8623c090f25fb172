"""How a crew's report is read, and that two crews who finish one job lose nothing, whatever the network does."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import pytest

from frankpledge.delivery.home_security.rules import crew as rules
from frankpledge.delivery.home_security.vocabulary import CrewDoubt, SentState, VisitState
from tests.homes.crewing import told

INTERLEAVINGS = 10_000


def a_code(body: str = "SD7441390") -> str:
    return body + rules.check_letter(body)


def test_a_code_is_read_however_it_is_written() -> None:
    code = a_code()
    assert rules.is_well_formed(code)
    assert rules.is_well_formed(rules.spaced_code(code).lower())
    assert rules.is_well_formed(code.replace("0", "O")) and rules.is_well_formed(f"{code[:3]}-{code[3:]}")


def test_every_wrong_sign_and_swap_is_noticed() -> None:
    code = a_code()
    for place in range(len(code)):
        for sign in rules.ALPHABET:
            assert rules.is_well_formed(code[:place] + sign + code[place + 1 :]) == (sign == code[place])
    for place in range(len(code) - 1):
        one, two = code[place], code[place + 1]
        if one != two and {one, two} != {"0", "Z"}:
            assert not rules.is_well_formed(code[:place] + two + one + code[place + 2 :])


@pytest.mark.parametrize("written", ["", "12", "SD7 4413 90!", "Ŵ7441390K", "A" * 40])
def test_what_cannot_be_a_code_is_none(written: str) -> None:
    assert not rules.is_well_formed(written)


def test_a_report_comes_back_from_json_as_it_went() -> None:
    report = told(onward=("fire service",), kit_code="SD7")
    assert rules.Told.from_dict(report.as_dict()) == report


def test_a_report_of_somebody_who_withdrew_keeps_the_work_and_not_the_person() -> None:
    report = told(onward=("fire service",), note="Her son lives next door").without_the_resident()
    assert report.parts == told().parts
    assert "Mrs A." not in str(report.as_dict()) and "son" not in str(report.as_dict())
    assert not report.signature and not report.onward


@pytest.mark.parametrize(
    ("received", "changes", "doubts", "finished"),
    [
        (datetime(2026, 9, 30, 12, 30, tzinfo=UTC), {}, set(), "2026-09-30 12:11"),
        # the phone's clock was an hour ahead: the end is when it came in (13:30 in London)
        (datetime(2026, 9, 30, 12, 30, tzinfo=UTC), {"ended": time(14, 40)}, {CrewDoubt.CLOCK}, "2026-09-30 13:30"),
        (datetime(2026, 9, 30, 12, 30, tzinfo=UTC), {"began": time(12, 40)}, {CrewDoubt.BACKWARDS}, "2026-09-30 12:11"),
        (datetime(2026, 10, 2, 9, 0, tzinfo=UTC), {}, {CrewDoubt.LATE}, "2026-09-30 12:11"),
        (datetime(2026, 10, 2, 9, 0, tzinfo=UTC), {"ended": None}, {CrewDoubt.LATE}, "2026-09-30 18:00"),
        # over the end of summer time: a day is a day
        (datetime(2026, 10, 26, 0, 30, tzinfo=UTC), {"day": date(2026, 10, 25)}, {CrewDoubt.LATE}, "2026-10-25 12:11"),
    ],
)
def test_times_are_believed_as_far_as_they_can_be(received, changes, doubts, finished) -> None:
    report = told(**{"day": date(2026, 9, 30), "began": time(11, 34), "ended": time(12, 11), **changes})
    times = rules.believed_times(report, received)
    assert {doubt for doubt, _ in times.doubts} == doubts
    assert times.finished_at.astimezone(rules.LONDON).strftime("%Y-%m-%d %H:%M") == finished
    assert times.started_at is None or times.started_at <= times.finished_at


@pytest.mark.parametrize(
    ("state", "version", "outcome", "taken"),
    [
        (VisitState.PLANNED, 3, VisitState.DONE, True),
        (VisitState.UNDER_WAY, 3, VisitState.NO_ANSWER, True),
        (VisitState.DONE, 4, VisitState.DONE, False),
        (VisitState.NO_ANSWER, 4, VisitState.DONE, False),
        (VisitState.PLANNED, 5, VisitState.DONE, True),  # moved meanwhile, but the work is in the home
        (VisitState.PLANNED, 5, VisitState.NO_ANSWER, False),  # nobody answered, but the new plan stands
        (VisitState.CANCELLED, 4, VisitState.DONE, True),
        (VisitState.CANCELLED, 4, VisitState.NO_ANSWER, False),
    ],
)
def test_what_meets_what(state, version, outcome, taken) -> None:
    verdict = rules.judge(state, version, outcome=outcome, version_seen=3)
    assert (verdict.state is SentState.TAKEN) == taken


def test_stock_never_goes_below_nought() -> None:
    assert rules.stock_moves({1: 3, 2: 1, 3: 1}, {1: 2, 2: 5}) == ({1: 2, 2: 1}, {1: 1, 3: 1})


# -- two crews, one job -----------------------------------------------------------------------------------------------


@dataclass
class Server:
    """What the service does, in its transaction: one at a time, all or nothing."""

    state: VisitState = VisitState.PLANNED
    version: int = 1
    reports: dict[str, tuple[VisitState, SentState]] = field(default_factory=dict)
    fitted: list[str] = field(default_factory=list)

    def receive(self, key: str, outcome: VisitState, version_seen: int) -> SentState:
        if key in self.reports:
            return self.reports[key][1]
        verdict = rules.judge(self.state, self.version, outcome=outcome, version_seen=version_seen)
        self.reports[key] = (outcome, verdict.state)
        if verdict.state is SentState.TAKEN:
            self.state, self.version = outcome, self.version + 1
            self.fitted.append(key)
        return verdict.state


@dataclass
class Phone:
    """A phone that keeps what it has until it was answered."""

    key: str
    outcome: VisitState
    version_seen: int
    answers: list[SentState] = field(default_factory=list)
    waits: bool = True

    def send(self, server: Server, network: str) -> None:
        if not self.waits or network == "cut before":
            return
        answer = server.receive(self.key, self.outcome, self.version_seen)
        if network == "cut after":  # the server has it; the phone does not know
            return
        self.answers.append(answer)
        self.waits = network == "answer lost on the phone"


def test_ten_thousand_interleavings_of_two_crews_lose_no_visit() -> None:
    chance = random.Random(6)
    outcomes = list(rules.REPORTED)
    networks = ["good", "cut before", "cut after", "answer lost on the phone"]
    met = 0
    for _ in range(INTERLEAVINGS):
        server = Server()
        phones = [Phone(key, chance.choice(outcomes), server.version) for key in ("first", "second")]
        for _ in range(chance.randrange(12)):
            if chance.random() < 0.1 and server.state not in rules.FINAL:
                server.version += 1  # the coordinator plans anew
            chance.choice(phones).send(server, chance.choice(networks))
        for phone in phones:  # signal at last
            phone.send(server, "good")
            phone.send(server, "good")
        assert set(server.reports) == {"first", "second"}, "a report was lost"
        assert all(server.reports[phone.key][0] is phone.outcome for phone in phones)
        assert len(server.fitted) <= 1, "fitted twice"
        assert all(len(set(phone.answers)) == 1 for phone in phones), "a repeat got another answer"
        taken = [key for key, (_, state) in server.reports.items() if state is SentState.TAKEN]
        assert taken == server.fitted
        if any(phone.outcome is not VisitState.NO_ANSWER for phone in phones):
            assert len(taken) == 1, "a home that was done is still on the list"
        met += len(taken) == 1
    assert met > INTERLEAVINGS * 0.9
