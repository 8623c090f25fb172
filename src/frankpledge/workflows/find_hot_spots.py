"""What area schemes rest on: the small areas with the most burglary a household, and when in the week things happen.

Which records answer for a place, and how they are counted, is the explorer's to say; area schemes only keep the result.
That is why it is a workflow: a room of delivery does not look up to oversight.
"""

from collections.abc import Callable
from typing import Any

from frankpledge.analysis.aoristic import aoristic
from frankpledge.analysis.places import choose_denominator, small_areas_by
from frankpledge.analysis.rates import crude_rate
from frankpledge.delivery.area_schemes.services import looks as services
from frankpledge.delivery.area_schemes.services.looks import Rested, Spot, Week
from frankpledge.evidence import queries
from frankpledge.evidence.queries import Selection
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.oversight.exploring.asked import Asked, own_area, resolve, sources
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.questions import Question
from frankpledge.vocabulary.wording import said

HOT_SPOTS = 8
FEWEST = 5  # burglaries in the year, below which a small area is no hot spot
# What volunteers in the street may calm: what happens in public, whichever agency writes it down.
IN_PUBLIC = (
    CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    CrimeType.PUBLIC_ORDER,
    CrimeType.ROBBERY,
    CrimeType.THEFT_FROM_THE_PERSON,
    CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    CrimeType.ANTI_SOCIAL_BEHAVIOUR,
)

Tell = Callable[[float, str], None]


def find_hot_spots_job(context: JobContext) -> dict[str, Any]:
    """The job: see ``find_hot_spots``."""
    return find_hot_spots(by=context.by, progress=context.progress)


def find_hot_spots(*, by: Actor, progress: Tell | None = None) -> dict[str, Any]:
    """Rank the small areas and read the week from the newest twelve months; keep both. Returns how many of each.

    What the records cannot bear (no areas, no burglary, no times of day) is left out, and the pages say so.
    """
    tell = progress or (lambda percent, line: None)
    tell(5, "Small areas are ranked by burglary a household")
    spots = _hot_spots(by)
    tell(50, "When in the week things happen is worked out")
    weeks = _weeks(by)
    tell(100, "Hot spots and the week are kept")
    return {"hot_spots": spots, "wards": weeks}


def _hot_spots(by: Actor) -> int:
    asked = _asked(Question(crime_types=(CrimeType.BURGLARY,)))
    if asked is None:
        return 0
    year = MonthSpan.year_to(asked.span.last)
    chosen = choose_denominator(asked.geography, DenominatorUnit.HOUSEHOLDS, asked.small_areas, None)
    if chosen is None:
        return 0
    households, counts = chosen[0], asked.counts()
    ranked = sorted(
        (
            _spot(asked, code, count, households.by_small_area[code])
            for code, count in zip(asked.small_areas, counts.each(asked.small_areas, year), strict=True)
            if count >= FEWEST and households.by_small_area[code] > 0
        ),
        key=lambda spot: (-spot.rate, spot.code),
    )
    n = counts.of(asked.small_areas, year)
    rested = _rested(
        asked, year, n, counts.unplaced(year), "burglaries recorded per 1,000 households of each small area, 95 % "
        f"interval exact under ten and Byar's from ten; fewer than {FEWEST} in the year is no hot spot"
    )  # fmt: skip
    edition = households.edition.label
    services.keep_hot_spots(rested, ranked[:HOT_SPOTS], areas=len(asked.small_areas), edition=edition, by=by)
    return min(len(ranked), HOT_SPOTS)


def _spot(asked: Asked, code: str, count: int, households: int) -> Spot:
    above = asked.geography.parents.get(code, {})
    rate = crude_rate(count, households)
    neighbourhood, ward = above.get(AreaLevel.PRIORITY_NEIGHBOURHOOD, ""), above.get(AreaLevel.WARD, "")
    area, called = asked.geography.areas.get(code), asked.geography.areas.get(neighbourhood or ward)
    return Spot(
        code=code,
        name=area.name if area else code,
        ward=ward,
        place=called.name if called else "",
        count=count,
        households=households,
        rate=rate.value,
        low=rate.interval.lower,
        high=rate.interval.upper,
    )


def _weeks(by: Actor) -> int:
    """The source with the most timed events in public places answers; two describe the same ones and are not added."""
    found = [(asked, _timed(asked)) for asked in map(_with_times, sources()) if asked]
    asked, timed = max(found, key=lambda one: one[1], default=(None, 0))
    if asked is None or not timed:
        return 0
    year = MonthSpan.year_to(asked.span.last)
    weeks = [week for week in (_week(asked, year, ward, codes) for ward, codes in _wards(asked).items()) if week.n]
    n = sum(week.n for week in weeks)
    everything = asked.run(queries.counts_of(asked.selection(year)))
    rested = _rested(
        asked, year, n, max(sum(everything["n"].to_pylist()) - n, 0),
        "each event spread evenly over the hours in which it can have happened, by the clock on the wall (Ratcliffe "
        "2002)",
    )  # fmt: skip
    services.keep_weeks(rested, weeks, kinds=[kind.value for kind in asked.kinds], by=by)
    return len(weeks)


def _with_times(source: Any) -> Asked | None:
    return _asked(Question(crime_types=IN_PUBLIC, source=source.source))


def _timed(asked: Asked) -> int:
    return int(asked.run(queries.windows(asked.selection(MonthSpan.year_to(asked.span.last)))).num_rows)


def _wards(asked: Asked) -> dict[str, list[str]]:
    inside = set(asked.small_areas)
    groups = small_areas_by(asked.geography, AreaLevel.WARD)
    return {ward: [code for code in codes if code in inside] for ward, codes in groups.items() if inside & set(codes)}


def _week(asked: Asked, year: MonthSpan, ward: str, codes: list[str]) -> Week:
    selection = Selection(year, asked.kinds, small_areas=tuple(codes))
    table = asked.run(queries.windows(selection))
    area = asked.geography.areas.get(ward)
    if not table.num_rows:
        return Week(ward, area.name if area else ward, 0, [])
    found = aoristic(table["occurred_from"], table["occurred_to"])
    return Week(ward, area.name if area else ward, found.n, found.weights.tolist())


def _asked(question: Question) -> Asked | None:
    if own_area() is None:
        return None
    try:
        return resolve(question)
    except CannotCompute:  # the source holds nothing of this place
        return None


def _rested(asked: Asked, year: MonthSpan, n: int, left_out: int, method: str) -> Rested:
    return Rested(
        source=asked.source.source,
        source_label=asked.source.label,
        period=said(year),
        n=n,
        left_out=left_out,
        method=method,
        batches=asked.batches,
    )
