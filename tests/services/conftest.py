"""The same people and places as the pages' tests."""

from tests.pages.conftest import as_role, partnership

__all__ = ["as_role", "partnership"]
