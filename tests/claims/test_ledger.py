"""The ledger in use: publication held back, explained, settled, corrected; what each role sees."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frankpledge.oversight.claims import selectors, services
from frankpledge.oversight.claims.models import Claim
from frankpledge.sources import examples
from frankpledge.vocabulary.errors import CannotCompute, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import demo_claims
from tests.pages.html import check_page
from tests.people import TESTS, make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaflet():
    demo_claims.load(by=TESTS)
    return selectors.find("autumn-leaflet")


@pytest.fixture
def mansfield():
    return services.load_document(examples.read("mansfield"), is_example=True, by=TESTS)


def test_a_conflict_holds_publication_back_until_somebody_signs(leaflet) -> None:
    manager = make_person(Role.COORDINATOR).actor
    assert [one.key for one in services.may_publish("autumn-leaflet").open] == ["C3"]
    with pytest.raises(RuleBroken, match="Conflicts open: 1"):
        services.publish(document=leaflet, by=manager)
    with pytest.raises(NotPermitted):
        services.explain(document=leaflet, trouble="C3", text="It is so.", by=make_person(Role.ANALYST).actor)
    services.explain(document=leaflet, trouble="C3", text="Without the van, which another fund pays.", by=manager)
    standing = services.may_publish("autumn-leaflet")
    assert standing.may
    assert standing.signed[0].text.startswith("Without the van")
    assert services.publish(document=leaflet, by=manager).published_at is not None


def test_an_explanation_does_not_cover_other_figures(leaflet) -> None:
    manager = make_person(Role.COORDINATOR).actor
    services.explain(document=leaflet, trouble="C3", text="Without the van.", by=manager)
    services.correct_claim(
        document=leaflet, key="C3", words="each visit costs just £90", stated="90", because="new fund", by=manager
    )
    assert not services.may_publish(leaflet).may


def test_a_correction_is_a_new_version_and_the_second_writer_is_told(leaflet) -> None:
    services.correct_claim(
        document=leaflet, key="C3", words="each visit costs £147", stated="147", because="the sum", seen=1, by=TESTS
    )
    assert services.may_publish(leaflet).may
    assert [claim.version for claim in selectors.history(leaflet, "C3")] == [2, 1]
    with pytest.raises(RuleBroken, match="corrected it while you were writing"):
        services.correct_claim(document=leaflet, key="C3", words="£150", because="mine", seen=1, by=TESTS)
    with pytest.raises(TypeError):
        Claim.objects.filter(key="C3").first().save()


def test_settling_the_count_rechecks_every_claim(mansfield) -> None:
    quantity = selectors.ledger(mansfield).unsettled()[0].quantity
    with pytest.raises(RuleBroken, match="who says so"):
        services.settle_count(document=mansfield, quantity=quantity, value=64, because=" ", by=TESTS)
    services.settle_count(document=mansfield, quantity=quantity, value=64, because="Police letter", by=TESTS)
    verdicts = {one.claim.key: one.verdict for one in selectors.ledger(mansfield).check.checked}
    assert (verdicts["M3"], verdicts["M8"], verdicts["M12"]) == ("agrees", "agrees", "agrees")
    assert selectors.ledger(mansfield).unsettled() == []


def test_a_claim_follows_the_figures_it_names(leaflet) -> None:
    from datetime import date

    from frankpledge.records.indicators import services as indicators

    def figure(value: int, replaces: str = "") -> str:
        return indicators.save_figure(
            name="Visits", area_code="", area_name="Aldercombe", first_on=date(2025, 4, 1), last_on=date(2026, 3, 31),
            value=Decimal(value), unit="count", method="Stated.", document="Return", replaces=replaces, by=TESTS,
        ).key  # fmt: skip

    first = figure(40)
    services.add_claim(document=leaflet, words="40 visits", stated="40", formula=f"{first} * 1", by=TESTS)
    before = selectors.ledger(leaflet).check.checked[-1].verdict
    figure(52, first)
    assert (before, selectors.ledger(leaflet).check.checked[-1].verdict) == ("agrees", "conflict")


def test_bad_input_is_one_sentence(leaflet) -> None:
    with pytest.raises(CannotCompute, match="no function"):
        services.add_claim(document=leaflet, words="x", formula="__import__(1)", by=TESTS)
    with pytest.raises(RuleBroken, match="not a number"):
        services.add_claim(document=leaflet, words="x", stated="about ten", formula="1", by=TESTS)
    with pytest.raises(RuleBroken, match="ledger of"):
        services.add_document(title="Autumn leaflet", by=TESTS)


@pytest.mark.parametrize(
    ("role", "offers"),
    [(Role.ANALYST, {"Correct"}), (Role.COORDINATOR, {"Correct", "Explain and sign"}), (Role.SCRUTINY, set())],
)
def test_each_role_is_offered_what_it_may_do(role: Role, offers: set[str], mansfield) -> None:
    answer = signed_in(role).get("/account/claims/mansfield/")
    text = answer.content.decode()
    check_page(text)
    for words in ("Publication is blocked", "Worked example.", "No single count fits all"):
        assert words in text
    for words in ("Correct", "Explain and sign"):
        assert (f">{words}<span" in text) is (words in offers)


def test_the_pages_take_as_many_queries_for_one_document_as_for_five(mansfield) -> None:
    browser = signed_in(Role.ANALYST)
    browser.get("/account/claims/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert browser.get("/account/claims/").status_code == 200
    for name in ("salford", "harborough", "barnet"):
        services.load_document(examples.read(name), is_example=True, by=TESTS)
    with CaptureQueriesContext(connection) as more:
        assert browser.get("/account/claims/").status_code == 200
    assert len(more) == len(one)


def test_the_flow_through_the_pages(mansfield) -> None:
    analyst, manager = signed_in(Role.ANALYST), signed_in(Role.COORDINATOR)
    base = "/account/claims/mansfield/"
    for tab in ("all", "conflict", "rounding", "agrees", "derived"):
        check_page(analyst.get(f"{base}?show={tab}").content.decode())
    for address in ("add/", "M1/correct/"):
        check_page(analyst.get(base + address).content.decode())
    answer = analyst.post(
        f"{base}M1/correct/", {"words": "£183 per house", "stated": "183", "because": "the sum", "seen": 1}
    )
    assert answer.status_code == 302
    check_page(manager.get(f"{base}explain/?what=M2").content.decode())
    assert manager.post(f"{base}explain/?what=M2", {"text": "Of homes at risk."}).status_code == 302
    assert "Of homes at risk." in manager.get(base).content.decode()
    assert manager.get(f"{base}explain/?what=M1").status_code == 404
    assert analyst.get(f"{base}explain/?what=M2").status_code == 404
    sheet = analyst.get(f"{base}ledger.csv").content.decode()
    assert "Of homes at risk." in sheet
    made = analyst.post("/account/claims/add/", {"title": "Annual report"})
    assert made.url == "/account/claims/annual-report/"
    check_page(analyst.get(made.url).content.decode())
    bad = analyst.post(f"{made.url}add/", {"words": "5 of 9", "stated": "5", "formula": "5 / 0 $"})
    assert bad.status_code == 422
