"""Published reference results, read where they lie beside the repository; without them their tests are skipped."""

import json
from pathlib import Path
from typing import Any

import pytest

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "oracles" / "published"


def oracle(name: str) -> Any:
    """The reference called ``name``."""
    file = ORACLES / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the published results ../shared/oracles/published/{name}.json are not here")
    return json.loads(file.read_text(encoding="utf-8"))


def peer_oracle(name: str) -> Any:
    """The reference called ``name``, computed with other packages."""
    file = ORACLES.parent / "peers" / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the peers' results ../shared/oracles/peers/{name}.json are not here")
    return json.loads(file.read_text(encoding="utf-8"))
