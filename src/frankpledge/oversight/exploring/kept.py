"""Results kept in the process while what they were made from stays the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class KeptResults(Generic[Kept]):
    """The newest ``most`` results by key. ``version`` is part of every key: a new one leaves the old behind.

    The version is asked for again after the work: if evidence changed meanwhile, the result is given but not kept.
    """

    def __init__(self, most: int, version: Callable[[], Hashable]) -> None:
        self._most = most
        self._version = version
        self._results: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """The result kept under ``key``, or a new one from ``make``."""
        before = self._version()
        with self._lock:
            if (before, key) in self._results:
                self._results.move_to_end((before, key))
                return self._results[before, key]
        made = make()
        if self._version() == before:
            with self._lock:
                self._results[before, key] = made
                while len(self._results) > self._most:
                    self._results.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything, as a new process would."""
        with self._lock:
            self._results.clear()
