"""Which addresses are this machine's own."""

import os

import pytest

from frankpledge.server.serve import answers_to_others, is_loopback, say_own_address


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_only_this_machine_reaches_a_loopback_address(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "192.168.1.20", "example.org", "localhost.example.org", ""]
)
def test_every_other_address_may_be_reached_by_others(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("names", "others"),
    [
        ("", False),
        ("localhost, 127.0.0.1,[::1]", False),
        ("safer.example.gov.uk", True),
        ("localhost,safer.example.gov.uk", True),
        (" , ", False),
    ],
)
def test_an_installation_with_a_name_on_the_network_never_gets_the_demo(monkeypatch, names, others):
    monkeypatch.setenv("FRANKPLEDGE_HOSTS", names)
    assert answers_to_others() is others


@pytest.mark.parametrize(("names", "said"), [("", "http://127.0.0.1:8000"), ("safer.example.gov.uk", None)])
def test_behind_a_proxy_residents_are_not_sent_to_the_machine_itself(monkeypatch, names, said):
    monkeypatch.setenv("FRANKPLEDGE_HOSTS", names)
    monkeypatch.setenv("FRANKPLEDGE_PUBLIC_ADDRESS", "")
    monkeypatch.delenv("FRANKPLEDGE_PUBLIC_ADDRESS")
    say_own_address("127.0.0.1", 8000)
    assert os.environ.get("FRANKPLEDGE_PUBLIC_ADDRESS") == said
