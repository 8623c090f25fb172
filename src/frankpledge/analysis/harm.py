"""Crimes weighted by the harm they do, from a table of weights the partnership loads: none is typed in here.

The Crime Severity Score is the sum of weight times recorded offences over the population; a Cambridge-style index is
the sum of sentence days, without crimes that only policing finds. Weighted counts of rare heavy crimes swing widely, so
each sum has Fay and Feuer's gamma interval, which never covers less than it says.
Sources: Office for National Statistics (2016) Research outputs: developing a Crime Severity Score; Sherman L,
Neyroud P, Neyroud E (2016) The Cambridge Crime Harm Index, Policing 10:171-183; Fay M, Feuer E (1997) Stat Med
16:791-801.
"""

import csv
import hashlib
import io
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scipy.special import gammaincinv

from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

DAYS_A_YEAR = 365  # as the Cambridge index converts


@dataclass(frozen=True)
class WeightTable:
    """Weight of one offence of each kind. ``version`` names the table it came from: versions are never mixed."""

    name: str
    version: str
    unit: str  # "weight" or "days"
    weights: Mapping[str, float]

    @property
    def fingerprint(self) -> str:
        """Tells two tables apart that bear one name: sixteen characters over offences and weights, in any order."""
        text = "\n".join(f"{offence}\t{float(weight)!r}" for offence, weight in sorted(self.weights.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def label(self) -> str:
        return f"{self.name}, {self.version}"


def weight_table(
    weights: Mapping[str, float],
    *,
    name: str,
    version: str,
    unit: str = "weight",
    check_against: Mapping[str, float] | None = None,
) -> WeightTable:
    """A table of weights, checked: each a number from nought up, and equal to ``check_against`` where that has it.

    Give a few weights read in the publication itself as ``check_against``: tables are copied with slips.
    Raises CannotCompute naming the offence.
    """
    if not version.strip():
        raise CannotCompute("A table of weights needs the version of the publication it was taken from.")
    if not weights:
        raise CannotCompute("The table of weights is empty.")
    for offence, weight in weights.items():
        if not math.isfinite(weight) or weight < 0:
            raise CannotCompute(f"The weight of “{offence}” is not a number from nought up.")
    for offence, right in (check_against or {}).items():
        if offence not in weights:
            raise CannotCompute(f"{name}, {version} should have a weight for “{offence}” and has none.")
        if weights[offence] != right:
            alike = set(f"{weights[offence]:g}") == set(f"{right:g}")
            slip = " It looks like a slip in copying digits." if alike else ""
            raise CannotCompute(
                f"The weight of “{offence}” is {weights[offence]:g} in this table and {right:g} in {name}, "
                f"{version}.{slip}"
            )
    return WeightTable(name, version, unit, dict(weights))


def weights_from_csv(
    text: str,
    *,
    offence_column: str,
    weight_column: str,
    name: str,
    version: str,
    unit: str = "weight",
    check_against: Mapping[str, float] | None = None,
) -> WeightTable:
    """A table of weights from the text of a CSV file with a heading row. Raises CannotCompute naming the line."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    for column in (offence_column, weight_column):
        if column not in (rows.fieldnames or ()):
            raise CannotCompute(f"The table of weights has no column “{column}”: {', '.join(rows.fieldnames or ())}.")
    weights: dict[str, float] = {}
    for row in rows:
        offence, written = (row[offence_column] or "").strip(), (row[weight_column] or "").strip()
        if not offence and not written:
            continue
        try:
            weight = float(written.replace(",", ""))
        except ValueError:
            raise CannotCompute(f"Line {rows.line_num}: the weight “{written}” of “{offence}” is no number.") from None
        if weights.get(offence, weight) != weight:
            raise CannotCompute(f"Line {rows.line_num}: “{offence}” has a second, different weight.")
        weights[offence] = weight
    return weight_table(weights, name=name, version=version, unit=unit, check_against=check_against)


def sentence_days(*, years: float = 0, months: float = 0, days: float = 0) -> float:
    """A sentence in days, at 365 to the year and a twelfth of that to the month."""
    if min(years, months, days) < 0:
        raise CannotCompute("A sentence cannot be shorter than nothing.")
    return DAYS_A_YEAR * (years + months / 12) + days


def fine_days(pounds: float, *, hourly_wage: float, hours_a_day: float = 8) -> float:
    """A fine as the days a job at ``hourly_wage`` needs to earn it, as the Cambridge index counts fines."""
    if pounds < 0 or hourly_wage <= 0 or hours_a_day <= 0:
        raise CannotCompute("A fine in days needs a fine, and a wage and hours above nought.")
    return pounds / (hourly_wage * hours_a_day)


@dataclass(frozen=True, slots=True)
class HarmLine:
    """One kind of offence in a harm sum."""

    offence: str
    count: int
    weight: float

    @property
    def harm(self) -> float:
        return self.count * self.weight


@dataclass(frozen=True, kw_only=True)
class HarmScore(Result):
    """Weighted crimes. ``n``: offences weighted. ``value`` is per head where a population was given, else the sum."""

    lines: tuple[HarmLine, ...]  # the most harm first
    weights: WeightTable
    harm: float
    population: float | None
    value: float
    interval: Interval
    not_weighted: int  # offences without a weight, when the caller allowed them
    left_out: int  # offences excluded on purpose, such as those only policing finds

    def sentence(self) -> Phrase:
        top = self.lines[0] if self.lines and self.harm else None
        if top is None:
            return Phrase("No harm: none of the {n} offences has a weight above nought.", n=whole(self.n))
        per = "" if self.population is None else " per head"
        return Phrase(
            "{value} {unit}{per} ({low} to {high}) from {n} offences, by {label}; {top} is {share} of it.",
            value=_said_size(self.value),
            unit=self.weights.unit,
            per=per,
            low=_said_size(self.interval.lower or 0.0),
            high=_said_size(self.interval.upper),
            n=whole(self.n),
            label=self.weights.label(),
            top=top.offence,
            share=share(top.harm / self.harm),
        )

    def table(self) -> Table:
        return Table(
            ("offence", "count", "weight", "harm", "share of count", "share of harm"),
            tuple(
                (
                    line.offence, line.count, line.weight, line.harm,
                    line.count / self.n if self.n else None, line.harm / self.harm if self.harm else None,
                )
                for line in self.lines
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "harm": rounded(self.harm),
            "population": self.population,
            "unit": self.weights.unit,
            "weights": self.weights.label(),
            "weights_fingerprint": self.weights.fingerprint,
            "not_weighted": self.not_weighted,
            "left_out": self.left_out,
            "lines": [
                {"offence": line.offence, "count": line.count, "weight": line.weight, "harm": rounded(line.harm)}
                for line in self.lines
            ],
            **self.provenance(),
        }


def crime_severity_score(
    counts: Mapping[str, int],
    weights: WeightTable,
    *,
    population: float,
    allow_missing: bool = False,
    confidence: float = 0.95,
    batches: tuple[str, ...] = (),
) -> HarmScore:
    """Sum of weight times offences, per head of ``population``; offences without a weight as in `harm_index`."""
    if not population > 0:
        raise CannotCompute("A Crime Severity Score needs a population above nought.")
    return _harm(counts, weights, population, frozenset(), allow_missing, confidence, batches)


def harm_index(
    counts: Mapping[str, int],
    weights: WeightTable,
    *,
    found_by_policing: Collection[str] = (),
    allow_missing: bool = False,
    confidence: float = 0.95,
    batches: tuple[str, ...] = (),
) -> HarmScore:
    """Sum of weight times offences, without those in ``found_by_policing`` (drugs, going equipped): patrol finds them.

    Raises CannotCompute for an offence without a weight, unless ``allow_missing``: the sum is then at least this.
    """
    return _harm(counts, weights, None, frozenset(found_by_policing), allow_missing, confidence, batches)


def _harm(
    counts: Mapping[str, int],
    weights: WeightTable,
    population: float | None,
    excluded: frozenset[str],
    allow_missing: bool,
    confidence: float,
    batches: tuple[str, ...],
) -> HarmScore:
    for offence, count in counts.items():
        if count < 0 or count != int(count):
            raise CannotCompute(f"The count of “{offence}” is not a whole number from nought up.")
    counted = {offence: int(count) for offence, count in counts.items() if offence not in excluded}
    missing = sorted(offence for offence, count in counted.items() if offence not in weights.weights and count)
    if missing and not allow_missing:
        raise CannotCompute(
            f"{weights.label()} has no weight for {_few(missing)}. Add it, or allow a sum that leaves it out."
        )
    lines = tuple(
        sorted(
            (HarmLine(o, n, float(weights.weights[o])) for o, n in counted.items() if o in weights.weights),
            key=lambda line: (-line.harm, line.offence),
        )
    )
    harm = sum(line.harm for line in lines)
    heaviest = max((w for o, w in weights.weights.items() if o not in excluded), default=0.0)
    per = 1 / population if population else 1.0
    limits = weighted_sum_limits(((line.count, line.weight) for line in lines), heaviest, confidence)
    lower = None if limits.lower is None else limits.lower * per
    not_weighted = sum(counted[offence] for offence in missing)
    doubts: list[Doubt] = []
    if missing:
        sentence = Phrase(
            "{n} offences have no weight and are left out, so this is at least the harm: {which}.",
            n=whole(not_weighted),
            which=tuple(missing),
        )
        doubts.append(Doubt(DoubtKind.WEIGHTS_MISSING, sentence))
    if harm and lines[0].harm > harm / 2 and lines[0].count < 20:
        sentence = Phrase(
            "More than half of this rests on {count} of {offence}.",
            count=whole(lines[0].count),
            offence=lines[0].offence,
        )
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return HarmScore(
        n=sum(line.count for line in lines),
        method=f"weight times offences{' per head' if population else ''}, {weights.label()}; Fay-Feuer interval",
        doubts=tuple(doubts),
        batches=batches,
        lines=lines,
        weights=weights,
        harm=harm,
        population=population,
        value=harm * per,
        interval=Interval(lower, limits.upper * per, confidence, limits.method),
        not_weighted=not_weighted,
        left_out=sum(int(count) for offence, count in counts.items() if offence in excluded),
    )


def weighted_sum_limits(counted: Iterable[tuple[int, float]], heaviest: float, confidence: float = 0.95) -> Interval:
    """Fay and Feuer's gamma limits of a weighted sum of Poisson counts.

    ``counted``: (count, weight) pairs. ``heaviest``: the greatest weight that could have occurred, seen or not.
    """
    if not 0 < confidence < 1:
        raise CannotCompute("A confidence level lies between 0 and 1, such as 0.95.")
    pairs = [(count, weight) for count, weight in counted if count and weight]
    total = sum(count * weight for count, weight in pairs)
    variance = sum(count * weight * weight for count, weight in pairs)
    tail = (1 - confidence) / 2
    lower = variance / total * float(gammaincinv(total**2 / variance, tail)) if pairs else 0.0
    above, spread = total + heaviest, variance + heaviest**2
    upper = spread / above * float(gammaincinv(above**2 / spread, 1 - tail)) if above else 0.0
    return Interval(lower, upper, confidence, "gamma (Fay-Feuer)")


def refuse_mixed_weights(tables: Iterable[WeightTable]) -> None:
    """Raise CannotCompute unless all scores of one series used the same table, weight for weight."""
    seen = {table.fingerprint: table.label() for table in tables}
    if len(seen) > 1:
        raise CannotCompute(
            f"One series cannot mix tables of weights: {_few(sorted(seen.values()))}. Score all periods by one."
        )


def _few(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return ", ".join(quoted[:5]) + (f" and {len(quoted) - 5} more" if len(quoted) > 5 else "")


def _said_size(value: float) -> str:
    return whole(value) if abs(value) >= 100 else decimal(value, 2)
