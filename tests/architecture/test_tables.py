"""Tables point down and know each other by name only."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

FLOORS = [
    "ui",
    "foundation.audit",
    "foundation.jobs",
    "foundation.agencies|foundation.places",
    "records",
    "delivery",
    "oversight",
]


def height(room: str) -> int:
    """How far up in the house a room's tables stand; a wing counts as one height except for the foundation."""
    for number, floor in enumerate(FLOORS):
        if any(room.removeprefix("frankpledge.").startswith(part) for part in floor.split("|")):
            return number
    raise AssertionError(f"{room} has tables but no place in the list of floors")


def our_models() -> list[type[models.Model]]:
    """Every table of ours."""
    return [model for model in apps.get_models() if model.__module__.startswith("frankpledge.")]


def test_foreign_keys_point_down() -> None:
    """A table refers to its own room or to one on a lower floor."""
    upward = [
        f"{model.__name__}.{field.name} -> {target.__name__}"
        for model in our_models()
        for field in model._meta.get_fields()
        if (target := getattr(field, "related_model", None)) and not field.auto_created and is_ours(target)
        if room_of(target) != room_of(model) and height(room_of(target)) >= height(room_of(model))
    ]
    assert not upward


def is_ours(model: type[models.Model]) -> bool:
    """True for a table of this product."""
    return model.__module__.startswith("frankpledge.")


def room_of(model: type[models.Model]) -> str:
    """The room a table belongs to."""
    return apps.get_app_config(model._meta.app_label).name


@pytest.mark.django_db
def test_the_migrations_make_the_tables_the_models_describe() -> None:
    """Nobody has changed a model and forgotten its migration."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
