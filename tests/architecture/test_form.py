"""The checks of form that cost little enough to be part of every run."""

import subprocess
from pathlib import Path

import pytest

from tools import build_assets, checks

REPOSITORY = Path(__file__).resolve().parents[2]


def tracked_files() -> list[str]:
    """The files git keeps, or a skip where this is no git checkout."""
    done = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("only on a git checkout")
    return done.stdout.split("\n")


def nothing_said(problem: str) -> None:
    """Fail with what a check printed, whole."""
    if problem:
        pytest.fail(problem, pytrace=False)


def test_everything_is_formatted() -> None:
    """One style, so that a change shows what changed."""
    nothing_said(checks.check_format())


def test_the_linter_agrees() -> None:
    """No unused names, no blind excepts, no leftovers."""
    nothing_said(checks.check_lint())


@pytest.mark.slow
def test_types_hold() -> None:
    """What a function says it takes and gives back is so."""
    nothing_said(checks.check_types())


def test_lock_files_hold_no_addresses() -> None:
    """Whoever installs chooses where packages come from; the hashes say that they are the right ones."""
    nothing_said(checks.check_locks())


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.example/simple",
        '"resolved": "registry.example/a.tgz"',
        "a @ git+ssh://git@example/a",
        '"funding": {"url": "https://fund.example"}, "tarball": "https://registry.example/a.tgz"',
    ],
)
def test_an_address_in_a_lock_is_found(line: str) -> None:
    """The check above can fail."""
    assert checks.addresses(line)


def test_a_funding_link_is_no_address() -> None:
    """npm copies a package's own funding link into the lock; it is where people give, not where files come from."""
    assert not checks.addresses('"funding": {\n "type": "github", "url": "https://fund.example"\n }, "engines": {}')


def test_no_third_party_file_is_committed() -> None:
    """Styles, scripts and typeface are built at setup."""
    endings = (".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".whl", ".mo", ".jar", ".wasm")
    foreign = [
        name for name in tracked_files() if name.endswith(endings) or "/built/" in name or "node_modules" in name
    ]
    assert not foreign


def test_the_built_styles_wear_our_own_clothes() -> None:
    """GDS Transport, the crown and the crest belong to GOV.UK services only."""
    sheets = sorted(build_assets.BUILT.glob("*.css"))
    assert sheets, "run python3 run.py setup"
    for sheet in sheets:
        style = sheet.read_text(encoding="utf-8")
        assert "GDS Transport" not in style
        assert "govuk-crest" not in style
        assert "assets/fonts" not in style
    served = [file.name for file in build_assets.BUILT.rglob("*") if "crest" in file.name or "crown" in file.name]
    assert not served
