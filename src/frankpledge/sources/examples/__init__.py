"""Five published plans as worked examples: facts and figures typed from the documents, with short quotations as claims.

They are the documentation's running examples. ``docs/examples.md`` describes their shape.
"""

import json
from functools import lru_cache
from importlib import resources
from typing import Any

from frankpledge.vocabulary.errors import RuleBroken

NAMES = ("mansfield", "salford", "harborough", "hallmarks", "barnet")


@lru_cache(maxsize=len(NAMES))
def _text(name: str) -> str:
    return resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")


def read(name: str) -> dict[str, Any]:
    """The example of that name, as plain values. Raises RuleBroken for a name that is not shipped."""
    if name not in NAMES:
        raise RuleBroken(f"There is no example “{name}”. There are: {', '.join(NAMES)}.")
    found: dict[str, Any] = json.loads(_text(name))
    return found
