"""Charts: well-formed files that stand alone, with every figure as words, and PNG that shows them."""

import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

from frankpledge.reports import plots
from frankpledge.vocabulary.errors import DataProblem

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "Burglary & “theft” <here>", "description": "What the picture shows."}


def heat(**more: object) -> str:
    return plots.heat_table(
        ["same place", "100 m"], ["days 0 to 6", "7 to 13"], [[2.0, None], [0.5, 1.0]], **WORDS, **more
    )  # type: ignore[arg-type]


def surface(values: np.ndarray, **more: object) -> str:
    return plots.surface_map(values, west=450_000, south=260_000, cell_m=100, unit="events", **WORDS, **more)  # type: ignore[arg-type]


def line(values: list[float | None] | None = None, **more: object) -> str:
    return plots.line_chart(["2021", "2022", "2023", "2024"], values or [1.0, 4.0, None, 9.0], **WORDS, **more)  # type: ignore[arg-type]


def bars() -> str:
    return plots.bar_chart(["one", "two"], [1234.0, 0.0], **WORDS)


def intervals() -> str:
    rows = [plots.Measured("target", -107.0, -167.2, -46.8), plots.Measured("buffer", 12.0, None, 30.0)]
    return plots.interval_chart(rows, reference=0.0, **WORDS)


EVERY: list[Callable[[], str]] = [heat, lambda: surface(np.eye(5)), line, bars, intervals]


@pytest.mark.parametrize("draw", EVERY)
def test_every_chart_stands_alone_and_names_itself(draw: Callable[[], str]) -> None:
    text = draw()
    root = ET.fromstring(text)
    assert root.find(f"{SVG}title").text == WORDS["title"]  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == WORDS["description"]  # type: ignore[union-attr]
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "style=" not in text and "<script" not in text and "nan" not in text.lower()
    assert (
        " ".join(node.text or "" for node in root.iter(f"{SVG}text") if node.get("class") == "title") == WORDS["title"]
    )


@pytest.mark.parametrize("draw", EVERY)
def test_everything_lies_on_the_paper(draw: Callable[[], str]) -> None:
    root = ET.fromstring(draw())
    _, _, width, height = (float(part) for part in root.get("viewBox", "").split())
    for node in root.iter(f"{SVG}text"):
        assert 0 <= float(node.get("x", "0")) <= width
        assert 0 <= float(node.get("y", "0")) <= height


@pytest.mark.parametrize("draw", EVERY)
def test_png_shows_it_at_twice_the_size(draw: Callable[[], str]) -> None:
    text = draw()
    png = plots.as_png(text)
    wide, tall = struct.unpack(">II", png[16:24])
    root = ET.fromstring(text)
    assert (wide, tall) == (2 * int(root.get("width", "0")), 2 * int(root.get("height", "0")))


def test_png_without_a_typeface_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture without words would say nothing."""
    monkeypatch.setattr(plots, "_has_typeface", lambda: False)
    with pytest.raises(DataProblem, match="typeface"):
        plots.as_png(heat())


def shown(text: str, class_: str) -> list[str]:
    return [
        node.text or "" for node in ET.fromstring(text).iter(f"{SVG}text") if class_ in node.get("class", "").split()
    ]


def test_cells_carry_their_figures_and_stars() -> None:
    assert shown(heat(marked=[(0, 0)]), "figure") == ["2.0*", "–", "0.5", "1.0"]


def test_a_surface_keeps_north_up_and_joins_cells() -> None:
    values = np.zeros((3, 4))
    values[0, 1:3] = 5.0  # the southern row, two cells side by side
    root = ET.fromstring(surface(values))
    paths = list(root.iter(f"{SVG}path"))
    assert len(paths) == 1 and paths[0].get("d", "").count("M") == 1
    ground = next(node for node in root.iter(f"{SVG}rect") if node.get("class") == "shade0")
    top, tall = float(ground.get("y", "0")), float(ground.get("height", "0"))
    assert float(paths[0].get("d", "")[1:].split("h")[0].split()[1]) == pytest.approx(top + tall * 2 / 3, abs=0.2)


def test_a_signed_surface_has_warm_and_cold_classes() -> None:
    text = surface(np.array([[4.0, -4.0, 0.0, np.nan]]), edges=(1.96, 2.58, 3.29))
    classes = {node.get("class") for node in ET.fromstring(text).iter(f"{SVG}path")}
    assert classes == {"shade5", "cold3"}
    assert "-3.29 and below" in shown(text, "note")


def test_shades_agree_with_the_legend() -> None:
    """A value on the edge of a class belongs to the class above it, in the map as in the words."""
    values = np.linspace(1, 100, 100).reshape(10, 10)
    classes = plots.classes_for([float(value) for value in values.ravel()])
    shades = plots._shades(values, classes, signed=False)
    assert all(shades.ravel()[i] == classes.shade(float(value)) for i, value in enumerate(values.ravel()))


def test_a_large_surface_is_a_small_file() -> None:
    random = np.random.Generator(np.random.PCG64(1))
    rough = np.add.outer(np.sin(np.arange(200) / 20), np.cos(np.arange(200) / 20)) + random.normal(0, 0.01, (200, 200))
    assert len(surface(np.exp(rough))) < 300_000


def test_a_missing_value_is_a_gap() -> None:
    paths = [node for node in ET.fromstring(line()).iter(f"{SVG}path") if node.get("class") == "line"]
    assert paths[0].get("d", "").count("M") == 2


def test_a_line_can_go_below_nought_and_carry_a_band() -> None:
    text = line([-5.0, 2.0, 3.0, 4.0], lower=[-6.0, 0.0, 1.0, 2.0], upper=[0.0, 4.0, 5.0, 6.0], change_after=2)
    assert "-6" in " ".join(shown(text, "tick"))
    assert any(node.get("class") == "band" for node in ET.fromstring(text).iter(f"{SVG}path"))


def test_intervals_are_said_in_figures() -> None:
    said = shown(intervals(), "tick")
    assert "-107 (-167 to -47)" in said and "12 (up to 30)" in said
