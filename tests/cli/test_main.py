"""The command itself: quick to answer, clear when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from frankpledge import __version__
from frankpledge.cli import main as door
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

SOURCE = Path(door.__file__).parents[2]
HEAVY = ("django", "duckdb", "ibis", "jinja2", "numpy", "pyarrow", "scipy", "shapely", "sqlglot")


def frankpledge(*arguments, **options):
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "frankpledge.cli.main", *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        **options,
    )


@pytest.fixture
def command(monkeypatch):
    """Put a command of the test's own in the place of a sub-command."""

    def put(function):
        made = click.command()(function)
        monkeypatch.setattr(door.LazyGroup, "get_command", lambda group, context, name: made)

    return put


def test_help_lists_every_command():
    told = frankpledge("--help")
    assert told.returncode == 0
    for name in door.LazyGroup().list_commands(click.Context(door.frankpledge)):
        assert name in told.stdout
    assert {"serve", "worker", "completion"} <= set(told.stdout.split())
    # How soon it answers is held to in tests/architecture/test_weight.py.


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom frankpledge.cli.main import run\nrun(['--help'])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True
    )
    assert told.stderr.strip() == "[]"


def test_version():
    assert frankpledge("--version").stdout == f"frankpledge {__version__}\n"


def test_every_command_of_the_table_can_be_loaded_and_explains_itself():
    context = click.Context(door.frankpledge)
    for name in door.frankpledge.list_commands(context):
        loaded = door.frankpledge.get_command(context, name)
        assert loaded is not None
        assert loaded.help, name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell):
    told = frankpledge("completion", shell)
    assert told.returncode == 0
    assert "_FRANKPLEDGE_COMPLETE" in told.stdout


def test_completion_names_the_commands():
    told = subprocess.run(
        [sys.executable, "-m", "frankpledge.cli.main"],
        env={
            **os.environ,
            "PYTHONPATH": str(SOURCE),
            "_FRANKPLEDGE_COMPLETE": "bash_complete",
            "COMP_WORDS": "frankpledge comp",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == "plain,completion"


def test_an_unknown_command_is_one_sentence_and_code_2():
    told = frankpledge("nonsense")
    assert told.returncode == 2
    assert "No such command 'nonsense'" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DataProblem("this is not police data.", file="notes.csv"), "notes.csv: this is not police data."),
        (RuleBroken("The month is closed."), "The month is closed."),
        (FileNotFoundError(2, "No such file or directory", "areas.csv"), "areas.csv: No such file or directory."),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_without_traceback(command, capsys, error, sentence):
    def fail():
        raise error

    command(fail)
    assert door.run(["any"]) == 2
    told = capsys.readouterr()
    assert told.err == sentence + "\n"
    assert told.out == ""


def test_a_mistake_of_ours_shows_everything(command):
    def fail():
        raise ZeroDivisionError

    command(fail)
    with pytest.raises(ZeroDivisionError):
        door.run(["any"])


def test_ctrl_c_ends_with_130(command, capsys):
    def wait():
        raise KeyboardInterrupt

    command(wait)
    assert door.run(["any"]) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("lines", [1, 999])
def test_a_reader_that_has_seen_enough_sees_no_complaint(lines):
    code = "from frankpledge.cli import main as door; import click\n"
    code += f"write = click.command()(lambda: [click.echo('x' * 99) for _ in range({lines})])\n"
    code += "door.LazyGroup.get_command = lambda group, context, name: write\n"
    code += "import time; time.sleep(0.3); door.main(['any'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 1


def test_serve_becomes_the_servers_own_process(monkeypatch):
    became = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: became.append(arguments))
    assert door.run(["serve", "--port", "8123", "--help"]) == 0
    assert became == [[sys.executable, "-m", "frankpledge.server", "serve", "--port", "8123", "--help"]]


def test_serve_says_what_to_install_where_only_the_analysis_is(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "django" else object())
    assert door.run(["worker"]) == 2
    assert capsys.readouterr().err == "The web application is not installed here. Install frankpledge[server].\n"
