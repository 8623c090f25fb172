"""The made-up district of the pages' tests, with a second source whose days, hours and homes are known."""

from tests.made_up_place import aldershire, as_role, data_folder, partnership

__all__ = ["aldershire", "as_role", "data_folder", "partnership"]
