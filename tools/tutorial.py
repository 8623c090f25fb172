"""The tutorial's code run in order, and what it prints put under each block. Run: python -m tools.tutorial"""

import contextlib
import io
import re
from typing import Any

from tools.places import ROOT

FILE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"(```python\n(?P<code>.*?)```\n)(\n```text\n.*?```\n)?", re.DOTALL)


def with_output(page: str) -> str:
    """``page`` with what each block prints in a block of text under it. Blocks see what those before them made."""
    made: dict[str, Any] = {}

    def run(match: re.Match[str]) -> str:
        said = io.StringIO()
        line = page.count("\n", 0, match.start("code"))
        code = compile("\n" * line + match["code"], str(FILE), "exec")  # errors name the line of the page
        with contextlib.redirect_stdout(said):
            exec(code, made)
        words = said.getvalue()
        return match[1] + (f"\n```text\n{words}```\n" if words else "")

    return BLOCK.sub(run, page)


if __name__ == "__main__":
    FILE.write_text(with_output(FILE.read_text(encoding="utf-8")), encoding="utf-8")
