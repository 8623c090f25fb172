"""What a process may carry: the web process and the command's help stay light."""

import os
import subprocess
import sys
import time

import pytest

HEAVY = {"numba", "llvmlite", "pandas", "statsmodels", "sklearn", "matplotlib", "polars", "geopandas"}
HEAVY_PARTS = ("scipy.stats",)
PRINT_MODULES = "import sys; print('\\n'.join(sys.modules))"
HELP_SECONDS = 0.3


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
    """The best of five starts counts: the machine may be busy, the command may not be slow."""
    took = min(
        _seconds([sys.executable, "-c", "from frankpledge.cli.main import main; main()", "--help"]) for _ in range(5)
    )
    assert took < HELP_SECONDS


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stderr)
    return time.perf_counter() - began
