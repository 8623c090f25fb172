"""Every method has its page: when to use it, what it assumes, how to read it, a picture, its papers, its peers."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tools.method_pictures import IMAGES, METHODS, PICTURES, drawn

ANALYSIS = Path(__file__).resolve().parents[2] / "src" / "frankpledge" / "analysis"
PAGES = sorted(path.stem for path in METHODS.glob("*.md") if path.stem != "README")
PARTS = {
    "when to use it": r"^\*\*Use (it|them)\*\*",
    "what it assumes": r"^\*\*Assumes\*\*",
    "how to read it": r"^\*\*Read (it|them)\.?\*\*",
    "its papers": r"^\*\*Sources\.\*\*",
    "its peers": r"^\*\*Peers\.\*\*",
}
# What methods stand on: shapes, loops and words, without a question of their own.
GROUND = {
    "count_models", "count_panel", "counts", "events", "findings", "grids", "kernels", "neighbours", "picture_doubts",
    "picture_material", "picture_parts", "picture_results", "places", "density_kernels", "results", "wall_clock",
}  # fmt: skip
MOST_BYTES = 60_000


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_all_that_a_reader_needs(page: str) -> None:
    text = (METHODS / f"{page}.md").read_text(encoding="utf-8")
    lacking = [part for part, pattern in PARTS.items() if not re.search(pattern, text, re.MULTILINE)]
    assert not lacking
    for target in re.findall(r"\]\(([\w/.-]+)\)", text):
        assert (METHODS / target).is_file(), target


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_its_picture_and_it_stands_alone(page: str) -> None:
    assert f"](images/{page}.svg)" in (METHODS / f"{page}.md").read_text(encoding="utf-8")
    written = (IMAGES / f"{page}.svg").read_bytes()
    assert len(written) <= MOST_BYTES
    text = written.decode()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert re.search(r"<style>.*fill: #", text, re.DOTALL)
    title = ET.fromstring(text).findtext("{http://www.w3.org/2000/svg}title")
    assert title and re.search(r"\d", title)  # the finding, in figures


def test_every_picture_is_on_a_page_and_drawn_by_the_command() -> None:
    assert {path.stem for path in IMAGES.iterdir()} == set(PICTURES) == set(PAGES)


def test_every_method_has_a_page_linked_from_the_list() -> None:
    listed = (METHODS / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([\w-]+)\.md\)", listed)) == set(PAGES)
    modules = {path.stem for path in ANALYSIS.glob("*.py")} - {"__init__"}
    assert modules >= GROUND
    assert set(re.findall(r"`analysis\.(\w+)`", listed)) == modules - GROUND


@pytest.mark.parametrize("page", ["cusum", "kernel-density"])
def test_drawing_again_gives_the_same_bytes(page: str) -> None:
    """After a change to a chart: ``python -m tools.method_pictures``."""
    assert drawn(page) == (IMAGES / f"{page}.svg").read_bytes()
