"""Did a home-security programme work? Every number of that answer, from homes, fittings and burglaries, in one result.

The answer itself compares homes of one small area in one quarter, protected against not, by property-days with
protection as it stood *on the day*; streets are drawn again and again for its interval. Beside it stand the simple
count before and after (to teach why it is no answer), the same question asked in other ways, burglaries by what was
fitted, the ring around, and what it was worth. No statistic is made here: this module says which homes, days and areas
each is given.
Sources: those of `exposure`, `difference_in_differences`, `displacement`, `regression_to_the_mean` and `value`;
Farrington D, Welsh B (2006) in Welsh and Farrington, Preventing Crime (how sure such designs make one); Rosenbaum P
(2002) Observational Studies (an effect must not be found where there can be none: the false start).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.before_after import BeforeAfter, RelativeEffectSize, before_after, relative_effect_size
from frankpledge.analysis.count_panel import CountPanel, panel_from_matrix
from frankpledge.analysis.difference_in_differences import DifferenceInDifferences, difference_in_differences
from frankpledge.analysis.displacement import AreaWeights, WeightedDisplacementDifference, wdd
from frankpledge.analysis.exposure import (
    NEVER,
    YEAR_DAYS,
    DoseResponse,
    ExposureComparison,
    ProtectionEffect,
    ProtectionHistory,
    dose_response,
    exposure_comparison,
    own_comparison,
    protection_history,
    stratified_exposure,
)
from frankpledge.analysis.rates import crude_rate
from frankpledge.analysis.regression_to_the_mean import regression_to_the_mean
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.analysis.value import (
    Avoided,
    Cash,
    CostPerOutcome,
    ValueByEdition,
    avoided_from_ratio,
    break_even_years,
    cost_per_outcome,
    value_by_edition,
)
from frankpledge.vocabulary.doubts import Doubt
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.programme_verdicts import QUARTER
from frankpledge.vocabulary.programme_verdicts import ProgrammeVerdict as Verdict
from frankpledge.vocabulary.wording import Phrase, decimal, whole, word

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.object_]
Part = TypeVar("Part")

EDITIONS = ("hors217", "online3005", "rr99")
RING_M = (200.0, 400.0)
YEAR = 365
LEFT_OUT_DAYS = 28
WELL_KNOWN = 1.5  # upper over lower limit: below this the size is known, not only the side
MOVED = (0.25, 0.5)  # parts of the prevented burglaries that may have moved away
LASTS_YEARS = 10.0  # the life of an alarm
MOST_PACKAGES = 6


@dataclass(frozen=True, kw_only=True)
class ProgrammeHomes:
    """All homes of the district. Arrays run over them; ``x`` and ``y`` in metres."""

    small_area: Words
    street: Words
    x: Floats
    y: Floats
    served: Flags  # in the area where the programme works

    def __len__(self) -> int:
        return len(self.small_area)


@dataclass(frozen=True, kw_only=True)
class Fittings:
    """One row for each measure fitted: position of the home, day number, and what it is in a word."""

    home: Ints
    day: Ints
    measure: Words


@dataclass(frozen=True, kw_only=True)
class Spending:
    """What was spent, as whoever spent it says; ``cash`` only where somebody said what a burglary costs a budget."""

    pounds: float
    is_what: str
    cash: Cash | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The same question asked in another way: ``ratio`` protected over unprotected, and what it rests on."""

    key: str
    words: Phrase
    ratio: float
    lower: float
    upper: float
    n: int
    method: str
    answer: bool = False  # the page's own
    should_find_nothing: bool = False

    @property
    def says(self) -> str:
        return "fewer" if self.upper < 1 else "more" if self.lower > 1 else "no clear difference"


@dataclass(frozen=True, slots=True)
class Package:
    """Burglaries of homes that had just these measures on the day."""

    measures: tuple[str, ...]
    burglaries: int
    home_years: float
    rate: float  # per 1,000 homes a year
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Ring:
    """Homes so far from the nearest one the programme serves."""

    from_m: float
    to_m: float
    homes: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Beyond:
    """Homes further away than the rings, with which the others are compared."""

    homes: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Burglaries per 1,000 homes in 91 days, from day number ``first_day``."""

    first_day: int
    served: float
    similar: float
    served_burglaries: int
    similar_burglaries: int


@dataclass(frozen=True, slots=True)
class Shares:
    """How the fall of the simple count divides. Added to ``before`` they give ``after``."""

    before: int
    after: int
    everywhere: float  # what similar areas did, applied here
    protected: float  # prevented at homes while protected; never above nought when it worked
    protected_interval: Interval
    unexplained: float
    similar_before: int
    similar_after: int


@dataclass(frozen=True, kw_only=True)
class ProgrammeEvaluation(Result):
    """Everything on the page *Did it work?* ``n``: burglaries of the served homes in the whole period.

    Days are day numbers from 1 January 1970, ends not included. A part that could not be worked out is None and
    ``refused`` says why by its name.
    """

    first_day: int
    end_day: int
    began: int
    homes: int
    protected_homes: int
    verdict: Verdict
    effect: ProtectionEffect
    exposure: ExposureComparison
    prevented: Avoided  # since the first fitting
    latest: Avoided  # in the days after that are compared with as many before
    simple: BeforeAfter | None
    shares: Shares | None
    days_compared: int
    chosen_high: Phrase | None
    usual_before: float | None  # what chance would have given in the days before
    packages: tuple[Package, ...]
    dose: DoseResponse | None
    protected_dose: DoseResponse | None  # the same without the days on which a home had nothing
    area_dose: DoseResponse | None  # a unit: one more tenth of an area's homes protected
    odds: RelativeEffectSize | None
    quarters: tuple[Quarter, ...]
    areas: DifferenceInDifferences | None
    rings: tuple[Ring, ...]
    similar: Beyond | None
    rest: Beyond | None
    displacement: WeightedDisplacementDifference | None
    rings_similar: WeightedDisplacementDifference | None  # the rings against similar areas
    ways: tuple[Way, ...]
    cost_each: tuple[CostPerOutcome, ...]
    value: ValueByEdition | None
    similar_areas: tuple[str, ...]
    refused: Mapping[str, Phrase] = field(default_factory=dict)

    def sentence(self) -> Phrase:
        ratio = self.effect.rate_ratio
        values = {
            "percent": decimal(100 * abs(1 - ratio), 0),
            "prevented": whole(self.prevented.value),
            "low": whole(self.prevented.interval.lower or 0.0),
            "high": whole(self.prevented.interval.upper),
        }
        if self.verdict is Verdict.UNCLEAR:
            return Phrase(
                "No clear difference: a protected home was burgled {percent} % {direction} than an unprotected one, "
                "and the evidence fits anything from {low} to {high} burglaries prevented.",
                direction=Phrase("less") if ratio < 1 else Phrase("more"),
                **values,
            )
        if self.verdict is Verdict.WORSE:
            return Phrase("A protected home was burgled {percent} % more than an unprotected one.", **values)
        return Phrase(
            "A protected home was burgled {percent} % less than an unprotected one: {prevented} burglaries prevented, "
            "and the evidence fits anything from {low} to {high}.",
            **values,
        )

    def table(self) -> Table:
        columns = ("asked this way", "rate ratio", "lower", "upper", "n", "says")
        return Table(columns, tuple((str(w.words), w.ratio, w.lower, w.upper, w.n, w.says) for w in self.ways))

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "first_day": self.first_day,
            "end_day": self.end_day,
            "began": self.began,
            "homes": self.homes,
            "protected_homes": self.protected_homes,
            "verdict": self.verdict.name.lower(),
            "effect": self.effect.as_dict(),
            "exposure": self.exposure.as_dict(),
            "prevented": self.prevented.as_dict(),
            "latest": self.latest.as_dict(),
            "days_compared": self.days_compared,
            "usual_before": rounded(self.usual_before),
            "chosen_high": None if self.chosen_high is None else str(self.chosen_high),
            "packages": [_plain(one) for one in self.packages],
            "quarters": [_plain(one) for one in self.quarters],
            "rings": [_plain(one) for one in self.rings],
            "similar": None if self.similar is None else _plain(self.similar),
            "rest": None if self.rest is None else _plain(self.rest),
            "ways": [{**_plain(one), "says": one.says} for one in self.ways],
            "cost_each": [one.as_dict() for one in self.cost_each],
            "similar_areas": list(self.similar_areas),
            "shares": None if self.shares is None else _plain(self.shares),
            "refused": {name: str(reason) for name, reason in self.refused.items()},
            "value": _value_dict(self.value, self.latest),
        }
        for name in (
            "simple", "dose", "protected_dose", "area_dose", "odds", "areas", "displacement", "rings_similar",
        ):  # fmt: skip
            part: Result | None = getattr(self, name)
            found[name] = None if part is None else part.as_dict()
        if found["area_dose"] is not None:
            del found["area_dose"]["levels"]  # every area and quarter has a share of its own
        return {**found, **self.provenance()}


@dataclass
class _Work:
    """What the parts share, and the reasons of those that were refused."""

    homes: ProgrammeHomes
    fittings: Fittings
    event_home: Ints
    event_day: Ints
    first_day: int
    end_day: int
    protected_from: Ints
    similar: tuple[str, ...]
    seed: int
    resamples: int
    confidence: float
    refused: dict[str, Phrase] = field(default_factory=dict)

    @property
    def began(self) -> int:
        return int(self.protected_from.min())

    @property
    def span(self) -> int:
        """Days before the first fitting and at the end that are compared: as many, a year at most."""
        return min(YEAR, self.began - self.first_day, self.end_day - self.began)

    def attempt(self, part: str, compute: Callable[[], Part]) -> Part | None:
        """A part that cannot be computed does not take the others with it."""
        try:
            return compute()
        except CannotCompute as reason:
            self.refused[part] = word(reason.sentence)
            return None

    def before_and_after(self, chosen: Flags) -> tuple[int, int]:
        """Burglaries of those homes in the days before the programme and in as many at the end."""
        here = chosen[self.event_home]
        early = (self.event_day >= self.began - self.span) & (self.event_day < self.began)
        return int((here & early).sum()), int((here & (self.event_day >= self.end_day - self.span)).sum())

    def history(
        self, *, stratum: Words | None = None, since: Ints | None = None, first_day: int | None = None,
        end_day: int | None = None, without: Flags | None = None,
    ) -> ProtectionHistory:  # fmt: skip
        """The served homes with their burglaries."""
        kept = self.homes.served if without is None else self.homes.served & ~without
        position = np.where(kept, np.cumsum(kept) - 1, -1)
        first, end = first_day or self.first_day, end_day or self.end_day
        inside = kept[self.event_home] & (self.event_day >= first) & (self.event_day < end)
        return protection_history(
            area=(self.homes.small_area if stratum is None else stratum)[kept],
            protected_from=(self.protected_from if since is None else since)[kept],
            event_home=position[self.event_home[inside]],
            event_day=self.event_day[inside],
            first_day=first,
            end_day=end,
        )


def evaluate_programme(
    *,
    homes: ProgrammeHomes,
    fittings: Fittings,
    event_home: Ints,
    event_day: Ints,
    first_day: int,
    end_day: int,
    spending: Spending | None = None,
    likeness: Mapping[str, Sequence[float]] | None = None,
    resamples: int = 2_000,
    seed: int = 1,
    confidence: float = 0.95,
    batches: tuple[str, ...] = (),
    tell: Callable[[int, str], None] | None = None,
) -> ProgrammeEvaluation:
    """Evaluate a programme from its homes, what was fitted and every burglary of a home with its day.

    ``event_home`` holds positions of homes. ``likeness``: small area -> numbers by which similar areas are chosen
    (deprivation, tenure), never their burglaries. ``tell`` hears percent and a line. Raises CannotCompute when nothing
    was fitted, or no area and quarter had protected and unprotected homes with a burglary on each side.
    """
    say = tell or (lambda percent, line: None)
    work = _work(homes, fittings, event_home, event_day, first_day, end_day, likeness, resamples, seed, confidence)
    say(10, "Property-days are counted")
    history = work.history()
    exposure = exposure_comparison(history, confidence=confidence)
    say(20, "Streets are drawn again and again")
    effect = answer(history, streets=homes.street[homes.served], resamples=resamples, seed=seed, confidence=confidence)
    prevented = _avoided(effect, effect.protected_events, end_day - work.began)
    late = work.event_day >= end_day - max(work.span, 1)
    shielded = late & homes.served[work.event_home] & (work.event_day >= work.protected_from[work.event_home])
    latest = _avoided(effect, int(shielded.sum()), max(work.span, 1))
    say(50, "The same question is asked in other ways")
    areas = work.attempt("areas", lambda: difference_in_differences(_panel(work), confidence=confidence, seed=seed))
    groups = _groups(work)
    odds = work.attempt("odds", lambda: _odds(work, groups))
    ways = _ways(work, history, effect, exposure, areas, odds)
    say(70, "The neighbourhood around is looked at")
    shares = work.attempt("shares", lambda: _shares(work, groups, latest))
    high = work.attempt("chosen_high", lambda: _chosen_high(work))
    packages, dose, protected_dose = _packages(work)
    say(85, "What it was worth is worked out")
    costs, value = _money(work, spending, latest)
    kept = tuple(dict.fromkeys((*effect.doubts, *(areas.doubts if areas else ()))))
    return ProgrammeEvaluation(
        n=len(history.event_day),
        method=f"{effect.method}; see each part for its own",
        doubts=_once(kept),
        seed=seed,
        batches=batches,
        first_day=first_day,
        end_day=end_day,
        began=work.began,
        homes=int(homes.served.sum()),
        protected_homes=int((work.protected_from[homes.served] < end_day).sum()),
        verdict=verdict_of(effect.interval),
        effect=effect,
        exposure=exposure,
        prevented=prevented,
        latest=latest,
        simple=work.attempt("simple", lambda: _simple(work)),
        shares=shares,
        days_compared=work.span,
        chosen_high=None if high is None else high[0],
        usual_before=None if high is None else high[1],
        packages=packages,
        dose=dose,
        protected_dose=protected_dose,
        area_dose=work.attempt("area_dose", lambda: _area_dose(work, groups)),
        odds=odds,
        quarters=_quarters(work, groups),
        areas=areas,
        rings=_rings(work, groups),
        similar=_beyond(work, groups.similar),
        rest=_beyond(work, groups.rest),
        displacement=work.attempt("displacement", lambda: _displacement(work, groups)),
        rings_similar=work.attempt("rings_similar", lambda: _rings_similar(work, groups)),
        ways=ways,
        cost_each=costs,
        value=value,
        similar_areas=work.similar,
        refused=dict(work.refused),
    )


def answer(
    history: ProtectionHistory, *, streets: Words | Ints, resamples: int, seed: int = 1, confidence: float = 0.95
) -> ProtectionEffect:
    """The page's own answer: homes of one small area in one quarter, protected against not; streets drawn again.

    Where so few protected homes were burgled that some draws have none, the interval is by formula instead. Raises
    CannotCompute as ``stratified_exposure`` does.
    """
    edges = quarter_edges(history.first_day, history.end_day)
    by_formula = stratified_exposure(history, period_edges_days=edges, confidence=confidence)
    try:
        drawn = stratified_exposure(
            history, period_edges_days=edges, clusters=streets, resamples=resamples, seed=seed, confidence=confidence
        )
    except CannotCompute:  # some draws have no burglary of an unprotected home
        return by_formula
    return drawn if drawn.interval.lower else by_formula


def quarter_edges(first_day: int, end_day: int) -> Ints:
    """Day numbers that cut the days into 91 each; what is left over is in the last."""
    starts = np.arange(first_day, max(end_day - QUARTER, first_day) + 1, QUARTER)
    return np.append(starts, end_day).astype(np.int64)


def verdict_of(interval: Interval) -> Verdict:
    """How sure: by the side the interval lies on and how wide it is."""
    low = interval.lower or 0.0
    if low > 1:
        return Verdict.WORSE
    if interval.upper >= 1:
        return Verdict.UNCLEAR
    return Verdict.WORKED if low > 0 and interval.upper / low <= WELL_KNOWN else Verdict.PROBABLY


def _work(
    homes: ProgrammeHomes, fittings: Fittings, event_home: Ints, event_day: Ints, first_day: int, end_day: int,
    likeness: Mapping[str, Sequence[float]] | None, resamples: int, seed: int, confidence: float,
) -> _Work:  # fmt: skip
    if not homes.served.any():
        raise CannotCompute("No home lies in the area the programme serves.")
    since = np.full(len(homes), NEVER)
    np.minimum.at(since, fittings.home, fittings.day)
    since = np.where(homes.served, since, NEVER)
    if not (since < end_day).any():
        raise CannotCompute(
            "Nothing has been fitted in the days the records of burglary cover, so there is nothing to compare."
        )
    inside = (event_home >= 0) & (event_day >= first_day) & (event_day < end_day)
    return _Work(
        homes=homes, fittings=fittings, event_home=event_home[inside], event_day=event_day[inside],
        first_day=first_day, end_day=end_day, protected_from=since,
        similar=similar_areas(homes, likeness or {}), seed=seed, resamples=resamples, confidence=confidence,
    )  # fmt: skip


def similar_areas(homes: ProgrammeHomes, likeness: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """As many areas the programme does not serve, each the likeliest to one it does; all others without ``likeness``.

    Areas whose homes mostly lie within the ring are never chosen. Likeness is a distance in standard deviations; the
    served area hardest to match chooses first.
    """
    ring = _distance(homes) <= RING_M[-1]
    served = sorted(set(homes.small_area[homes.served].tolist()))
    others = [
        area
        for area in sorted(set(homes.small_area.tolist()) - set(served))
        if ring[homes.small_area == area].mean() <= 0.5
    ]
    if not likeness or not all(area in likeness for area in (*served, *others)):
        return tuple(others)
    numbers = np.array([likeness[area] for area in (*served, *others)], np.float64)
    spread = numbers.std(axis=0)
    scaled = numbers / np.where(spread > 0, spread, 1.0)
    apart = np.linalg.norm(scaled[: len(served), None, :] - scaled[None, len(served) :, :], axis=2)
    chosen: list[str] = []
    for row in np.argsort(-apart.min(axis=1, initial=math.inf), kind="stable"):
        free = [column for column in np.argsort(apart[row], kind="stable") if others[column] not in chosen]
        chosen += [others[free[0]]] if free else []
    return tuple(sorted(chosen))


def _distance(homes: ProgrammeHomes) -> Floats:
    """Metres from each home to the nearest one served."""
    places = np.column_stack([homes.x, homes.y])
    from scipy.spatial import cKDTree  # here: a page that only names a result does not load it

    return np.asarray(cKDTree(places[homes.served]).query(places)[0], np.float64)


@dataclass(frozen=True)
class _Groups:
    """The homes of the district in four parts that do not overlap."""

    rings: tuple[Flags, ...]
    similar: Flags
    rest: Flags

    @property
    def ring(self) -> Flags:
        return np.asarray(np.any(self.rings, axis=0), np.bool_)


def _groups(work: _Work) -> _Groups:
    away, homes = _distance(work.homes), work.homes
    near = tuple(
        ~homes.served & (away > low) & (away <= high) for low, high in zip((0.0, *RING_M), RING_M, strict=False)
    )
    outside = ~homes.served & (away > RING_M[-1])
    similar = outside & np.isin(homes.small_area, work.similar)
    return _Groups(near, similar, outside & ~similar)


def _avoided(effect: ProtectionEffect, burglaries: int, days: int) -> Avoided:
    return avoided_from_ratio(burglaries, effect.rate_ratio, effect.interval, months=12 * days / YEAR_DAYS)


def _simple(work: _Work) -> BeforeAfter:
    if work.span < 1:
        raise CannotCompute("The records begin with the programme: there is no time before it to compare.")
    before, after = work.before_and_after(work.homes.served)
    return before_after(before=before, after=after, confidence=work.confidence)


def _shares(work: _Work, groups: _Groups, latest: Avoided) -> Shares:
    before, after = work.before_and_after(work.homes.served)
    similar_before, similar_after = work.before_and_after(groups.similar)
    if not before or not similar_before:
        raise CannotCompute("There was no burglary before the programme, here or in similar areas.")
    everywhere = before * (similar_after / similar_before - 1)
    return Shares(
        before=before,
        after=after,
        everywhere=everywhere,
        protected=-latest.value,
        protected_interval=latest.interval,
        unexplained=after - before - everywhere + latest.value,
        similar_before=similar_before,
        similar_after=similar_after,
    )


def _chosen_high(work: _Work) -> tuple[Phrase, float]:
    """What the served areas would have had in a usual year, if they were chosen for the year before."""
    names, area = np.unique(work.homes.small_area.astype(str), return_inverse=True)
    early = (work.event_day >= work.began - work.span) & (work.event_day < work.began)
    counts = np.bincount(area[work.event_home[early]], minlength=len(names)).astype(np.float64)
    homes = np.bincount(area, minlength=len(names)).astype(np.float64)
    served = np.unique(area[work.homes.served])
    found = [regression_to_the_mean(counts, chosen=int(one), exposure=homes) for one in served if counts[one]]
    if not found:
        raise CannotCompute("There was no burglary here before the programme.")
    seen, usual = sum(one.observed for one in found), sum(one.expected for one in found)
    sentence = Phrase(
        "These areas had {seen} burglaries in the days before; had they been chosen for that, {usual} were to be "
        "expected next with nothing done.",
        seen=whole(seen),
        usual=whole(usual),
    )
    return sentence, usual


def _panel(work: _Work) -> CountPanel:
    """Burglaries by small area and 91 days, the areas served against similar ones; served from the first fitting."""
    groups = _groups(work)
    names = sorted(set(work.homes.small_area[work.homes.served | groups.similar].tolist()))
    edges = np.arange(work.first_day, work.end_day + 1, QUARTER)
    if len(edges) < 3 or not groups.similar.any():
        raise CannotCompute("There are too few quarters, or no similar areas, to compare whole areas.")
    place = {name: number for number, name in enumerate(names)}
    inside = work.homes.served | groups.similar
    number = np.array([place.get(name, -1) for name in work.homes.small_area])
    when = np.searchsorted(edges, work.event_day, side="right") - 1
    kept = inside[work.event_home] & (when < len(edges) - 1)
    counts = np.zeros((len(names), len(edges) - 1))
    np.add.at(counts, (number[work.event_home[kept]], when[kept]), 1.0)
    size = np.bincount(number[inside], minlength=len(names)).astype(np.float64)
    begun = np.full(len(names), NEVER)
    np.minimum.at(begun, number[inside], work.protected_from[inside])
    return panel_from_matrix(
        counts, treated=edges[None, 1:] > begun[:, None], exposure=size[:, None], areas=names,
        periods=[str(edge) for edge in edges[:-1]],
    )  # fmt: skip


def _ways(
    work: _Work, history: ProtectionHistory, effect: ProtectionEffect, exposure: ExposureComparison,
    areas: DifferenceInDifferences | None, odds: RelativeEffectSize | None,
) -> tuple[Way, ...]:  # fmt: skip
    confidence = work.confidence
    ways = [_way("answer", "This page’s answer", effect, answer=True)]
    ratio = exposure.ratio
    if ratio.value is not None:
        ways.append(
            Way("plain", Phrase("Without any adjustment"), ratio.value, ratio.interval.lower or 0.0,
                ratio.interval.upper, exposure.n, exposure.method)
        )  # fmt: skip
    quarters = quarter_edges(work.first_day, work.end_day)
    asked: tuple[tuple[str, str, Callable[[], ProtectionEffect]], ...] = (
        ("streets", "Same street only", lambda: stratified_exposure(
            work.history(stratum=work.homes.street), period_edges_days=quarters, confidence=confidence)),
        ("unburgled", "Without homes burgled before it began", lambda: _unburgled(work)),
        ("own", "Each home against itself before", lambda: own_comparison(history, confidence=confidence)),
        ("own_later", "The same, without the four weeks before fitting", lambda: own_comparison(
            history, leave_out_days_before=LEFT_OUT_DAYS, confidence=confidence)),
    )  # fmt: skip
    for key, words, compute in asked:
        found = work.attempt(key, compute)
        ways += [_way(key, words, found)] if found else []
    if areas:
        ways.append(
            Way("areas", Phrase("Whole area against similar areas"), areas.rate_ratio, areas.interval.lower or 0.0,
                areas.interval.upper, areas.n, areas.method)
        )  # fmt: skip
    if odds:
        ways.append(
            Way("odds", Phrase("Simple count against similar areas (odds ratio)"), 1 / odds.value,
                1 / odds.interval.upper, 1 / (odds.interval.lower or math.inf), odds.n, odds.method)
        )  # fmt: skip
    false = work.attempt("false_start", lambda: _false_start(work))
    ways += [_way("false_start", "False start, before anything was fitted", false, nothing=True)] if false else []
    return tuple(ways)


def _way(key: str, words: str, found: ProtectionEffect, *, answer: bool = False, nothing: bool = False) -> Way:
    lower, upper = found.interval.lower or 0.0, found.interval.upper
    return Way(key, Phrase(words), found.rate_ratio, lower, upper, found.n, found.method, answer, nothing)


def _unburgled(work: _Work) -> ProtectionEffect:
    """From the first fitting on, without homes that had been burgled before it, protected later or not."""
    burgled = np.zeros(len(work.homes), np.bool_)
    burgled[work.event_home[work.event_day < work.began]] = True
    if work.began == work.first_day:
        raise CannotCompute("The records begin with the programme: which homes had been burgled before is not known.")
    return stratified_exposure(work.history(first_day=work.began, without=burgled), confidence=work.confidence)


def _false_start(work: _Work) -> ProtectionEffect:
    """The same homes in the same order, as if fitted in the time before: there must be no effect."""
    if work.began - work.first_day < QUARTER:
        raise CannotCompute("There is too little time before the programme for a false start.")
    pace = (work.began - work.first_day) / (work.end_day - work.began)
    moved = np.where(
        work.protected_from == NEVER,
        NEVER,
        work.first_day + ((np.minimum(work.protected_from, work.end_day) - work.began) * pace).astype(np.int64),
    )
    return stratified_exposure(work.history(since=moved, end_day=work.began), confidence=work.confidence)


def _packages(work: _Work) -> tuple[tuple[Package, ...], DoseResponse | None, DoseResponse | None]:
    """Property-days and burglaries by what the home had on the day, and the trend over how many kinds that was.

    The trend is told with and without the days of nothing: nothing against anything can make a trend of the first
    alone, and only the second asks whether more does more.
    """
    spells = _spells(work)
    days: dict[tuple[str, ...], float] = {}
    hits: dict[tuple[str, ...], int] = {}
    by_area: dict[tuple[str, int], list[float]] = {}
    events: dict[int, list[int]] = {}
    for home, day in zip(work.event_home.tolist(), work.event_day.tolist(), strict=True):
        events.setdefault(home, []).append(day)
    for home, start, stop, measures in spells:
        burgled = sum(start <= day < stop for day in events.get(home, ()))
        days[measures] = days.get(measures, 0.0) + stop - start
        hits[measures] = hits.get(measures, 0) + burgled
        row = by_area.setdefault((work.homes.small_area[home], len(measures)), [0.0, 0.0])
        row[0] += burgled
        row[1] += stop - start
    ordered = sorted(days, key=lambda measures: (len(measures), -days[measures], measures))
    shown = [*ordered[:1], *sorted(ordered[1:], key=lambda m: -days[m])[: MOST_PACKAGES - 1]]
    found = []
    for measures in sorted(shown, key=ordered.index):
        years = days[measures] / YEAR_DAYS
        rate = crude_rate(hits[measures], years, per=1000)
        found.append(
            Package(measures, hits[measures], years, rate.value, rate.interval.lower or 0.0, rate.interval.upper)
        )
    rows = [
        (area, float(dose), hit, at_risk) for (area, dose), (hit, at_risk) in sorted(by_area.items()) if at_risk > 0
    ]
    return (
        tuple(found),
        work.attempt("dose", lambda: _trend(rows, work.confidence)),
        work.attempt("protected_dose", lambda: _trend([row for row in rows if row[1] > 0], work.confidence)),
    )


def _trend(rows: Sequence[tuple[str, float, float, float]], confidence: float) -> DoseResponse:
    """Over area, kinds of measure, burglaries and days: each area compared with itself."""
    return dose_response(
        dose=[row[1] for row in rows], events=[row[2] for row in rows], exposure_days=[row[3] for row in rows],
        strata=[row[0] for row in rows], confidence=confidence,
    )  # fmt: skip


def _odds(work: _Work, groups: _Groups) -> RelativeEffectSize:
    """Burglaries here before and since over those of similar areas, in periods as long."""
    if work.span < 1:
        raise CannotCompute("The records begin with the programme: there is no time before it to compare.")
    return relative_effect_size(
        treated=work.before_and_after(work.homes.served),
        control=work.before_and_after(groups.similar),
        confidence=work.confidence,
    )


def _area_dose(work: _Work, groups: _Groups) -> DoseResponse:
    """Burglaries of an area in 91 days by the tenths of its homes that were protected, protected home or not."""
    inside = work.homes.served | groups.similar
    names, number = np.unique(work.homes.small_area[inside].astype(str), return_inverse=True)
    edges = quarter_edges(work.first_day, work.end_day)
    lengths = np.diff(edges).astype(np.float64)
    since = np.minimum(np.where(work.homes.served, work.protected_from, NEVER)[inside], work.end_day)
    days = np.diff(np.clip(edges[None, :] - since[:, None], 0, None), axis=1)
    protected, homes = np.zeros((len(names), len(lengths))), np.bincount(number).astype(np.float64)
    np.add.at(protected, number, days)
    place = np.full(len(inside), -1)
    place[inside] = number
    when = np.searchsorted(edges, work.event_day, side="right") - 1
    here = place[work.event_home] >= 0
    counts = np.zeros_like(protected)
    np.add.at(counts, (place[work.event_home[here]], when[here]), 1.0)
    at_risk = homes[:, None] * lengths[None, :]
    return dose_response(
        dose=(10 * protected / at_risk).ravel(), events=counts.ravel(), exposure_days=at_risk.ravel(),
        strata=np.repeat(names, len(lengths)), periods=np.tile(edges[:-1], len(names)), confidence=work.confidence,
    )  # fmt: skip


def _spells(work: _Work) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """Home, first day, end day and measures held, of every served home over the whole period."""
    fitted: dict[int, list[tuple[int, str]]] = {}
    for home, day, measure in zip(
        work.fittings.home.tolist(), work.fittings.day.tolist(), work.fittings.measure.tolist(), strict=True
    ):
        fitted.setdefault(home, []).append((day, measure))
    spells = []
    for home in np.flatnonzero(work.homes.served).tolist():
        start, held = work.first_day, frozenset[str]()
        for day, measure in sorted(fitted.get(home, ())):
            stop = min(max(day, work.first_day), work.end_day)
            if stop > start and measure not in held:
                spells.append((home, start, stop, tuple(sorted(held))))
                start = stop
            held |= {measure}
        if work.end_day > start:
            spells.append((home, start, work.end_day, tuple(sorted(held))))
    return spells


def _quarters(work: _Work, groups: _Groups) -> tuple[Quarter, ...]:
    first = work.end_day - QUARTER * ((work.end_day - work.first_day) // QUARTER)
    sizes = int(work.homes.served.sum()), max(int(groups.similar.sum()), 1)
    found = []
    for start in range(first, work.end_day, QUARTER):
        inside = (work.event_day >= start) & (work.event_day < start + QUARTER)
        here = int((inside & work.homes.served[work.event_home]).sum())
        there = int((inside & groups.similar[work.event_home]).sum())
        found.append(Quarter(start, 1000 * here / sizes[0], 1000 * there / sizes[1], here, there))
    return tuple(found)


def _rings(work: _Work, groups: _Groups) -> tuple[Ring, ...]:
    parts = zip((0.0, *RING_M), RING_M, groups.rings, strict=False)
    return tuple(Ring(low, high, int(chosen.sum()), *work.before_and_after(chosen)) for low, high, chosen in parts)


def _beyond(work: _Work, chosen: Flags) -> Beyond | None:
    """Homes further away than the rings with their burglaries; None where there is none."""
    homes = int(chosen.sum())
    return Beyond(homes, *work.before_and_after(chosen)) if homes else None


def _rings_similar(work: _Work, groups: _Groups) -> WeightedDisplacementDifference:
    """The rings against similar areas: the rest of the district may have had few burglaries, or a rise of its own."""
    ring, similar = int(groups.ring.sum()), int(groups.similar.sum())
    if not (ring and similar) or work.span < 1:
        raise CannotCompute("There is no ring, or no similar area, or no time before, to see whether it moved.")
    return wdd(
        treated=work.before_and_after(groups.ring),
        control=work.before_and_after(groups.similar),
        area_weights=AreaWeights(control=similar / ring),
        confidence=work.confidence,
    )


def _displacement(work: _Work, groups: _Groups) -> WeightedDisplacementDifference:
    """Served homes against similar areas, and the ring against the rest; counts of homes as weights, so that the
    local part is in burglaries here and the other in burglaries in the ring."""
    homes, ring = int(work.homes.served.sum()), int(groups.ring.sum())
    similar, rest = int(groups.similar.sum()), int(groups.rest.sum())
    if not (ring and similar and rest) or work.span < 1:
        raise CannotCompute("There is no ring, or nothing left beyond it, or no time before, to see whether it moved.")
    return wdd(
        treated=work.before_and_after(work.homes.served),
        control=work.before_and_after(groups.similar),
        treated_buffer=work.before_and_after(groups.ring),
        control_buffer=work.before_and_after(groups.rest),
        area_weights=AreaWeights(control=similar / homes, control_buffer=rest / ring),
        confidence=work.confidence,
    )


def _money(
    work: _Work, spending: Spending | None, latest: Avoided
) -> tuple[tuple[CostPerOutcome, ...], ValueByEdition | None]:
    if spending is None:
        work.refused["value"] = Phrase("Nobody has said yet what the programme cost.")
        return (), None
    done = int((work.protected_from < work.end_day).sum())
    each = (
        cost_per_outcome(spending.pounds, done, cost_is=spending.is_what, outcome="home fitted"),
        cost_per_outcome(
            spending.pounds, int(work.homes.served.sum()), cost_is=spending.is_what, outcome="home in the area"
        ),
    )
    value = work.attempt(
        "value",
        lambda: value_by_edition(
            latest,
            editions=EDITIONS,
            cost=spending.pounds,
            cash=spending.cash,
            over_years=LASTS_YEARS,
            unconfirmed=True,
        ),
    )
    return each, value


def _value_dict(value: ValueByEdition | None, latest: Avoided) -> dict[str, Any] | None:
    """With the years to break even if a part of what was prevented had moved away, and in cash alone."""
    if value is None:
        return None
    found = value.as_dict()
    for one, row in zip(value.values, found["editions"], strict=True):
        yearly = one.saving_a_year
        row["if_moved"] = [
            {"part": part, "years": rounded(break_even_years(one.cost, yearly * (1 - part)))} for part in MOVED
        ]
        row["cash_years"] = (
            None if one.cash is None else rounded(break_even_years(one.cost, one.cash.per_crime * latest.a_year))
        )
        row["saving_a_year"] = rounded(yearly)
    return found


def _plain(one: Any) -> dict[str, Any]:
    """A small dataclass as JSON values."""
    found: dict[str, Any] = {}
    for name in one.__dataclass_fields__:
        value = getattr(one, name)
        if isinstance(value, Interval):
            found[name] = value.as_dict()
        elif isinstance(value, float):
            found[name] = rounded(value)
        elif isinstance(value, tuple):
            found[name] = list(value)
        else:
            found[name] = str(value) if isinstance(value, str) else value
    return found


def _once(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    return tuple({doubt.kind: doubt for doubt in reversed(doubts)}.values())[::-1]
