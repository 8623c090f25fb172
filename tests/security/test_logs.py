"""What is written down besides the records: no secrets, nobody's address, one line for one event."""

import io
import logging

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.foundation.agencies import services
from frankpledge.foundation.audit import selectors as audit
from frankpledge.server.logs import OneLine, WithoutAddresses
from frankpledge.vocabulary.permissions import Role
from tests.people import PASSWORD, TESTS, code_for, make_agency, make_person

CANARY = "canary-7f3a9c"


@pytest.fixture
def written() -> io.StringIO:
    """Everything logged meanwhile, as the handler of an installation writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutAddresses())
    handler.setFormatter(OneLine("{levelname} {name}: {message}", style="{"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_no_password_code_link_or_token_gets_into_the_log_or_the_trail(written: io.StringIO) -> None:
    cache.clear()
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)  # a development aid that is never on
    email, password = f"{CANARY}@aldercombe.example", f"{CANARY} a long word 17"
    person = services.add_person(
        email=email, name="Tess Canary", agency=make_agency(), role=Role.ADMINISTRATOR, password=password, by=TESTS
    )
    client = Client(raise_request_exception=False)
    client.post("/account/sign-in/", {"login": email, "password": f"{CANARY}-wrong"})
    client.post("/account/sign-in/", {"login": email, "password": password})
    client.post("/account/password/forgotten/", {"email": email})
    link = services.give_set_password_path(person=person, by=TESTS)
    client.get(link)
    other = make_person(Role.ADMINISTRATOR)
    code = code_for(other)
    client.post("/account/sign-out/")
    client.post("/account/sign-in/", {"login": other.email, "password": PASSWORD})
    client.post("/account/sign-in/code/", {"code": code})
    client.get(f"/there-is-nothing-here/?token={CANARY}")
    client.post("/administration/people/add/", {"name": CANARY, "email": "x", "password": CANARY})
    session = client.cookies["sessionid"].value
    secrets = [CANARY, password, link.split("-", 1)[1].strip("/"), session, PASSWORD]
    trail = str(list(audit.entries().values()))
    for secret in secrets:
        assert secret not in written.getvalue()
        assert secret not in trail
    assert code not in trail


@pytest.mark.django_db
def test_passwords_are_nowhere_in_the_database() -> None:
    """Every text of every table, after signing in rightly and wrongly."""
    cache.clear()
    person = make_person(Role.ANALYST)
    client = Client()
    client.post("/account/sign-in/", {"login": person.email, "password": f"{CANARY}-wrong"})
    client.post("/account/sign-in/", {"login": person.email, "password": PASSWORD})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = str(cursor.fetchall())
            assert CANARY not in rows, table
            assert PASSWORD not in rows, table


def logged(message: str, *arguments: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutAddresses())
    handler.setFormatter(OneLine("{levelname} {name}: {message}", style="{"))
    handler.handle(logging.LogRecord("tests", logging.WARNING, "", 0, message, arguments, None))
    return stream.getvalue()


@pytest.mark.parametrize("address", ["tess@aldercombe.example", "tess.oneil+x@mail.aldercombe.example"])
def test_addresses_are_blotted_out(address: str) -> None:
    assert logged("Not sent to %s, but written to the outbox.", address) == (
        "WARNING tests: Not sent to (address), but written to the outbox.\n"
    )


@given(st.text())
def test_one_event_is_one_line_whatever_somebody_calls_themselves(name: str) -> None:
    line = logged("Somebody called %s looked.", name)
    assert line.endswith("looked.\n")
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(line)


def test_the_row_that_broke_a_rule_of_the_database_is_not_logged_with_the_error(written: io.StringIO) -> None:
    """PostgreSQL tells the whole row; what it says is written out here so that both databases run the test."""
    said = f"null value breaks a rule\nDETAIL:  Failing row contains (7, {CANARY}, 1 Private Street).\nHINT:  none"
    try:
        raise IntegrityError(said)
    except IntegrityError:
        logging.getLogger("frankpledge.test").exception("It failed")
    text = written.getvalue()
    assert "null value breaks a rule" in text and "DETAIL: (left out)" in text
    assert CANARY not in text and "Private" not in text
