"""What is served wears our own clothes: nothing that belongs to GOV.UK alone, nothing from another machine."""

import re
from pathlib import Path

import pytest

from frankpledge.oversight.overview.frame import text_on

UI = Path(__file__).resolve().parents[2] / "src" / "frankpledge" / "ui"
FORBIDDEN = re.compile(r"\beval\(|new Function|innerHTML|document\.write|https?://(?!www\.w3\.org/)")
BUILT = UI / "static" / "ui" / "built"


@pytest.fixture(scope="module")
def styles() -> str:
    sheet = BUILT / "frankpledge.css"
    if not sheet.is_file():
        pytest.skip("needs the built styles, which `python3 run.py setup` makes")
    return sheet.read_text(encoding="utf-8")


def test_nothing_of_govuk_alone_is_served(styles):
    assert "gds transport" not in styles.lower()
    for word in ("crown", "crest", "govuk-header__", "govuk-footer__"):
        assert word not in styles, word
    names = [file.name.lower() for file in BUILT.rglob("*") if file.is_file()]
    assert not [name for name in names if "crown" in name or "crest" in name or "gds" in name]


def test_every_file_the_styles_ask_for_is_there_and_ours(styles):
    asked = re.findall(r"url\(\"?([^\")]+)\"?\)", styles)
    assert asked, "the typeface"
    for address in asked:
        assert ":" not in address or address.startswith("data:"), address
        assert address.startswith("data:") or (BUILT / address).is_file(), address


def test_our_scripts_run_nothing_from_text():
    for script in (UI / "assets" / "js").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?://(?!www\.w3\.org/)", text), (
            script.name
        )


@pytest.mark.parametrize(
    ("colour", "text"), [("#17315c", "#ffffff"), ("#ffffff", "#0b0c0c"), ("#ffdd00", "#0b0c0c"), ("#000000", "#ffffff")]
)
def test_words_on_a_partnerships_colour_stand_out(colour, text):
    assert text_on(colour) == text
