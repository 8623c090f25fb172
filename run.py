#!/usr/bin/env python3
"""The one way in: `python3 run.py serve` to use Frankpledge, `python3 run.py test` to work on it.

Needs Python 3.11 or newer and its installer, and nothing else. Everything it makes is in folders that git ignores.
"""

import signal
import sys

USAGE = """python3 run.py COMMAND

  serve [--port N] [--host H] [--data DIR] [--demo-password WORD]
                           make what is missing, then serve the demo partnership on http://127.0.0.1:8000
  test [ARGUMENTS]         the whole suite, on SQLite and on PostgreSQL; arguments go to pytest
  setup                    make the environment .venv, the styles and the translations, and stop there
  check                    format, lint, types, import contracts, lock files
  bench [NAME ...]         measure the speed promises as ratios, printed as a table
  campaign [NAME ...]      the long fault, fuzz and kill campaigns, recorded in docs/reliability.md
  screenshots DIR          photograph every page as every demo role, at 1280 and 390 pixels
"""
OLDEST_PYTHON = (3, 11)


def main(arguments: "list[str]") -> int:
    """Run one command and give back its exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(map(str, sys.version_info[:2]))
        print(f"Frankpledge needs Python 3.11 or newer, and this is {version}.", file=sys.stderr)
        return 2
    from tools import commands  # not above: an older Python could not even read it
    from tools.places import CannotGoOn

    chosen = commands.BY_NAME.get(command)
    if chosen is None:
        print(f"There is no command {command}.\n\n{USAGE}", file=sys.stderr)
        return 2
    # being told to end is handled as Ctrl-C is, so that whatever was started is stopped and temporary folders go
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return chosen(rest)
    except CannotGoOn as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
