"""The same people and places as the pages' tests."""

from tests.made_up_place import as_role, partnership

__all__ = ["as_role", "partnership"]
