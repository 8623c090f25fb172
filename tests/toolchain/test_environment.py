"""What run.py decides before it touches anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import build_assets, database, environment, installer, places, screenshots
from tools.bench import Row, table

REPOSITORY = Path(__file__).resolve().parents[2]


def run_py(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run run.py with this Python."""
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "run.py"), *words],
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
    )


def test_run_py_explains_itself() -> None:
    """Without a command it lists the commands."""
    done = run_py()
    assert done.returncode == 0
    for command in ("serve", "test", "setup", "check", "bench", "campaign", "screenshots"):
        assert f"\n  {command} " in done.stdout


def test_an_unknown_command_is_one_sentence_and_the_list() -> None:
    """A slip of the finger is no traceback."""
    done = run_py("sevre")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no command sevre.")
    assert "Traceback" not in done.stderr


def test_run_py_can_be_read_by_a_python_too_old_to_run_it() -> None:
    """Somebody with an old Python gets a sentence, so the file itself uses nothing new."""
    import ast

    ast.parse((REPOSITORY / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_run_py_and_its_installer_need_only_the_standard_library() -> None:
    """They run before anything is installed."""
    code = "import sys; sys.path.insert(0, '.'); import tools.commands; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    foreign = (
        {name.split(".")[0] for name in done.stdout.split()} - set(sys.stdlib_module_names) - {"tools", "__main__"}
    )
    assert not {name for name in foreign if not name.startswith("_")}


def test_a_fingerprint_changes_with_content_and_with_absence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made is made again when what it was made from changed."""
    monkeypatch.setattr(places, "ROOT", tmp_path)
    file = tmp_path / "a"
    absent = places.fingerprint([file])
    file.write_text("one")
    one = places.fingerprint([file])
    file.write_text("two")
    assert len({absent, one, places.fingerprint([file]), places.fingerprint([file], "3.12")}) == 4


def test_a_stamp_is_kept_and_a_torn_one_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment of another hand, or one interrupted, is completed and not believed."""
    monkeypatch.setattr(environment, "STAMPS", tmp_path / "stamps.json")
    assert environment.read_stamps() == {}
    environment.write_stamp("project", "a")
    environment.write_stamp("translations", "b")
    assert environment.read_stamps() == {"project": "a", "translations": "b"}
    (tmp_path / "stamps.json").write_text('{"project": ')
    assert environment.read_stamps() == {}


def test_without_any_pip_the_sentence_names_the_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, with what to install."""
    monkeypatch.setattr(installer, "runs", lambda command: False)
    monkeypatch.setattr(installer, "outside_pip_version", lambda: (20, 0))
    with pytest.raises(places.CannotGoOn, match="python3-venv"):
        installer.pip()


def test_a_pip_outside_the_environment_is_pointed_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian without python3-venv: the environment has no pip of its own."""
    monkeypatch.setattr(installer, "runs", lambda command: False)
    monkeypatch.setattr(installer, "outside_pip_version", lambda: (23, 0))
    assert installer.pip()[1:] == ["-m", "pip", "--python", places.VENV_PYTHON]


def test_an_old_node_is_not_used(tmp_path: Path) -> None:
    """Debian's own Node is too old for the style compiler; the wheel's is used then."""
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.20.4\n")
    old.chmod(0o755)
    assert build_assets.node_version(old) < build_assets.OLDEST_NODE
    assert build_assets.node_version(tmp_path / "absent") == (0,)


def test_source_map_lines_are_left_out() -> None:
    """The maps are not served, so no script asks for them."""
    assert build_assets.SOURCE_MAP_LINE.sub("", "f();//# sourceMappingURL=f.js.map\n") == "f();"


def test_the_newest_postgresql_comes_first() -> None:
    """By number, not by letter."""
    folders = [Path(f"/usr/lib/postgresql/{version}/bin") for version in ("9.6", "15", "16", "odd")]
    assert [folder.parent.name for folder in sorted(folders, key=database.version_of)] == ["odd", "9.6", "15", "16"]


def test_a_database_url_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a server gets that server."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@127.0.0.1/tests")
    with database.postgres_url() as address:
        assert address == "postgresql://somebody@127.0.0.1/tests"


def test_pages_that_differ_in_a_number_are_photographed_once() -> None:
    """Seventeen jobs are one page, and so are the pictures of two areas."""
    assert screenshots.kind_of("/work/17/") == screenshots.kind_of("/work/18/") != screenshots.kind_of("/work/")
    picture = screenshots.kind_of("/assess/picture/?area=E1&type=burglary")
    assert (
        picture
        == screenshots.kind_of("/assess/picture/?type=robbery&area=E2")
        != screenshots.kind_of("/assess/picture/")
    )
    assert screenshots.name_of(picture) == "assess_picture-by-area-type"
    assert (
        screenshots.name_of(screenshots.kind_of("/assess/evidence/fire.brackenshire.2024-02.27/"))
        == "assess_evidence_x"
    )
    assert screenshots.name_of("/") == "first-page"


def test_the_bench_table_says_what_is_broken() -> None:
    """One row a promise."""
    printed = table(
        [Row("import", "2 s", "DuckDB 0.5 s", 4.0, "at most 6", True), Row("page", "1 s", "-", 3, "1", False)]
    )
    assert "| import | 2 s      | DuckDB 0.5 s | 4.00  | at most 6 | kept   |" in printed
    assert "BROKEN" in printed.splitlines()[-1]


def test_each_lock_holds_everything_the_one_before_it_does() -> None:
    """Installing the last installs all, so that the benchmarks' yardsticks come on top of what there is."""
    pins = [
        {line.split(" ")[0] for line in lock.read_text().splitlines() if line[:1].isalnum()}
        for lock in environment.GROWING
    ]
    assert pins[0] < pins[1] < pins[2]
    assert environment.up_to(environment.TEST_LOCK) == (environment.SERVER_LOCK, environment.TEST_LOCK)
