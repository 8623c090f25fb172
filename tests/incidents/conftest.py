"""A data folder of its own for every test of the catalogue."""

from tests.made_up_place import data_folder

__all__ = ["data_folder"]
