"""What a process may carry: the web process and the command's help stay light."""

import os
import resource
import subprocess
import sys

import pytest

HEAVY = {"numba", "llvmlite", "pandas", "statsmodels", "sklearn", "matplotlib", "polars", "geopandas"}
HEAVY_PARTS = ("scipy.stats", "scipy.spatial")
PRINT_MODULES = "import sys; print('\\n'.join(sys.modules))"
HELP_SECONDS = 0.3
SHOW_HELP = "from frankpledge.cli.main import main; main()"


def modules_after(code: str) -> set[str]:
    """What is imported in a fresh process after it ran ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{PRINT_MODULES}"], capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def heavy(loaded: set[str]) -> set[str]:
    """Those of the loaded modules that a light process must not have."""
    return {name for name in loaded if name.split(".")[0] in HEAVY or name.startswith(HEAVY_PARTS)}


def test_the_web_process_stays_light() -> None:
    """Settings, every app and every route are loaded; the mathematics waits for the worker."""
    code = "import django; django.setup()\nfrom django.urls import get_resolver; get_resolver().url_patterns"
    assert not heavy(modules_after(code))


def test_help_loads_neither_django_nor_anything_heavy() -> None:
    """`frankpledge --help` is answered before the eye notices."""
    code = "from frankpledge.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    loaded = modules_after(code)
    assert not heavy(loaded)
    assert not {"django", "numpy", "scipy", "duckdb", "pyarrow", "ibis", "shapely"} & loaded


def test_help_is_quick() -> None:
    """In processor time, the best of five: what else the machine does meanwhile is not the command's fault."""
    took = min(_processor_seconds([sys.executable, "-c", SHOW_HELP, "--help"]) for _ in range(5))
    assert took < HELP_SECONDS


def _processor_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        pytest.fail(done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
