"""`python -m frankpledge.server serve | worker | migrate`: the processes of an installation."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from frankpledge import __version__
from frankpledge.vocabulary.errors import FrankpledgeError

if TYPE_CHECKING:
    from frankpledge.server.installation import Installation

EXIT_MENDABLE = 2
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the processes; returns its exit code. A mistake a person can mend ends in one sentence."""
    options = parser().parse_args(arguments)
    # Whatever an installation writes holds police records: nobody else on the machine reads it.
    os.umask(0o077)
    try:
        return int(options.run(options))
    except FrankpledgeError as error:
        return _say(error.sentence)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as error:
        if error.filename is None:
            raise
        return _say(f"{os.fsdecode(error.filename)}: {error.strerror}.")


def parser() -> argparse.ArgumentParser:
    """The options of the three commands."""
    root = argparse.ArgumentParser(prog="frankpledge", description="The processes of a Frankpledge installation.")
    root.add_argument("--version", action="version", version=f"frankpledge {__version__}")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = _command(commands, "serve", "Serve the web application and do its work.", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    serve.add_argument("--workers", type=_count, default=2, metavar="N", help="web processes (default: %(default)s)")
    serve.add_argument(
        "--demo-password",
        default=os.environ.get("FRANKPLEDGE_DEMO_PASSWORD"),
        metavar="WORD",
        help="all demo accounts take this password and no second factor (loopback addresses only)",
    )
    serve.add_argument("--no-demo", action="store_true", help="do not load the demo partnership into a new database")

    _command(commands, "worker", "Do waiting work, without the web application.", _worker)
    _command(commands, "migrate", "Bring the database up to this version.", _migrate)
    return root


def _command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str, run: object):  # type: ignore[no-untyped-def]
    command = commands.add_parser(name, help=says, description=says)
    command.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("FRANKPLEDGE_DATA", ".frankpledge")),
        metavar="DIR",
        help="where this installation keeps its state (default: FRANKPLEDGE_DATA, else %(default)s)",
    )
    command.set_defaults(run=run)
    return command


def _port(word: str) -> int:
    port = int(word)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return port


def _count(word: str) -> int:
    count = int(word)
    if count < 1:
        raise argparse.ArgumentTypeError("at least one web process is needed")
    return count


def _serve(options: argparse.Namespace) -> int:
    from frankpledge.server.serve import serve

    return serve(
        data=options.data,
        host=options.host,
        port=options.port,
        web_processes=options.workers,
        demo_password=options.demo_password,
        no_demo=options.no_demo,
    )


def _worker(options: argparse.Namespace) -> int:
    installation = _prepared(options.data)[0]
    from frankpledge.server.worker import work

    print(f"Doing waiting work for {installation.data}. Stop with Ctrl-C.", flush=True)
    return work()


def _migrate(options: argparse.Namespace) -> int:
    _, changed = _prepared(options.data)
    if not changed:
        print("The database is up to date.")
    return 0


def _prepared(data: Path) -> "tuple[Installation, bool]":
    """The installation with Django started and its database up to date; and whether that took a change."""
    from frankpledge.server.installation import Installation

    installation = Installation.open(data)
    installation.start_django(demo=bool(installation.memory().demo))
    from frankpledge.server.schema import bring_up_to_date

    with installation.prepared_alone(say=print):
        return installation, bring_up_to_date(say=print)


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return EXIT_MENDABLE


if __name__ == "__main__":
    sys.exit(main())
