"""The findings of a picture in words: the heading sentence and the title of each chart say what was found.

Nothing is claimed that the numbers do not carry: *beyond chance* only where a test with control for many looks says so.
"""

from frankpledge.analysis.change import touches_lockdowns
from frankpledge.analysis.expected_range import MonthStanding
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.analysis.rates import SMALL_COUNT, Verdict
from frankpledge.vocabulary.areas import DenominatorUnit
from frankpledge.vocabulary.periods import LOCKDOWNS, MonthSpan
from frankpledge.vocabulary.wording import Phrase, ordinary, share, whole

NAMED_PLACES = 3  # at most this many wards are named in a title
SEVERAL = 3  # lockdown months below their range, from which a fall is said
YEAR = 12


def title(picture: AreaPicture) -> Phrase:
    """``Burglary in Harborough``."""
    return Phrase("{crime} in {area}", crime=Phrase(picture.crime_type.label), area=picture.area.name)


def headline(picture: AreaPicture) -> Phrase:
    """The finding in one to three short sentences."""
    parts = [_level(picture), *_standing_out(picture)]
    return Phrase(
        " ".join(f"{{part{i}}}" for i in range(len(parts))), **{f"part{i}": part for i, part in enumerate(parts)}
    )


def _level(picture: AreaPicture) -> Phrase:
    """How much, and against the time before the lockdowns where that is at hand, or the year before."""
    values = {
        "crime": Phrase(picture.crime_type.label),
        "count": whole(picture.rate_count),
        "events": Phrase(picture.crime_type.plural),
        "period": _in_period(picture.rate_period),
        "homes": _homes(picture),
    }
    if picture.before_lockdowns is not None:
        verdict = picture.before_lockdowns.verdict
        if verdict is Verdict.NOT_CLEAR:
            # Few crimes could hide a doubling: that nothing is clear must not read as that nothing changed.
            if min(picture.before_lockdowns.count, picture.before_lockdowns.other_count) < SMALL_COUNT:
                return Phrase(
                    "Too few to compare with before the lockdowns: {count} {events} {period}{homes}.", **values
                )
            return Phrase("{crime} is about where it was before the lockdowns: {count} {period}{homes}.", **values)
        if verdict is Verdict.LOWER:
            return Phrase(
                "{crime} is still below where it was before the lockdowns: {count} {period}{homes}.", **values
            )
        return Phrase("{crime} is above where it was before the lockdowns: {count} {period}{homes}.", **values)
    if picture.change is not None and picture.change.like_for_like and picture.change.current + picture.change.previous:
        values["before"] = whole(picture.change.previous)
        if picture.change.verdict is Verdict.HIGHER:
            return Phrase(
                "{crime} rose beyond chance: {count} {period}, against {before} a year earlier{homes}.", **values
            )
        if picture.change.verdict is Verdict.LOWER:
            return Phrase(
                "{crime} fell beyond chance: {count} {period}, against {before} a year earlier{homes}.", **values
            )
        return Phrase("No clear change: {count} {events} {period}, against {before} a year earlier{homes}.", **values)
    return Phrase("There were {count} {events} {period}{homes}.", **values)


def _in_period(span: MonthSpan) -> Phrase:
    if len(span) == 1:
        return Phrase("in {period}", period=span)
    if len(span) in (3, YEAR):
        return Phrase("in the {period}", period=span)
    return Phrase("from {period}", period=span)


def _homes(picture: AreaPicture) -> Phrase:
    """``, about one home in 95``: only for crime counted against homes, and not where one home in two would be said."""
    rate = picture.rate
    by_home = rate is not None and rate.edition is not None and rate.edition.unit is DenominatorUnit.HOUSEHOLDS
    if rate is None or not by_home or picture.rate_count == 0 or rate.exposure / rate.count < 3:
        return Phrase("")
    return Phrase(", about one for every {homes} homes", homes=whole(rate.exposure / rate.count))


def _standing_out(picture: AreaPicture) -> list[Phrase]:
    if picture.funnel is None:
        return []
    found = picture.standing_out
    if not found:
        return [Phrase("No small area stands out beyond chance.")]
    together = share(sum(row.count for row in found) / picture.rate_count)
    if len(found) == 1:
        return [Phrase("One small area stands out beyond chance, with {share} of it.", share=together)]
    return [
        Phrase(
            "{count} small areas stand out beyond chance, together with {share} of it.",
            count=Phrase(ordinary(len(found)).capitalize()),
            share=together,
        )
    ]


def map_title(picture: AreaPicture) -> Phrase:
    """``Glen and Lutterworth Swift stand out``: the wards of the areas above chance, by their number of crimes."""
    if picture.funnel is None:
        return Phrase("Where it was recorded")
    found = picture.standing_out
    if not found:
        return Phrase("No small area stands out beyond chance")
    weight: dict[str, int] = {}
    for row in found:
        place = row.ward or row.area.name
        weight[place] = weight.get(place, 0) + row.count
    names = sorted(weight, key=lambda place: (-weight[place], place))
    if len(names) == 1:
        return Phrase("{place} stands out", place=names[0])
    if len(names) <= NAMED_PLACES:
        return Phrase("{places} stand out", places=tuple(names))
    return Phrase(
        "{places} and {more} more places stand out",
        places=", ".join(names[: NAMED_PLACES - 1]),
        more=Phrase(ordinary(len(names) - NAMED_PLACES + 1)),
    )


def trend_title(picture: AreaPicture) -> Phrase:
    """Which months lie outside what season and history lead one to expect."""
    expected = picture.expected
    if expected is None:
        return _spread(picture)
    doubtful = {month.month for month in picture.months if month.doubtful}
    outside_range = [month for month in expected.exceptional() if month.month not in doubtful]
    high = [month for month in outside_range if month.standing is MonthStanding.HIGH]
    low = [month for month in outside_range if month.standing is MonthStanding.LOW]
    outside = _outside(len(high), len(low))
    crime = Phrase(picture.crime_type.label)
    if _fell_and_returned(picture):
        return Phrase("{crime} fell in the lockdowns and came back{outside}", crime=crime, outside=outside)
    if not high and not low:
        return Phrase("{crime} kept to its usual range", crime=crime)
    return Phrase("{crime} kept mostly to its usual range{outside}", crime=crime, outside=outside)


def _spread(picture: AreaPicture) -> Phrase:
    """Where nothing says what is usual: the least and the most in a month."""
    known = [month.count for month in picture.months if month.count is not None and not month.doubtful]
    events = Phrase(picture.crime_type.plural)
    if not known or min(known) == max(known):
        return Phrase("{count} {events} a month", count=whole(max(known, default=0)), events=events)
    low, high = whole(min(known)), whole(max(known))
    return Phrase("Between {low} and {high} {events} a month", low=low, high=high, events=events)


def _outside(high: int, low: int) -> Phrase:
    if high and low:
        return Phrase(", with {high} above it and {low} below", high=Phrase(ordinary(high)), low=Phrase(ordinary(low)))
    for count, one, more in (
        (high, ", with one high month", ", with {count} high months"),
        (low, ", with one low month", ", with {count} low months"),
    ):
        if count == 1:
            return Phrase(one)
        if count:
            return Phrase(more, count=Phrase(ordinary(count)))
    return Phrase("")


def _fell_and_returned(picture: AreaPicture) -> bool:
    """Several lockdown months shown were below their range, and the rate period is not below what was before."""
    if picture.expected is None or picture.before_lockdowns is None or not touches_lockdowns(picture.period):
        return False
    locked = [month for month in picture.expected.months if month.lockdown and month.count is not None]
    low = sum(month.standing is MonthStanding.LOW for month in locked)
    return low >= SEVERAL and picture.before_lockdowns.verdict is not Verdict.LOWER


def comparison_title(picture: AreaPicture) -> Phrase:
    """Where the place lies among the others of its whole."""
    compared = picture.comparison
    if compared is None:
        return Phrase("No comparison")
    values = {"area": compared.area.name, "whole": compared.whole.name}
    if compared.against_rest.verdict is Verdict.LOWER:
        return Phrase("{area} is lower than the rest of {whole}, beyond chance", **values)
    if compared.against_rest.verdict is Verdict.HIGHER:
        return Phrase("{area} is higher than the rest of {whole}, beyond chance", **values)
    return Phrase("{area} does not differ clearly from the rest of {whole}", **values)


def lockdown_note() -> Phrase:
    return Phrase("lockdowns, {first} to {last}", first=LOCKDOWNS.first, last=LOCKDOWNS.last)
