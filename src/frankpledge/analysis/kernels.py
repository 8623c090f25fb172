"""Loops compiled at first use and kept on disk: by what rule, and whether that is still to come.

Compiled code is kept beside the package, in the folder NUMBA_CACHE_DIR names, or in the user's own cache folder,
whichever can be written. Where none can, the loops are compiled anew in each process rather than refused.
"""

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numba as nb

COMPILING = "Compiling the fast loops; this happens once on a machine and takes up to a minute."

_KERNELS: list[Any] = []


def kernel(function: Callable[..., Any]) -> Any:
    """Compile ``function`` without the interpreter's lock, and keep it on disk where a folder can be written."""
    try:
        compiled = nb.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder at all can be written
        compiled = nb.njit(nogil=True)(function)
    _KERNELS.append(compiled)
    return compiled


def inlined(function: Callable[..., Any]) -> Any:
    """A part of kernels, compiled into each that calls it."""
    return nb.njit(nogil=True, inline="always")(function)


def is_compiled() -> bool:
    """Whether every kernel imported so far is compiled in this process or kept on disk since its source changed."""
    return all(one.signatures or _kept(one) for one in _KERNELS)


def say_if_compiling(tell: Callable[[str], object]) -> None:
    """For commands and jobs: before the first long call, tell the person waiting why it takes longer than the next."""
    if not is_compiled():
        tell(COMPILING)


def _kept(one: Any) -> bool:
    """Whether the index of this kernel's kept code is there and no older than its source."""
    folder, source = one.stats.cache_path, sys.modules[one.py_func.__module__].__file__
    if folder is None or source is None:
        return False
    mark = f"{os.path.splitext(os.path.basename(source))[0]}.{one.py_func.__qualname__}-"
    indices = (entry for entry in _entries(folder) if entry.startswith(mark) and entry.endswith(".nbi"))
    changed = os.path.getmtime(source)
    return any(os.path.getmtime(os.path.join(folder, index)) >= changed for index in indices)


@cache
def _entries(folder: str) -> tuple[str, ...]:
    return tuple(os.listdir(folder)) if os.path.isdir(folder) else ()
