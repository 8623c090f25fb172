"""The audit trail: what may be written, that it stays as written, and that an act without its entry does not happen."""

from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from frankpledge.foundation.agencies import services as agencies
from frankpledge.foundation.agencies.models import Agency
from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.foundation.audit import selectors, services
from frankpledge.foundation.audit.models import AuditEntry, AuditHead
from frankpledge.foundation.audit.services import AuditTrailBroken, record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor

BY = Actor.system("tests")


def write(count: int = 1, **changed: object) -> AuditEntry:
    for number in range(count):
        fields = {"act": Act.COLLECTION, "what": f"Took in number {number}.", "subject": "tests:1", "by": BY, **changed}
        with transaction.atomic():
            entry = record(**fields)  # type: ignore[arg-type]
    return entry


@pytest.mark.django_db
def test_entries_are_numbered_chained_and_verified() -> None:
    first, second = write(), write()
    assert second.sequence == first.sequence + 1
    assert second.previous_hash == first.entry_hash
    verification = selectors.verify()
    assert verification.unbroken
    assert verification.sentence().endswith(f"entries, unbroken, head {second.entry_hash[:12]}…")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the act"):
        record(act=Act.COLLECTION, what="Took something in.", subject="tests:1", by=BY)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET what = 'nothing happened'",
        "UPDATE audit_auditentry SET actor_name = 'somebody else' WHERE sequence = 2",
        "DELETE FROM audit_auditentry",
        "DELETE FROM audit_auditentry WHERE sequence = 3",
        "DELETE FROM audit_audithead",
        "UPDATE audit_audithead SET sequence = 1",
        "UPDATE audit_audithead SET entry_hash = 'x'",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement: str) -> None:
    write(3)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert selectors.verify().entries == 3


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_empty_or_replace_entries() -> None:
    write(3)
    statement = (
        "TRUNCATE audit_auditentry, audit_audithead"
        if connection.vendor == "postgresql"
        else "INSERT OR REPLACE INTO audit_auditentry SELECT * FROM audit_auditentry WHERE sequence = 2"
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert selectors.verify().unbroken


@pytest.mark.django_db(transaction=True)
def test_an_act_whose_entry_cannot_be_written_did_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(services, "_append", fails)
    with pytest.raises(DatabaseError, match="disk full"):
        agencies.add_agency(name="Brackenshire Constabulary", kind=AgencyKind.POLICE, by=BY)
    assert not Agency.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(act=Act.ALTERATION, what="Changed something.", subject="tests:1", by=BY)
        raise ZeroDivisionError
    assert not AuditEntry.objects.exists()
    assert selectors.verify().sentence() == "The audit trail is empty."


@pytest.mark.django_db
def test_a_disclosure_names_its_recipient() -> None:
    with pytest.raises(ValueError, match="recipient"):
        write(act=Act.DISCLOSURE)
    assert write(act=Act.DISCLOSURE, recipient="Brackenshire Constabulary").recipient == "Brackenshire Constabulary"


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["what", "subject"])
def test_an_entry_says_what_and_to_what(missing: str) -> None:
    with pytest.raises(ValueError, match="what was done"):
        write(**{missing: ""})


@pytest.mark.django_db
def test_what_is_written_is_read_back_whatever_characters_it_holds() -> None:
    awkward = "Line\nbreak \x1b[31mred\x1b[0m \u202eturned\u202c nul\x00 lone\ud800 ŵŷ 😀 ' \" \\ ;--"
    entry = write(what=awkward, purpose=awkward, details={"b": [1.5, None, awkward], "a": 1})
    stored = AuditEntry.objects.get(pk=entry.pk)
    assert stored.what == awkward.replace("\x00", "\\x00").replace("\ud800", "\\ud800")
    assert stored.details["b"][:2] == [1.5, None]
    assert selectors.verify().unbroken


@pytest.mark.django_db
def test_a_missing_head_over_entries_stops_everything_that_must_be_recorded() -> None:
    from frankpledge.foundation.audit import triggers

    write(3)
    triggers.remove(connection)
    AuditHead.objects.all().delete()
    triggers.install(connection)
    with pytest.raises(AuditTrailBroken, match="Run `frankpledge audit verify`"):
        write()
    assert "may have been cut short" in selectors.verify().sentence()


@pytest.mark.django_db
def test_entries_about_one_thing_are_found() -> None:
    write(subject="incidents:batch 7", act=Act.CONSULTATION)
    write(subject="incidents:batch 71")
    assert [entry.act for entry in selectors.entries_about("incidents:batch 7")] == ["consultation"]


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_make_one_unbroken_trail() -> None:
    def writer() -> None:
        try:
            write(20)
        finally:
            connection.close()

    threads = [Thread(target=writer) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verification = selectors.verify()
    assert (verification.entries, verification.problem) == (100, None)
