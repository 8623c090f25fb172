"""Who is both victim and offender, who offends together, and how much lies with few people: counts, never names.

People come in as keys (pseudonyms will do). Results hold counts; only a list of the prolific few holds keys, because it
is asked for in order to act.
Sources: Jennings W, Piquero A, Reingle J (2012) Aggression Violent Behav 17:16-26 (overlap); van Mastrigt S, Farrington
D (2009) Br J Criminol 49:552-573 (co-offending); Sherman L et al (2016) Policing 10:171-183 (the few by harm).
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from scipy.special import gammaln

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

Key = Hashable
LARGEST_GROUP = 200  # people linked to one crime, above which its pairs are not made


@dataclass(frozen=True, kw_only=True)
class VictimOffenderOverlap(Result):
    """People who are both. ``n``: people in either list. ``expected``: by chance, in a ``population`` if given."""

    victims: int
    offenders: int
    both: int
    population: int | None
    expected: float | None
    p: float | None  # of as many or more by chance (hypergeometric)

    def sentence(self) -> Phrase:
        facts = {
            "both": whole(self.both),
            "victims": whole(self.victims),
            "offenders": whole(self.offenders),
            "share": share(self.both / self.victims if self.victims else 0.0),
        }
        if self.expected is None or not self.expected:
            return Phrase("{both} of {victims} victims ({share}) are also among {offenders} offenders.", **facts)
        return Phrase(
            "{both} of {victims} victims ({share}) are also among {offenders} offenders: {ratio} times what chance "
            "gives.",
            **facts,
            ratio=decimal(self.both / self.expected),
        )

    def table(self) -> Table:
        return Table(
            ("victims only", "both", "offenders only"),
            ((self.victims - self.both, self.both, self.offenders - self.both),),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "victims": self.victims,
            "offenders": self.offenders,
            "both": self.both,
            "population": self.population,
            "expected": rounded(self.expected),
            "ratio": rounded(self.both / self.expected) if self.expected else None,
            "p": rounded(self.p),
            **self.provenance(),
        }


def victim_offender_overlap(
    victims: Sequence[Key | None], offenders: Sequence[Key | None], *, population: int | None = None
) -> VictimOffenderOverlap:
    """How many people are in both lists; a person counts once, however often listed. None: not known, left out."""
    victim_set, offender_set = _known(victims), _known(offenders)
    unknown = sum(key is None for key in (*victims, *offenders))
    both, either = len(victim_set & offender_set), len(victim_set | offender_set)
    if not either:
        raise CannotCompute("There is nobody in either list.")
    if population is not None and population < either:
        raise CannotCompute(f"The population of {population:,} is smaller than the {either:,} people listed.")
    expected = None if population is None else len(victim_set) * len(offender_set) / population
    return VictimOffenderOverlap(
        n=either,
        method="people in both lists" + ("" if population is None else ", hypergeometric chance"),
        doubts=_left_out(unknown),
        victims=len(victim_set),
        offenders=len(offender_set),
        both=both,
        population=population,
        expected=expected,
        p=None if population is None else _overlap_p(both, len(victim_set), len(offender_set), population),
    )


def _overlap_p(both: int, first: int, second: int, population: int) -> float:
    """Chance of ``both`` or more in common when two sets are drawn from the population without regard to each other."""
    from numpy import arange, exp

    def log_choose(n: Any, k: Any) -> Any:
        return gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)

    k = arange(max(both, first + second - population), min(first, second) + 1)
    terms = log_choose(first, k) + log_choose(population - first, second - k) - log_choose(population, second)
    return min(1.0, float(exp(terms).sum()))


@dataclass(frozen=True, kw_only=True)
class CoOffending(Result):
    """Crimes and people known to have offended together. ``n``: crimes with a known offender."""

    together: int  # crimes with two or more
    people: int
    with_others: int  # people who ever offended with another
    pairs: int  # different pairs
    repeated_pairs: int  # pairs seen in two or more crimes
    groups: int  # people linked through others, two or more
    largest_group: int
    sizes: tuple[tuple[int, int], ...]  # offenders in a crime, crimes

    def sentence(self) -> Phrase:
        return Phrase(
            "{together} of {n} crimes with a known offender were by two or more ({share}); {repeated} of {pairs} pairs "
            "did so again.",
            together=whole(self.together),
            n=whole(self.n),
            share=share(self.together / self.n),
            repeated=whole(self.repeated_pairs),
            pairs=whole(self.pairs),
        )

    def table(self) -> Table:
        return Table(("offenders in the crime", "crimes"), self.sizes)

    def as_dict(self) -> dict[str, Any]:
        return {
            "crimes": self.n,
            "together": self.together,
            "people": self.people,
            "with_others": self.with_others,
            "pairs": self.pairs,
            "repeated_pairs": self.repeated_pairs,
            "groups": self.groups,
            "largest_group": self.largest_group,
            "sizes": [list(row) for row in self.sizes],
            **self.provenance(),
        }


def co_offending(crimes: Sequence[Key | None], people: Sequence[Key | None]) -> CoOffending:
    """From links, one of ``crimes`` to one of ``people`` each; the same link twice counts once."""
    if len(crimes) != len(people):
        raise CannotCompute("Each link needs its crime and its person.")
    links = [(c, p) for c, p in zip(crimes, people, strict=True) if c is not None and p is not None]
    if not links:
        raise CannotCompute("No crime is linked to a person.")
    by_crime: dict[Key, set[Key]] = {}
    for crime, person in links:
        by_crime.setdefault(crime, set()).add(person)
    pairs: Counter[frozenset[Key]] = Counter()
    leader: dict[Key, Key] = {}
    for group in by_crime.values():
        if len(group) > LARGEST_GROUP:
            raise CannotCompute(
                f"One crime is linked to {len(group):,} people. Is the person's key really one person's?"
            )
        pairs.update(frozenset(pair) for pair in combinations(group, 2))
        first = next(iter(group))
        for person in group:
            leader[_leader(leader, person)] = _leader(leader, first)
    groups = Counter(_leader(leader, person) for person in leader)
    linked = [size for size in groups.values() if size > 1]
    sizes = Counter(len(group) for group in by_crime.values())
    return CoOffending(
        n=len(by_crime),
        method="links between crimes and people; groups are people linked through shared crimes",
        doubts=_left_out(len(crimes) - len(links)),
        together=sum(count for size, count in sizes.items() if size > 1),
        people=len(leader),
        with_others=len({person for pair in pairs for person in pair}),
        pairs=len(pairs),
        repeated_pairs=sum(times > 1 for times in pairs.values()),
        groups=len(linked),
        largest_group=max(linked, default=1),
        sizes=tuple(sorted(sizes.items())),
    )


def _leader(leader: dict[Key, Key], person: Key) -> Key:
    """The one who stands for the group of ``person`` (union-find, paths halved)."""
    leader.setdefault(person, person)
    while leader[person] != person:
        leader[person] = leader[leader[person]]
        person = leader[person]
    return person


@dataclass(frozen=True, slots=True)
class ProlificPerson:
    """One of the few."""

    key: Key
    offences: int
    harm: float | None


@dataclass(frozen=True, kw_only=True)
class ProlificFew(Result):
    """The few by number of offences and, where weights were given, by harm. ``n``: offences.

    Those level with the last are all in, so there may be more than asked for.
    """

    people: int
    few: int
    by_count: tuple[ProlificPerson, ...]
    by_harm: tuple[ProlificPerson, ...] | None
    share_of_offences: float
    share_of_harm: float | None
    on_both: int | None

    def sentence(self) -> Phrase:
        if self.by_harm is None or self.share_of_harm is None:
            return Phrase(
                "{few} of {people} people account for {share} of {n} offences.",
                few=whole(len(self.by_count)),
                people=whole(self.people),
                share=share(self.share_of_offences),
                n=whole(self.n),
            )
        return Phrase(
            "{few} of {people} people account for {share} of {n} offences, {few_harm} for {share_harm} of the harm; "
            "{both} are on both lists.",
            few=whole(len(self.by_count)),
            people=whole(self.people),
            share=share(self.share_of_offences),
            n=whole(self.n),
            few_harm=whole(len(self.by_harm)),
            share_harm=share(self.share_of_harm),
            both=whole(self.on_both or 0),
        )

    def table(self) -> Table:
        harmful = {person.key for person in self.by_harm or ()}
        listed = {person.key: person for person in (*self.by_count, *(self.by_harm or ()))}
        counted = {person.key for person in self.by_count}
        return Table(
            ("person", "offences", "harm", "few by count", "few by harm"),
            tuple((k, p.offences, p.harm, k in counted, k in harmful) for k, p in listed.items()),
        )

    def as_dict(self) -> dict[str, Any]:
        def listed(few: tuple[ProlificPerson, ...]) -> list[dict[str, Any]]:
            return [{"key": str(p.key), "offences": p.offences, "harm": rounded(p.harm)} for p in few]

        return {
            "people": self.people,
            "by_count": listed(self.by_count),
            "by_harm": None if self.by_harm is None else listed(self.by_harm),
            "share_of_offences": rounded(self.share_of_offences),
            "share_of_harm": rounded(self.share_of_harm),
            "on_both": self.on_both,
            **self.provenance(),
        }


def prolific_few(
    people: Sequence[Key | None],
    offences: Sequence[str] | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    few: int = 10,
) -> ProlificFew:
    """The ``few`` people with the most offences, and with the most harm when ``offences`` and ``weights`` are given.

    One row per offence of a person; None is a person not known, left out. Raises CannotCompute for a missing weight.
    """
    if few < 1:
        raise CannotCompute("Ask for at least one person.")
    if (offences is None) != (weights is None):
        raise CannotCompute("Harm needs both the kind of each offence and the weight of each kind.")
    if offences is not None and len(offences) != len(people):
        raise CannotCompute("Each row needs its person and its offence.")
    counts: Counter[Key] = Counter(person for person in people if person is not None)
    if not counts:
        raise CannotCompute("No offence is linked to a known person.")
    harms = None if offences is None or weights is None else _harms(people, offences, weights)
    by_count = _few_by({key: float(count) for key, count in counts.items()}, few, counts, harms)
    by_harm = None if harms is None else _few_by(harms, few, counts, harms)
    total, all_harm = sum(counts.values()), sum(harms.values()) if harms else 0.0
    return ProlificFew(
        n=total,
        method="people in order of offences" + ("" if harms is None else " and of harm"),
        doubts=(*_left_out(len(people) - total), *_chosen_for_being_high()),
        people=len(counts),
        few=few,
        by_count=by_count,
        by_harm=by_harm,
        share_of_offences=sum(person.offences for person in by_count) / total,
        share_of_harm=sum(p.harm or 0.0 for p in by_harm) / all_harm if by_harm and all_harm else None,
        on_both=None if by_harm is None else len({p.key for p in by_count} & {p.key for p in by_harm}),
    )


def _harms(people: Sequence[Key | None], offences: Sequence[str], weights: Mapping[str, float]) -> dict[Key, float]:
    missing = sorted({offence for offence in offences if offence not in weights})
    if missing:
        raise CannotCompute(f"There is no weight for “{missing[0]}”{' and others' if len(missing) > 1 else ''}.")
    harms: dict[Key, float] = {}
    for person, offence in zip(people, offences, strict=True):
        if person is not None:
            harms[person] = harms.get(person, 0.0) + weights[offence]
    return harms


def _few_by(
    score: Mapping[Key, float], few: int, counts: Mapping[Key, int], harms: Mapping[Key, float] | None
) -> tuple[ProlificPerson, ...]:
    order = sorted(score, key=lambda key: (-score[key], str(key)))
    last = score[order[min(few, len(order)) - 1]]
    return tuple(
        ProlificPerson(key, counts[key], None if harms is None else harms[key]) for key in order if score[key] >= last
    )


def _known(keys: Sequence[Key | None]) -> set[Key]:
    return {key for key in keys if key is not None}


def _left_out(rows: int) -> tuple[Doubt, ...]:
    if not rows:
        return ()
    return (Doubt(DoubtKind.ROWS_LEFT_OUT, Phrase("{rows} rows name no person and are left out.", rows=whole(rows))),)


def _chosen_for_being_high() -> tuple[Doubt, ...]:
    sentence = Phrase("They are chosen for a bad period: most will do less in the next, whatever is done.")
    return (Doubt(DoubtKind.CHOSEN_FOR_BEING_HIGH, sentence),)
