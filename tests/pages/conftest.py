"""A partnership with its places, and people to look at its pages."""

from tests.made_up_place import aldershire, as_role, data_folder, partnership

__all__ = ["aldershire", "as_role", "data_folder", "partnership"]
