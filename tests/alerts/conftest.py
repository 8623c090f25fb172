"""The made-up district the detectors look at, and people who decide on what they find."""

from tests.made_up_place import aldershire, as_role, data_folder, partnership

__all__ = ["aldershire", "as_role", "data_folder", "partnership"]
