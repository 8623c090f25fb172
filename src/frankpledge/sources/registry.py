"""Every source of records there is. A path goes in, and each file in it is read by the source whose columns it has."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from frankpledge.sources import police_uk, profiles
from frankpledge.sources.profiles import Given, Profile
from frankpledge.sources.reading import Source, read_path
from frankpledge.vocabulary.deliveries import Delivery, Refusal

SOURCES: tuple[Source, ...] = (*police_uk.SOURCES, *profiles.sources(profiles.shipped().values()))


def read_any(
    path: Path | Sequence[Path],
    progress: Callable[[str], None] | None = None,
    *,
    saved: Sequence[Profile] = (),
    given: Given | None = None,
) -> Iterator[Delivery | Refusal]:
    """Deliveries of every file in ``path`` (files, archives or folders); a Refusal for each that no source knows.

    ``saved``: a partnership's own profiles, tried before the shipped ones. ``given``: what the person who adds the
    files says of whose they are and for which month. Raises DataProblem when there is nothing at ``path``.
    """
    if saved or given:
        own = profiles.sources([*saved, *profiles.shipped().values()], given=given)
        known: tuple[Source, ...] = (*police_uk.SOURCES, *own)
    else:
        known = SOURCES
    for one in [path] if isinstance(path, Path) else path:
        yield from read_path(one, known, progress)
