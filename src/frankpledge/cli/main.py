"""The door of the command `frankpledge`.

Only click and the standard library are imported here: a sub-command's module is imported when that sub-command runs, so
`--help` answers at once. Errors a person can mend leave as one sentence on standard error with exit code 2.
"""

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from frankpledge import __version__
from frankpledge.vocabulary.errors import FrankpledgeError

EXIT_MENDABLE = 2
EXIT_INTERRUPTED = 130
EXIT_UNREAD = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One sub-command: the module under `frankpledge.cli` that holds it as `command`, and its line in `--help`."""

    module: str
    summary: str


SUB_COMMANDS: dict[str, Entry] = {
    "picture": Entry("picture", "Make the picture of an area from files, with no server."),
    "analyse": Entry("analyse", "Run a method of the analysis engine over a file."),
    "evaluate": Entry("evaluate", "Did a scheme work, and was it worth the money?"),
    "import": Entry("import_", "Load files into this installation's evidence store."),
    "profiles": Entry("profiles", "Show how partners' files are read, and try one on a file."),
    "assessment": Entry("assessment", "Compose the strategic assessment of an area."),
    "serve": Entry("serve", "Serve the web application on this machine."),
    "worker": Entry("worker", "Do waiting work, without the web application."),
    "places": Entry("places", "Load areas, households and premises."),
    "people": Entry("people", "Add people and their roles."),
    "audit": Entry("audit", "Verify the audit trail."),
    "claims": Entry("claims", "Check that every printed number is true of its own figures."),
    "example": Entry("example", "Load one of five worked examples into this installation."),
    "simulate": Entry("simulate", "Write the files of the made-up demo partnership."),
    "completion": Entry("completion", "Print the completion script for a shell."),
}


class LazyGroup(click.Group):
    """A group that imports a sub-command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table; a command this installation does not carry is not listed."""
        return [name for name, entry in SUB_COMMANDS.items() if _is_here(entry)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one sub-command, or None for a name that is not in the table."""
        entry = SUB_COMMANDS.get(cmd_name)
        if entry is None or not _is_here(entry):
            return None
        command = importlib.import_module(f"frankpledge.cli.{entry.module}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, from our own summaries: click's would import every module."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUB_COMMANDS[name].summary) for name in self.list_commands(ctx)])


def _is_here(entry: Entry) -> bool:
    return importlib.util.find_spec(f"frankpledge.cli.{entry.module}") is not None


@click.command(
    cls=LazyGroup,
    name="frankpledge",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="frankpledge", message="%(prog)s %(version)s")
def frankpledge() -> None:
    """The open platform a community safety partnership runs on."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0 done, 1 nobody read to the end, 2 a mistake a person can mend, 130 interrupted.

    An unexpected error is a bug and shows everything.
    """
    try:
        outcome = frankpledge.main(
            args=None if arguments is None else list(arguments), prog_name="frankpledge", standalone_mode=False
        )
        sys.stdout.flush()
    except FrankpledgeError as error:
        return _say(error.sentence)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever was reading has seen enough (`| head`), but Python would complain once more when it flushes at exit.
        # Click ends in the same way, with the same code, where a command itself was still writing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNREAD
    except OSError as error:
        if error.filename is None:
            raise
        return _say(f"{os.fsdecode(error.filename)}: {error.strerror}.")
    return outcome if isinstance(outcome, int) else 0


def _say(sentence: str) -> int:
    click.echo(sentence, err=True)
    return EXIT_MENDABLE


if __name__ == "__main__":
    main()
