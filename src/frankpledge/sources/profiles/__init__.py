"""Source profiles: how each partner's file becomes events, counts, premises or answers."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from frankpledge.sources.profiles.profile import Column, Format, PeriodRule, Profile, Rename, Role, Room

__all__ = ["Column", "Format", "PeriodRule", "Profile", "Rename", "Role", "Room", "shipped"]


@cache
def shipped() -> Mapping[str, Profile]:
    """The profiles that come with this version, by name."""
    found = [
        Profile.from_dict(json.loads(entry.read_text(encoding="utf-8")))
        for entry in files(__package__).iterdir()
        if entry.name.endswith(".json")
    ]
    return {profile.name: profile for profile in sorted(found, key=lambda profile: profile.name)}
