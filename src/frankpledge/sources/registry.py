"""Every source of records there is. A path goes in, and each file in it is read by the source whose columns it has."""

from collections.abc import Callable, Iterator
from pathlib import Path

from frankpledge.sources import dated_records, police_uk
from frankpledge.sources.reading import Source, read_path
from frankpledge.vocabulary.deliveries import Delivery, Refusal

SOURCES: tuple[Source, ...] = (*police_uk.SOURCES, *dated_records.SOURCES)


def read_any(path: Path, progress: Callable[[str], None] | None = None) -> Iterator[Delivery | Refusal]:
    """Deliveries of every file in ``path`` (a file, an archive or a folder); a Refusal for each that no source knows.

    Raises DataProblem when there is nothing at ``path``.
    """
    return read_path(path, SOURCES, progress)
