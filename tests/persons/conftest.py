"""The made-up district in which people are matched, and people who may match them."""

from tests.made_up_place import aldershire, as_role, data_folder, partnership

__all__ = ["aldershire", "as_role", "data_folder", "partnership"]
