"""No published or peer-computed answer lies unused: each file of oracles is named by a reference test."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ORACLES = TESTS.parents[2] / "shared" / "oracles"


@pytest.mark.skipif(not ORACLES.is_dir(), reason="only on a checkout with the shared oracles beside it")
def test_every_oracle_has_a_reference_test():
    tests = "\n".join(file.read_text(encoding="utf-8") for file in TESTS.glob("test_*.py"))
    unused = [str(file.relative_to(ORACLES)) for file in sorted(ORACLES.rglob("*.json")) if file.stem not in tests]
    assert not unused, f"no test names {', '.join(unused)}"
