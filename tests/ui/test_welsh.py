"""Everything a person can read is there in Welsh too."""

import re

import pytest
from babel.messages.pofile import read_po

from tests.ui.messages import CATALOGUE, messages, welsh

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}|%%")
FORMS = 4  # of a counted noun, as Django's own Welsh has them


@pytest.fixture(scope="module")
def asked():
    return messages()


@pytest.fixture(scope="module")
def said():
    return welsh()


def test_every_sentence_has_its_welsh(asked, said):
    without = [
        f"{file}: {sentence}"
        for (sentence, plural), file in asked.items()
        if not all(said.get(sentence, ("",))) or len(said[sentence]) != (FORMS if plural else 1)
    ]
    assert not without, "\n".join(without)


def test_the_welsh_names_the_same_values(asked, said):
    for sentence, plural in asked:
        values = [sorted(PLACEHOLDER.findall(english)) for english in (sentence, plural) if english]
        for form in said.get(sentence, ()):
            assert sorted(PLACEHOLDER.findall(form)) in values, (sentence, form)


def test_the_catalogue_compiles_without_complaint():
    with CATALOGUE.open("rb") as file:
        faults = [(message.id, list(map(str, errors))) for message, errors in read_po(file, locale="cy").check()]
    assert not faults


def test_the_finder_sees_every_kind_of_file(asked):
    places = set(asked.values())
    assert {"ui/templates/404.html", "records/incidents/pages.py", "analysis/findings.py"} <= places
    assert any(place.startswith("reports/templates/") for place in places)
    assert ("%(count)s row", "%(count)s rows") in asked
