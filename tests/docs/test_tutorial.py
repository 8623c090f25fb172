"""The tutorial runs as written, and prints what it says it prints."""

import tempfile
from pathlib import Path

import pytest

from tools.tutorial import FILE, with_output


def test_the_tutorial_runs_and_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = FILE.read_text(encoding="utf-8")
    assert page.count("```python") > 10
    assert with_output(page) == page, "run: python -m tools.tutorial"
