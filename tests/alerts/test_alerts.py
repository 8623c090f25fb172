"""Alerts as people meet them: raised once, dismissed with a reason, judged in the end, seen by need to know."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.foundation.places import services as places
from frankpledge.records.alerts import selectors, services
from frankpledge.records.alerts.models import Alert
from frankpledge.records.alerts.rules import NewAlert
from frankpledge.records.alerts.vocabulary import AlertKind, AlertState, Outcome
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.vocabulary.premises import Premises, PremisesKind
from tests.pages.made_up import BY, geography
from tests.people import agree, make_agency, signed_in

pytestmark = pytest.mark.django_db
AREA = next(iter(geography().parents))
SYSTEM = Actor.system("import")
FACTS = {
    AlertKind.NEAR_REPEAT: {
        "radius_m": 60.0,
        "times_usual": 4.0,
        "half_life_days": 6.0,
        "decay": "Measured.",
        "tested": "",
        "happened_on": "2026-09-29",
    },
    AlertKind.HIT_AGAIN: {
        "times": 2,
        "by_agency": {"Aldershire Police": 2},
        "types": {"Burglary": 2},
        "happened_on": "2026-09-29",
    },
    AlertKind.EXCEPTIONAL_MONTH: {
        "count": 9,
        "lower": 1,
        "upper": 6,
        "month": "2026-09",
        "month_label": "September 2026",
        "looked_at": 20,
    },
    AlertKind.NEW_HOT_SPOT: {
        "course": "new",
        "times_hot": 1,
        "slices": 13,
        "slice_days": 28,
        "side_m": 250.0,
        "count": 5,
        "usual": 1.2,
    },
}


def new(kind: AlertKind = AlertKind.NEAR_REPEAT, number: int = 1, **about: Any) -> NewAlert:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "kind": kind,
        "fingerprint": f"{kind}|{number}",
        "crime_type": CrimeType.BURGLARY,
        "source": "police-extract",
        "area_code": AREA,
        "area_name": "Larkhill",
        "as_of": today,
        "alive_until": today + timedelta(days=5),
        "strength": 4.0 + number,
        "method": "by hand",
        "batches": ["one"],
        "facts": FACTS[kind],
        "easting": 450_100.0,
        "northing": 300_100.0,
        "radius_m": 60.0,
        "premises": "9990000000001",
    }
    return NewAlert(**{**values, **about})


def raised(kind: AlertKind = AlertKind.NEAR_REPEAT, **about: Any) -> Alert:
    return services.raise_alerts([new(kind, **about)], by=SYSTEM)[0]


def test_the_same_evidence_raises_nothing_twice() -> None:
    assert len(services.raise_alerts([new(), new(), new(number=2)], by=SYSTEM)) == 2
    assert services.raise_alerts([new(), new(number=2)], by=SYSTEM) == []
    assert Alert.objects.count() == 2
    assert AuditEntry.objects.filter(subject="alerts:raised").count() == 1


def test_dismissing_needs_a_reason_and_is_recorded() -> None:
    alert = raised()
    with pytest.raises(RuleBroken):
        services.dismiss(alert, because=" ", by=SYSTEM)
    services.dismiss(alert, because="One incident told twice", by=SYSTEM)
    assert list(selectors.alive(timezone.localdate())) == []
    assert AuditEntry.objects.filter(subject=f"alerts:{alert.pk}", purpose="One incident told twice").exists()
    with pytest.raises(RuleBroken, match="already"):
        services.dismiss(alert, because="again", by=SYSTEM)


def test_dismissed_alerts_are_judged_too_and_only_once() -> None:
    """So that we learn whether we were right to dismiss them."""
    kept, dismissed = raised(), raised(number=2)
    services.dismiss(dismissed, because="Visited", by=SYSTEM)
    waiting = selectors.to_score(timezone.localdate() + timedelta(days=30))
    assert {alert.pk for alert in waiting} == {kept.pk, dismissed.pk}
    assert services.score([(alert, alert.pk == dismissed.pk, {"after": 1}) for alert in waiting], by=SYSTEM) == 2
    assert services.score([(alert, True, {"after": 9}) for alert in waiting], by=SYSTEM) == 0
    kept, dismissed = Alert.objects.get(pk=kept.pk), Alert.objects.get(pk=dismissed.pk)
    assert (kept.state, kept.outcome) == (AlertState.ENDED, Outcome.DID_NOT)
    assert (dismissed.state, dismissed.outcome) == (AlertState.DISMISSED, Outcome.CAME_TRUE)
    [record] = selectors.track_record()
    assert (record.raised, record.dismissed, record.judged, record.came_true) == (2, 1, 2, 1)


@pytest.fixture
def homes(aldershire: None) -> None:
    places.load_premises(
        [
            Premises(
                uprn=f"999000000000{n}",
                address=f"{n} Canary Street",
                postcode="XA1 1AA",
                easting=450_100 + 10 * n,
                northing=300_100,
                small_area=AREA,
                ward=geography().parents[AREA][next(iter(geography().parents[AREA]))],
                neighbourhood=None,
                kind=next(iter(PremisesKind)),
                tenure=None,
            )
            for n in (1, 2, 9)
        ],
        by=BY,
    )


def test_the_list_says_what_to_do_first(homes: None) -> None:
    for kind in AlertKind:
        raised(kind)
    page = signed_in(Role.COORDINATOR).get("/assess/alerts/").content.decode()
    assert "Neighbours of 1 burglary should hear from us soon; 1 address has been hit again." in page
    assert page.index("After a burglary in Larkhill") < page.index("hit twice") < page.index("new hot spot of")
    assert "<svg" in page and "Canary Street" not in page


def test_an_empty_list_says_what_brings_alerts(aldershire: None) -> None:
    page = signed_in(Role.ANALYST).get("/assess/alerts/").content.decode()
    assert "None has been raised yet" in page and "/assess/evidence/add/" in page


def test_old_records_are_said_to_be_old(homes: None) -> None:
    today = timezone.localdate()
    raised(as_of=today - timedelta(days=40), alive_until=today - timedelta(days=36))
    page = signed_in(Role.COORDINATOR).get("/assess/alerts/").content.decode()
    assert "40 days ago" in page and "every week" in page


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_has_a_page(homes: None, kind: AlertKind) -> None:
    alert = raised(kind)
    page = signed_in(Role.OFFICER).get(f"/assess/alerts/{alert.pk}/").content.decode()
    assert "How sure is this?" in page and "What has helped before" in page and "Canary Street" not in page


def test_homes_are_shown_by_need_to_know_and_the_look_is_recorded(homes: None) -> None:
    alert = raised()
    assert signed_in(Role.ANALYST).get(f"/assess/alerts/{alert.pk}/homes/").status_code == 404
    page = signed_in(Role.COORDINATOR).get(f"/assess/alerts/{alert.pk}/homes/").content.decode()
    assert "1 Canary Street" in page and "2 Canary Street" in page and "9 Canary Street" not in page
    entry = AuditEntry.objects.get(subject=f"alerts:{alert.pk}", act="consultation")
    assert entry.details["homes"] == ["9990000000001", "9990000000002"]


def test_the_form_asks_for_the_reason(homes: None) -> None:
    alert = raised()
    client = signed_in(Role.COORDINATOR)
    answer = client.post(f"/assess/alerts/{alert.pk}/dismiss/", {"because": ""})
    assert answer.status_code == 422 and "Say why the alert is dismissed." in answer.content.decode()
    answer = client.post(f"/assess/alerts/{alert.pk}/dismiss/", {"because": "Visited on 3 October"}, follow=True)
    assert "Visited on 3 October" in answer.content.decode()


def test_the_list_asks_the_database_the_same_however_many(homes: None, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.COORDINATOR)
    raised()
    client.get("/assess/alerts/")
    with CaptureQueriesContext(connection) as few:
        client.get("/assess/alerts/")
    services.raise_alerts([new(number=n) for n in range(2, 16)], by=SYSTEM)
    with django_assert_num_queries(len(few)):
        client.get("/assess/alerts/")


def test_an_alert_that_ends_before_it_begins_is_refused_by_the_database() -> None:
    from django.db import IntegrityError, transaction

    alert = raised()
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(alive_until=date(2000, 1, 1))


def plain(answer: Any) -> str:
    """A page without the one-time key of its form and the address it answers."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|/assess/alerts/[\w/]*', "", answer.content.decode())


def test_an_alert_is_absent_for_whoever_may_not_have_the_records_it_rests_on(homes: None) -> None:
    """The list, its numbers, the alert and its homes: without an agreement another agency's alert is not there."""
    police = make_agency("Aldershire Police", AgencyKind.POLICE)
    alert = raised(grounds=[(police.pk, "crime records")])
    officer = signed_in(Role.OFFICER)
    page = officer.get("/assess/alerts/").content.decode()
    assert "None has been raised yet" in page and "Larkhill" not in page
    missing = officer.get("/assess/alerts/999999/")
    for address in ("", "homes/"):
        answer = officer.get(f"/assess/alerts/{alert.pk}/{address}")
        assert (answer.status_code, plain(answer)) == (404, plain(missing))
    assert AuditEntry.objects.filter(act="refusal", subject="address:alerts:alert").exists()
    agree(police, make_agency(), DataClass.CRIME)
    assert "After a burglary in Larkhill" in officer.get("/assess/alerts/").content.decode()
    assert "1 Canary Street" in officer.get(f"/assess/alerts/{alert.pk}/homes/").content.decode()


def test_no_role_opens_the_homes_of_another_agency_s_alert(homes: None) -> None:
    """A coordinator works with everybody's alerts, but the nearest home is a victim's: that takes an agreement."""
    police = make_agency("Aldershire Police", AgencyKind.POLICE)
    alert = raised(grounds=[(police.pk, "crime records")])
    coordinator = signed_in(Role.COORDINATOR)
    page = coordinator.get(f"/assess/alerts/{alert.pk}/").content.decode()
    assert "After a burglary in Larkhill" in page and "Show the homes nearby" not in page
    assert coordinator.get(f"/assess/alerts/{alert.pk}/homes/").status_code == 404


def test_homes_of_a_file_that_came_before_its_agency_go_by_the_class_agreed(homes: None) -> None:
    alert = raised(grounds=[(None, "crime records")])
    coordinator = signed_in(Role.COORDINATOR)
    assert coordinator.get(f"/assess/alerts/{alert.pk}/homes/").status_code == 404
    agree(make_agency("Aldershire Police", AgencyKind.POLICE), make_agency(), DataClass.CRIME)
    assert "1 Canary Street" in coordinator.get(f"/assess/alerts/{alert.pk}/homes/").content.decode()


def test_without_a_record_of_the_look_the_homes_are_not_shown(homes: None, monkeypatch: Any) -> None:
    alert = raised()

    def broken(**about: Any) -> None:
        raise RuntimeError("the trail cannot be written")

    client = signed_in(Role.COORDINATOR)
    monkeypatch.setattr(services.audit, "record", broken)
    client.raise_request_exception = False
    answer = client.get(f"/assess/alerts/{alert.pk}/homes/")
    assert answer.status_code == 500 and "Canary Street" not in answer.content.decode()
