"""The reference of the commands, `docs/commands.md`, from what `--help` says. Run: python -m tools.command_reference"""

from collections.abc import Iterator
from typing import Any

import click

from frankpledge.cli import analyse, evaluate
from tools.places import ROOT

FILE = ROOT / "docs" / "commands.md"
WIDTH = 100
HEAD = """# The commands of the analysis engine

Every method over your own files, from the command line. `frankpledge analyse` finds out, `frankpledge evaluate` says
whether a scheme worked.

- **Files** are CSV (comma, semicolon or tab; UTF-8), gzip of CSV, or Parquet; several of one kind count as one.
  Positions are metres, such as British National Grid eastings and northings. Dates are ISO, day/month/year, or whole
  day numbers. `--where COLUMN=VALUE` takes only some of the rows.
- **Without options** a method prints one sentence, a table, what to doubt, and how it was worked out.
- `--json FILE` writes all numbers; `--json -` prints them alone. What cannot be computed is `null`, never a number.
  `--plot FILE.svg` or `.png` draws.
- **Chance** is seeded: the same file, settings and `--seed` give the same answer.
- A **mistake** is one sentence on standard error and exit code 2. Rows that cannot be used are counted and named.

This page is made from the commands' own `--help`.
"""


def reference() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for name, group in (("analyse", analyse.command), ("evaluate", evaluate.command)):
        assert isinstance(group, click.Group)
        parts += _group(name, group)
    return "\n".join(parts)


def _group(name: str, group: click.Group) -> Iterator[str]:
    yield f"## frankpledge {name}\n"
    yield "| method | what it does |\n|---|---|"
    for method, command in group.commands.items():
        yield f"| [{method}](#frankpledge-{name}-{method}) | {command.short_help} |"
    yield ""
    for method, command in group.commands.items():
        yield f"### frankpledge {name} {method}\n"
        yield f"```text\n{_help(command, f'frankpledge {name} {method}')}\n```\n"


def _help(command: click.Command, path: str) -> str:
    settings: dict[str, Any] = {
        "terminal_width": WIDTH,
        "max_content_width": WIDTH,
        "help_option_names": ["-h", "--help"],
    }
    with click.Context(command, info_name=path, **settings) as context:
        return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
