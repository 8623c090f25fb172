"""Who may describe indicators, fill in their figures and see them. The table of roles is in ``agencies.policy``.

A figure rests on records. Where they are published, everybody who reads the plan sees it. Where they are an agency's,
it is seen by those whose sight covers them, until somebody entitled releases it to the whole partnership.
"""

from collections.abc import Iterable
from copy import copy
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.rules import read_grounds
from frankpledge.foundation.agencies.selectors import Sight, agencies, person_by_key, sight_of
from frankpledge.records.indicators import rules
from frankpledge.records.indicators.models import Figure
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.figures import Completeness
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.units import Unit


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may describe indicators."""
    if Permission.EDIT_INDICATORS not in policy.permissions_of_actor(by):
        raise NotPermitted("Only people whose role lets them edit indicators may do this.")


def check_can_save_figure(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may make figures: whoever fills them in, edits indicators or explores."""
    if not policy.permissions_of_actor(by) & {
        Permission.FILL_FIGURES,
        Permission.EDIT_INDICATORS,
        Permission.VIEW_EVENTS,
    }:
        raise NotPermitted("Only people whose role lets them fill in figures may do this.")


def can_fill(person: Any, indicator: Any) -> bool:
    """May ``person`` fill in this indicator's figures? Editors may fill all; others the ones they answer for."""
    held = policy.permissions_of(person)
    if Permission.FILL_FIGURES not in held:
        return False
    return Permission.EDIT_INDICATORS in held or indicator.owner_id == person.pk


def check_can_release(by: Actor, figures: Iterable[Figure]) -> None:
    """Raise NotPermitted unless ``by`` signs what the partnership prints and may see these figures."""
    policy.check_actor(by, Permission.SIGN_CLAIMS)
    if by.kind is ActorKind.PERSON:
        reader = Reader(person_by_key(by.id or 0))
        if not all(reader.sees(figure) for figure in figures):
            raise NotPermitted("A figure here rests on another agency’s records, which yours may not receive.")


class Reader:
    """For whose eyes figures are read: a person's, or everybody's where none is named (a document, a public claim).

    Whoever may not see a figure yet is given a copy without its number that says whom to ask. Four queries for a person
    and one for names, and only where a figure rests on records that are not published.
    """

    def __init__(self, person: Any = None) -> None:
        self._person = person

    @staticmethod
    def software() -> "Reader":
        """For the software's own work, whose results are read by way of another reader."""
        return _Software()

    def sees(self, figure: Figure) -> bool:
        """May they see the figure as it is?"""
        if not figure.grounds:
            return True
        if (release := figure.released) is not None and not release.rounded:
            return True
        return self._sight is not None and self._sight.covers(figure.grounds)

    def shown(self, figure: Figure) -> Figure:
        """The figure, rounded where it was released so, or a copy without its number."""
        if self.sees(figure):
            return figure
        return self._hidden(figure) if figure.released is None else _rounded(figure)

    def all_shown(self, figures: Iterable[Figure]) -> list[Figure]:
        """Each of them as ``shown`` gives it."""
        return [self.shown(figure) for figure in figures]

    @cached_property
    def _sight(self) -> Sight | None:
        return None if self._person is None else sight_of(self._person, timezone.localdate())

    @cached_property
    def _names(self) -> dict[int, str]:
        return {agency.pk: agency.name for agency in agencies()}

    def _hidden(self, figure: Figure) -> Figure:
        owners = {owner for owner, _ in read_grounds(figure.grounds)}
        names = sorted(self._names[owner] for owner in owners if owner is not None and owner in self._names)
        held = copy(figure)
        held.ask = ", ".join(names) or gettext("the partnership’s coordinator")
        held.value = held.numerator = held.denominator = held.interval_low = held.interval_high = held.n = None
        held.completeness = Completeness.TO_BE_CONFIRMED.value
        # Its name may have been made of the answer, numbers and all.
        held.name = figure.indicator.name if figure.indicator else figure.measure or figure.unit
        return held


class _Software(Reader):
    def sees(self, figure: Figure) -> bool:
        return True


def _rounded(figure: Figure) -> Figure:
    held = copy(figure)
    held.value, held.numerator = rules.rounded_figure(
        figure.value, Unit(figure.unit), figure.numerator, figure.denominator
    )
    held.interval_low = held.interval_high = held.n = None
    held.name = figure.indicator.name if figure.indicator else figure.measure or figure.unit
    held.method = f"{figure.method}; the count rounded to the nearest 5 before it was released"
    return held
