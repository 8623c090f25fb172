"""`frankpledge places` and the story behind it, on the real boundaries where they are at hand."""

from pathlib import Path

import pytest

from frankpledge.foundation.places import selectors
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.workflows.load_places import load_places, places_lines

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not (DATA / "boundaries").is_dir(), reason="the shared boundary files are not here")

pytestmark = pytest.mark.django_db


@needs_data
def test_a_district_is_loaded_with_its_whole_force(by: Actor) -> None:
    """Harborough is compared with Leicester, so Leicester comes too; Nottinghamshire does not."""
    report = load_places(DATA / "boundaries", DATA / "denominators", districts=["Harborough"], by=by)
    assert report.lines()[0].startswith("Loaded: 611 small areas, ")
    assert any(line.startswith("census 2011, households: 405,561 in 611") for line in report.lines())
    around = selectors.geography_around(selectors.find_area("Harborough").code)
    names = [area.name for area in around.of_level(AreaLevel.DISTRICT)]
    assert "Leicester" in names
    assert "Mansfield" not in names
    assert around.denominators["census-2011"].total(around.small_areas_in("E07000131")) == 34_898


@needs_data
def test_loading_the_same_files_again_says_so(by: Actor) -> None:
    """Nothing changes."""
    load_places(DATA / "boundaries", None, districts=["Rutland"], by=by)
    again = load_places(DATA / "boundaries", None, districts=["Rutland"], by=by)
    assert again.lines()[0].startswith("Already here, nothing changed")
    assert "no rates" in again.lines()[1]


@needs_data
def test_a_district_nobody_knows_is_one_sentence(by: Actor) -> None:
    """Before anything is read."""
    with pytest.raises(DataProblem, match="no district, partnership or force called “Nowhere”"):
        load_places(DATA / "boundaries", None, districts=["Nowhere"], by=by)


def test_an_empty_installation_says_how_to_fill_it() -> None:
    """The first thing a newcomer sees."""
    assert places_lines() == ["No areas have been loaded yet. Load them with `frankpledge places load --areas DIR`."]
