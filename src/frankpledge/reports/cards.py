"""The four figures at the top of a picture: value, interval, what it is compared with, a status word, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.analysis.rates import SMALL_COUNT, Rate, Verdict
from frankpledge.reports.words import interval_words, rate_places
from frankpledge.vocabulary.areas import DenominatorUnit
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole, word

# the shape that stands beside a status word, so that meaning never rests on colour
HIGHER, LOWER, SAME, UNKNOWN = "up", "down", "same", "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """A word with a shape. ``kind`` picks the colour: good, bad, plain or unknown."""

    word: Phrase
    shape: str
    kind: str


@dataclass(frozen=True, slots=True)
class Card:
    """One figure. ``value`` is None where it is refused; ``notes`` then say why."""

    label: Phrase
    value: str | None
    unit: Phrase | None
    interval: Phrase | None
    notes: Sequence[str]
    status: Status | None
    why: Sequence[Phrase]


def cards(picture: AreaPicture) -> list[Card]:
    """Count, rate, against the rest of the whole, and share in the worst areas."""
    return [_count(picture), _rate(picture), _against_rest(picture), _concentration(picture)]


def _count(picture: AreaPicture) -> Card:
    label = Phrase("{crime}, {period}", crime=_plural(picture), period=picture.rate_period)
    notes: list[str] = []
    status = None
    why = [Phrase("Recorded by the police and placed in {area}.", area=picture.area.name)]
    changed = picture.change
    if changed is None:
        notes.append(picture.refused.get("change", ""))
    else:
        notes.append(
            Phrase("against {count} in the {period}", count=whole(changed.previous), period=changed.previous_period)
        )
        status = _change_status(picture)
        why += [Phrase(doubt.sentence) for doubt in changed.doubts]
        if changed.percent is not None and changed.like_for_like:
            why.append(Phrase("A change of {percent} %.", percent=decimal(changed.percent, 0)))
    return Card(label, whole(picture.rate_count), None, None, [note for note in notes if note], status, why)


def _change_status(picture: AreaPicture) -> Status | None:
    changed = picture.change
    if changed is None:
        return None
    if not changed.like_for_like:
        return Status(Phrase("not like for like"), UNKNOWN, "plain")
    if max(changed.current, changed.previous) < SMALL_COUNT:
        return Status(Phrase("too few to say"), UNKNOWN, "unknown")
    return _verdict_status(
        changed.verdict, Phrase("more, beyond chance"), Phrase("fewer, beyond chance"), Phrase("no clear change")
    )


def _verdict_status(verdict: Verdict, higher: Phrase, lower: Phrase, same: Phrase) -> Status:
    if verdict is Verdict.HIGHER:
        return Status(higher, HIGHER, "bad")
    if verdict is Verdict.LOWER:
        return Status(lower, LOWER, "good")
    return Status(same, SAME, "plain")


def _rate(picture: AreaPicture) -> Card:
    unit = DenominatorUnit.HOUSEHOLDS if picture.crime_type.per_household else DenominatorUnit.RESIDENTS
    label = Phrase("Rate per 1,000 {unit}", unit=Phrase(unit.value))
    rate: Rate | None = picture.rate
    if rate is None or picture.denominator is None:
        return Card(label, None, None, None, [picture.refused.get("rate", "")], None, [])
    edition = picture.denominator.edition
    note = Phrase(
        "{count} {unit}, {edition}", count=whole(rate.exposure), unit=Phrase(unit.value), edition=word(edition.label)
    )
    short = len(picture.rate_period) != 12
    why = [
        Phrase(
            "{count} divided by {exposure} {unit}, times 1,000.",
            count=whole(rate.count),
            exposure=whole(rate.exposure),
            unit=Phrase(unit.value),
        ),
        Phrase(
            "The interval of {confidence} is by the {method} method: by chance alone the rate could be anywhere in it.",
            confidence=share(rate.interval.confidence),
            method=rate.interval.method,
        ),
        Phrase("Denominator: {edition} ({key}).", edition=word(edition.label), key=edition.key),
    ]
    status = Status(Phrase("not a rate for a year"), UNKNOWN, "unknown") if short else None
    places = rate_places(picture)
    return Card(label, decimal(rate.value, places), None, interval_words(rate.interval, places), [note], status, why)


def _against_rest(picture: AreaPicture) -> Card:
    compared = picture.comparison
    if compared is None or compared.against_rest.value is None:
        return Card(Phrase("Against the rest"), None, None, None, [picture.refused.get("comparison", "")], None, [])
    label = Phrase("Against the rest of {whole}", whole=compared.whole.name)
    ratio = compared.against_rest
    rest = decimal(1000 * ratio.other_count / ratio.other_exposure, rate_places(picture))
    why = [
        Phrase(
            "{here} per 1,000 here, {rest} per 1,000 in the rest ({count} of {exposure}).",
            here=decimal(compared.here.rate.value, rate_places(picture)),
            rest=rest,
            count=whole(ratio.other_count),
            exposure=whole(ratio.other_exposure),
        ),
        Phrase("The interval of 95 % is exact, given both counts together."),
    ]
    status = _verdict_status(
        ratio.verdict, Phrase("higher, beyond chance"), Phrase("lower, beyond chance"), Phrase("no clear difference")
    )
    note = Phrase("the rest has {rate} per 1,000", rate=rest)
    return Card(
        label, decimal(ratio.value or 0.0, 2), Phrase("times"), interval_words(ratio.interval, 2), [note], status, why
    )


def _concentration(picture: AreaPicture) -> Card:
    label = Phrase("Share in the worst 5 % of areas")
    gathered = picture.concentration
    if gathered is None:
        return Card(label, None, None, None, [picture.refused.get("concentration", "")], None, [])
    low, high = gathered.by_chance_interval
    note = Phrase(
        "some clustering is chance: {chance} expected ({low} to {high})",
        chance=share(gathered.by_chance),
        low=share(low),
        high=share(high),
    )
    if any(doubt.kind is DoubtKind.SMALL_NUMBERS for doubt in gathered.doubts):
        status = Status(Phrase("small numbers"), UNKNOWN, "unknown")
    elif gathered.beyond_chance:
        status = Status(Phrase("more than chance"), HIGHER, "plain")
    else:
        status = Status(Phrase("no more than chance"), SAME, "plain")
    why = [
        Phrase(
            "The worst 5 % are {worst} of {areas} small areas, by number of crimes.",
            worst=decimal(gathered.worst_areas),
            areas=whole(gathered.areas),
        ),
        Phrase(
            "Chance: {runs} simulations (seed {seed}) place as many crimes on the areas by their homes or residents.",
            runs=whole(gathered.simulations),
            seed=str(gathered.seed),
        ),
        Phrase("Gini coefficient {gini}.", gini=decimal(gathered.gini, 2)),
    ]
    of = Phrase("of {crime}", crime=Phrase(picture.crime_type.label.lower()))
    return Card(label, share(gathered.share), of, None, [note], status, why)


def _plural(picture: AreaPicture) -> Phrase:
    words = picture.crime_type.plural
    return Phrase(words[0].upper() + words[1:])
