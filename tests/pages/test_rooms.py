"""The rows of rooms behind a door: each role finds what means something to it."""

from frankpledge.oversight.overview import frame
from frankpledge.vocabulary.permissions import Permission


def names(*held: Permission) -> list[str]:
    return [room.name for room in frame.rooms("/deliver/schemes/", frozenset(held))]


def test_recovered_kit_has_a_room_of_its_own_for_those_who_see_nothing_else_of_homes():
    officer = names(Permission.VIEW_SCHEMES, Permission.LOOK_UP_KITS)
    assert officer == ["Area schemes", "Recovered kit"]
    coordinator = names(Permission.VIEW_HOMES, Permission.VIEW_SCHEMES, Permission.LOOK_UP_KITS)
    assert coordinator == ["Safe homes", "Area schemes"], "the register of kits leads there"
