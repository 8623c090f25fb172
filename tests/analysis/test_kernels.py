"""Compiled loops: kept where something can be written, compiled anew where nothing can, and the wait is announced."""

import os
import subprocess
import sys
from pathlib import Path

from frankpledge.analysis import kernels

SOURCE = Path(__file__).resolve().parents[2] / "src"
LOOP = """
from frankpledge.analysis.kernels import is_compiled, kernel, say_if_compiling

@kernel
def twice(x):
    return 2 * x

say_if_compiling(print)
print(twice(21), is_compiled())
say_if_compiling(print)
"""


def run(package: Path, **environment: str) -> str:
    """Import a kernel kept in ``package`` in a fresh process and call it."""
    done = subprocess.run(
        [sys.executable, "-c", "import loops"],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{SOURCE}{os.pathsep}{package}", **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_call_says_that_it_compiles_and_the_next_does_not(tmp_path: Path) -> None:
    package, cache = tmp_path / "package", tmp_path / "cache"
    package.mkdir()
    (package / "loops.py").write_text(LOOP, encoding="utf-8")
    first = run(package, NUMBA_CACHE_DIR=str(cache))
    assert first == f"{kernels.COMPILING}\n42 True\n"
    assert run(package, NUMBA_CACHE_DIR=str(cache)) == "42 True\n"


def test_a_changed_source_is_compiled_again_and_says_so(tmp_path: Path) -> None:
    source = tmp_path / "loops.py"
    source.write_text(LOOP, encoding="utf-8")
    run(tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    source.write_text(LOOP.replace("2 * x", "4 * x"), encoding="utf-8")
    later = source.stat().st_mtime + 60
    os.utime(source, (later, later))
    assert run(tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "cache")) == f"{kernels.COMPILING}\n84 True\n"


def test_where_nothing_can_be_written_it_still_computes(tmp_path: Path) -> None:
    """Neither beside the package nor in a home: a file stands where each folder would be."""
    (tmp_path / "loops.py").write_text(LOOP, encoding="utf-8")
    (tmp_path / "__pycache__").write_text("a file, so no folder can be made")
    home = tmp_path / "home"
    home.write_text("a file, so no folder can be made")
    said = run(tmp_path, HOME=str(home), XDG_CACHE_HOME=str(home), PYTHONDONTWRITEBYTECODE="1")
    assert said == f"{kernels.COMPILING}\n42 True\n"


def test_where_the_package_cannot_be_written_the_users_cache_is_used(tmp_path: Path) -> None:
    package, home = tmp_path / "package", tmp_path / "home"
    package.mkdir()
    home.mkdir()
    (package / "loops.py").write_text(LOOP, encoding="utf-8")
    (package / "__pycache__").write_text("a file, so no folder can be made")
    there = {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert run(package, **there) == f"{kernels.COMPILING}\n42 True\n"
    assert run(package, **there) == "42 True\n"
