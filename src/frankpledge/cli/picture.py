"""`frankpledge picture`: the picture of an area from files, with no server and no database."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import SOURCE_LABELS, Balance, Delivery, Refusal
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month, MonthSpan

if TYPE_CHECKING:
    import pyarrow as pa

    from frankpledge.analysis.picture_results import AreaPicture
    from frankpledge.vocabulary.geography import Area, Geography

Say = Callable[[str], None]

# Rows of these sources are outcomes of crimes already counted elsewhere: they are never added to the counts of crime.
_NOT_COUNTED = {"police-uk-outcomes"}


class _MonthParameter(click.ParamType):
    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """A month; anything else ends in one sentence."""
        return value if isinstance(value, Month) else Month.parse(str(value))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--area", required=True, metavar="NAME", help="A district, ward, partnership or force: its name or code.")
@click.option("--type", "crime_type", default="burglary", show_default=True, metavar="TYPE", help="Which crime.")
@click.option("--from", "first", type=_MonthParameter(), help="First month shown. [default: the first there is]")
@click.option("--to", "last", type=_MonthParameter(), help="Last month shown. [default: the last there is]")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="The page to write.")
@click.option("--json", "json_file", metavar="FILE|-", help="Write the numbers to FILE, or to standard output.")
@click.option("--areas", type=click.Path(path_type=Path), metavar="DIR", help="Boundary files.")
@click.option("--denominators", type=click.Path(path_type=Path), metavar="FILE|DIR", help="Households and residents.")
@click.option("--lookups", type=click.Path(path_type=Path), metavar="DIR", help="Which area lies in which.")
@click.option("--edition", metavar="KEY", help="Which edition of households or residents, such as census-2021.")
@click.option("--seed", default=1, show_default=True, help="Seed of the simulations.")
@click.option("--quiet", is_flag=True, help="Say nothing while reading.")
def command(
    paths: tuple[Path, ...],
    area: str,
    crime_type: str,
    first: Month | None,
    last: Month | None,
    out: Path | None,
    json_file: str | None,
    areas: Path | None,
    denominators: Path | None,
    lookups: Path | None,
    edition: str | None,
    seed: int,
    quiet: bool,
) -> None:
    """Make the picture of an area from police files: a page that opens offline, and its numbers as JSON.

    PATH is a file (.csv, .gz, .zip) or a folder of files as downloaded from data.police.uk. Boundaries, households and
    lookups come from the folders given. Exit code 2 when nothing could be read.
    """
    say = _silent if quiet else _say
    if out is None and json_file is None:
        raise DataProblem(
            "There is nothing to make.", remedy="Say where the page goes (--out FILE) or the numbers (--json FILE)."
        )
    wanted = _crime_type(crime_type)
    geography, place = _place(area, areas, denominators, lookups, say)
    tally = _read(paths, wanted, say)
    picture = _picture(tally, geography, place, wanted, first, last, edition, seed)
    if out is not None:
        from frankpledge.reports.picture_page import picture_document

        _write(out, picture_document(picture, geography))
        say(f"Wrote {out}.")
    if json_file is not None:
        text = json.dumps(picture.as_dict(), ensure_ascii=False, indent=2) + "\n"
        if json_file == "-":
            sys.stdout.write(text)
        else:
            _write(Path(json_file), text)
            say(f"Wrote {json_file}.")
    say(str(picture.sentence()))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _silent(line: str) -> None:
    """For --quiet."""


def _write(file: Path, text: str) -> None:
    if not file.resolve().parent.is_dir():
        raise DataProblem(f"There is no folder {file.parent} to write {file.name} into.")
    file.write_text(text, encoding="utf-8")


def _crime_type(word: str) -> CrimeType:
    """The type of that word or label; else DataProblem naming the nearest."""
    tidy = word.strip().casefold().replace(" ", "-").replace("_", "-")
    for kind in CrimeType:
        if tidy == kind.value:
            return kind
    import difflib

    near = difflib.get_close_matches(tidy, [kind.value for kind in CrimeType], n=2, cutoff=0.5)
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"One of: {', '.join(kind.value for kind in CrimeType)}."
    raise DataProblem(f"There is no type of crime called “{word}”.", remedy=remedy)


def _place(
    name: str, areas: Path | None, denominators: Path | None, lookups: Path | None, say: Say
) -> "tuple[Geography, Area]":
    """The geography of the force around ``name`` (all there is, when the lookup does not know it), and the area."""
    if areas is None:
        raise DataProblem(
            "The boundaries are missing.",
            remedy="Say with --areas where the boundary files are (GeoJSON of small areas).",
        )
    for given in (areas, denominators, lookups):
        if given is not None and not given.exists():
            raise DataProblem(f"There is no file or folder called {given}.")
    from frankpledge.sources.ons import districts_around, read_geography

    around = districts_around(name, areas, lookups=lookups)
    geography = read_geography(areas, denominators, lookups=lookups, only_districts=around)
    return geography, geography.find(name)


@dataclass
class _Tally:
    """What is kept of the deliveries: counts, months and sums, never the events. A month sent twice counts once."""

    counts: "dict[tuple[str, str, Month], pa.Table]" = field(default_factory=dict)
    months: dict[str, set[Month]] = field(default_factory=dict)
    balances: dict[tuple[str, str, Month], Balance] = field(default_factory=dict)
    set_aside: Balance = field(default_factory=Balance)  # rows of repeated and replaced files: stated duplicates
    batches: dict[tuple[str, str, Month], str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


def _read(paths: Iterable[Path], crime_type: CrimeType, say: Say) -> _Tally:
    """Read everything, keeping counts of ``crime_type`` only; raises DataProblem when no file could be used."""
    from frankpledge.sources.registry import read_any

    tally, refused = _Tally(), []
    for path in paths:
        if not path.exists():
            raise DataProblem(f"There is no file or folder called {path}.")
        for found in read_any(path):
            if isinstance(found, Refusal):
                refused.append(found.sentence)
                _say(found.sentence)
            else:
                _add(tally, found, crime_type, say)
    if not tally.batches:
        raise DataProblem(
            "Nothing could be read." if refused else "There are no files of police data in what was given."
        )
    return tally


def _add(tally: _Tally, delivery: Delivery, crime_type: CrimeType, say: Say) -> None:
    """Count one delivery. The same content again is duplicates; other content for a month already read replaces it."""
    if delivery.source in _NOT_COUNTED or (delivery.source == "police-uk-stop-and-search") != (
        crime_type is CrimeType.STOP_AND_SEARCH
    ):
        say(f"{delivery.file}: left aside, it holds no {crime_type.label.lower()}.")
        return
    if delivery.content_sha256 in tally.seen:
        say(f"{delivery.file}: the same content as a file already read; counted once.")
        tally.set_aside += _all_duplicates(delivery.balance)
        return
    tally.seen.add(delivery.content_sha256)
    key = (delivery.source, delivery.publisher, delivery.period.first)
    if key in tally.batches:
        say(f"{delivery.file}: replaces what was read before for {delivery.publisher_name}, {delivery.period.label}.")
        tally.set_aside += _all_duplicates(tally.balances[key])
    tally.balances[key] = delivery.balance
    tally.counts[key] = _counted(delivery, crime_type)
    tally.batches[key] = delivery.content_sha256
    tally.sources.add(delivery.source)
    tally.months.setdefault(delivery.publisher, set()).update(delivery.period)
    say(f"{delivery.file}: {delivery.balance.read:,} rows.")


def _all_duplicates(balance: Balance) -> Balance:
    return Balance(balance.read, 0, 0, balance.read)


def _counted(delivery: Delivery, crime_type: CrimeType) -> "pa.Table":
    import pyarrow.compute as pc

    events = delivery.events.select(["crime_type", "small_area", "month"])
    events = events.filter(pc.equal(events.column("crime_type"), crime_type.value))
    counted = events.group_by(["small_area", "month"]).aggregate([([], "count_all")])
    return counted.rename_columns(["small_area", "month", "n"])


def _picture(
    tally: _Tally,
    geography: "Geography",
    place: "Area",
    crime_type: CrimeType,
    first: Month | None,
    last: Month | None,
    edition: str | None,
    seed: int,
) -> "AreaPicture":
    import pyarrow as pa

    from frankpledge.analysis.picture import area_picture

    held = sorted(month for months in tally.months.values() for month in months)
    period = MonthSpan(first or held[0], last or held[-1]) if first or last else None
    source = sorted(tally.sources)[0]
    return area_picture(
        counts=pa.concat_tables(tally.counts.values()),
        geography=geography,
        area=place,
        crime_type=crime_type,
        period=period,
        edition=edition,
        months_present=tally.months,
        balance=sum(tally.balances.values(), tally.set_aside),
        batches=sorted(tally.batches.values()),
        source_label=", ".join(SOURCE_LABELS.get(known, known) for known in sorted(tally.sources)),
        seed=seed,
        source=source if len(tally.sources) == 1 else "several",
    )
