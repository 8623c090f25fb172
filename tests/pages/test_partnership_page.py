"""The administrator says what the partnership is called, its colour, and which area its pages begin with."""

import pytest

from frankpledge.foundation.agencies import selectors, services
from frankpledge.foundation.audit import selectors as audit
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.pages.made_up import BY, receive_months

ADDRESS = "/administration/partnership/"


def saved(**changed):
    usual = {"name": "Safer Valleys", "welsh_name": "Cymoedd Diogelach", "colour": "#005A30", "own_area": ""}
    return {**usual, **changed}


def test_what_is_saved_stands_on_every_page_and_in_the_trail(as_role, aldershire):
    browser = as_role(Role.ADMINISTRATOR)
    page = browser.post(ADDRESS, saved(), follow=True).content.decode()
    assert "It is saved." in page and "Safer Valleys" in page and "/colours/005a30.css" in page
    assert 'value="Cymoedd Diogelach"' in page
    entry = audit.entries().first()
    assert entry.what == "Named the partnership." and entry.details["colour"] == "#005a30"


def test_a_partnership_named_otherwise_begins_with_the_area_it_chose(as_role, aldershire):
    receive_months(3)
    choices = as_role(Role.ADMINISTRATOR).get(ADDRESS).context["form"].fields["own_area"].choices
    ((_group, districts),) = [choice for choice in choices if choice[0] == "Districts"]
    analyst = as_role(Role.ANALYST)
    for code, name in districts[:2]:
        as_role(Role.ADMINISTRATOR).post(ADDRESS, saved(own_area=code))
        assert f"Burglary in {name}" in analyst.get("/assess/picture/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Enter the partnership’s name."),
        ({"colour": "navy"}, "Enter a colour such as #17315c."),
        ({"colour": "#17315c}"}, "Enter a colour such as #17315c."),
        ({"own_area": "E07000999"}, "Choose an area from the list."),
    ],
)
def test_a_fault_is_said_and_nothing_is_changed(as_role, aldershire, changed, sentence):
    answer = as_role(Role.ADMINISTRATOR).post(ADDRESS, saved(**changed))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert selectors.partnership().name == "Safer Aldershire Partnership"


@pytest.mark.parametrize("changed", [{"colour": "red"}, {"own_area": "Harborough"}, {"name": ""}])
def test_no_other_way_in_takes_them_either(partnership, changed):
    with pytest.raises(RuleBroken):
        services.name_partnership(**saved(**changed), by=BY)


def test_nobody_else_finds_the_page(as_role, partnership):
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert as_role(role).get(ADDRESS).status_code == 404
