"""The reference of the commands says what the commands say."""

from tools.command_reference import FILE, reference


def test_the_reference_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == reference(), "run: python -m tools.command_reference"
