"""A whole draft of a strategic assessment, from the evidence at hand: every theme's figures, pictures, first sentences.

What is not known is a sentence that says who owes it, never an empty chapter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.analysis.rates import Verdict
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.assessment import drafting
from frankpledge.oversight.assessment.rules import count_words
from frankpledge.oversight.assessment.vocabulary import Chapter
from frankpledge.oversight.exploring import selectors as exploring
from frankpledge.oversight.exploring.asked import evidence_and_places
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.oversight.exploring.selectors import ShownPicture
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.plan import selectors as plans
from frankpledge.reports.words import span_words
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Area
from frankpledge.vocabulary.questions import Measure, Question
from frankpledge.vocabulary.wording import said

MOST_DOUBTS = 20  # sentences at the end of the document
FEWEST_FOR_A_THEME = 100  # in the year: with fewer a type has a row in the overview and no pages of its own
ALWAYS_A_THEME = frozenset({CrimeType.BURGLARY, CrimeType.ANTI_SOCIAL_BEHAVIOUR})

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """One section as the system makes it."""

    key: str
    chapter: Chapter
    heading: str
    drafted: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole draft and what it was made of."""

    area: Area
    sections: tuple[Draft, ...]
    evidence_version: str
    made_of: dict[str, Any]


def compose(area: str, *, allowed: Any = None, progress: Progress = lambda percent, words: None) -> Composed:
    """Draft every section for ``area`` (a code or name; empty: the partnership's own).

    ``allowed``: the sources that may be used (None: all). Raises DataProblem for an unknown area, CannotCompute where
    there is nothing to assess.
    """
    progress(2, "Looking at what has come in")
    shown = _pictures(area, allowed, progress)
    pictures = [one.picture for one in shown]
    first = pictures[0]
    geography = shown[0].geography
    progress(80, "Writing down who and where")
    sections = [
        Draft(
            "context",
            Chapter.CONTEXT,
            Chapter.CONTEXT.label,
            drafting.context_sentences(geography, first.area.code, first.area.name),
            _context(geography, first.area.code, pictures),
        ),
        Draft(
            "overview",
            Chapter.THEMES,
            "Everything recorded, side by side",
            drafting.overview_sentences(pictures),
            drafting.overview_content(pictures),
        ),
        *(_theme(one) for one in shown if _is_theme(one.picture)),
        Draft(
            "places",
            Chapter.PLACES,
            Chapter.PLACES.label,
            drafting.places_sentences(pictures),
            drafting.places_content(pictures),
        ),
        _victims(first.area, pictures, allowed),
        _offending(),
        _voice(),
        _delivery(),
        Draft(
            "horizon",
            Chapter.HORIZON,
            Chapter.HORIZON.label,
            drafting.horizon_sentences(pictures),
            drafting.no_figures(
                ["No plans of others (new homes, new licences, changes of law) are on record: write what is known."]
            ),
        ),
        Draft(
            "priorities", Chapter.PRIORITIES, Chapter.PRIORITIES.label, _priorities(pictures), drafting.no_figures([])
        ),
    ]
    progress(95, "Putting it together")
    made_of = _made_of(shown)
    others = (key for section in sections for figure in section.content["figures"] for key in figure.get("batches", ()))
    made_of["batches"] = list(dict.fromkeys([*made_of["batches"], *others]))
    return Composed(first.area, tuple(sections), "|".join(map(str, _version())), made_of)


def _version() -> tuple[Any, ...]:
    found = evidence_and_places()
    return found if isinstance(found, tuple) else (found,)


def _pictures(area: str, allowed: Any, progress: Progress) -> list[ShownPicture]:
    """A picture of every type that was recorded, the most frequent first."""
    own = places.find_area(area) if area else exploring.own_area()
    if own is None:
        raise CannotCompute("No areas are loaded yet, so there is nothing to assess.")
    kinds = [kind for kind in CrimeType if kind.counted]
    found = []
    reasons = []
    for i, kind in enumerate(kinds):
        progress(5 + 70 * i / len(kinds), f"Counting {kind.plural}")
        try:
            shown = exploring.picture_for(PictureQuery(area=own.code, crime_type=kind), allowed)
        except (CannotCompute, DataProblem) as reason:
            reasons.append(reason)
            continue
        if shown is not None and shown.picture.total:
            found.append(shown)
    if not found:
        if reasons:
            raise CannotCompute(reasons[0].sentence)
        raise CannotCompute(f"No events are on record for {own.name}, so there is nothing to assess yet.")
    return sorted(found, key=lambda one: (-one.picture.rate_count, one.picture.crime_type.value))


def _is_theme(picture: AreaPicture) -> bool:
    return picture.rate_count >= FEWEST_FOR_A_THEME or picture.crime_type in ALWAYS_A_THEME


def _theme(shown: ShownPicture) -> Draft:
    picture = shown.picture
    return Draft(
        f"theme:{picture.crime_type.value}",
        Chapter.THEMES,
        drafting.theme_heading(picture.crime_type),
        drafting.theme_sentences(picture),
        drafting.theme_content(picture, shown.geography),
    )


def _context(geography: Any, code: str, pictures: Sequence[AreaPicture]) -> dict[str, Any]:
    content = drafting.context_content(geography, code, pictures)
    content["missing"].append(
        f"Population growth and regeneration are not on record: {owed_by(AgencyKind.COUNCIL, 'planning')} has them."
    )
    return content


def _victims(area: Area, pictures: Sequence[AreaPicture], allowed: Any) -> Draft:
    """How much falls on places hit before, where premises are known; else who could tell."""
    content = drafting.no_figures([])
    sentences = []
    for kind in (CrimeType.BURGLARY, CrimeType.ANTI_SOCIAL_BEHAVIOUR, CrimeType.CRIMINAL_DAMAGE_AND_ARSON):
        figure = _repeat_share(area, kind, allowed)
        if figure:
            content["figures"].append(figure)
            sentences.append(figure["sentence"])
    burglary = next((one for one in pictures if one.crime_type is CrimeType.BURGLARY), None)
    if burglary and burglary.households and burglary.rate_count:
        every = round(burglary.households / burglary.rate_count)
        sentences.append(
            f"In the {span_words(burglary.rate_period)} there was one burglary for every {every:,} homes; the "
            "published type mixes homes with sheds, shops and offices."
        )
    if not content["figures"]:
        content["missing"].append(
            "Nobody at hand says who was harmed or which address was hit before: open data have neither. "
            f"{owed_by(AgencyKind.POLICE, first=True)} can send an extract with victim references and addresses."
        )
    content["missing"].append(
        f"Ages, sexes and injuries of victims are not on record: {owed_by(AgencyKind.HEALTH)} owes depersonalised "
        "hospital counts each quarter (SI 2007/1831)."
    )
    return Draft("victims", Chapter.VICTIMS, Chapter.VICTIMS.label, " ".join(sentences), content)


def _repeat_share(area: Area, kind: CrimeType, allowed: Any) -> dict[str, Any] | None:
    """The share at premises hit before, from the first source that knows premises; None where none does."""
    for source in exploring.sources(allowed):
        question = Question(area=area.code, crime_types=(kind,), source=source.source)
        try:
            answer = exploring.answer(question, Measure.REPEAT_SHARE, allowed)
        except (CannotCompute, DataProblem):
            continue
        if answer.value is None or not answer.n:
            continue
        low, high = answer.interval or (None, None)
        return {
            "slot": f"victims.repeat.{kind.value}",
            "theme": kind.label,
            "label": f"{kind.label} at premises hit before",
            "value": f"{answer.value:.0f} %",
            "number": answer.value,
            "unit": "",
            "interval": f"{low:.0f} to {high:.0f} %" if low is not None and high is not None else "",
            "comparison": f"of {answer.n:,} with a known address",
            "status": "",
            "how": answer.method,
            "limits": [low, high],
            "kept_as": "percent",
            "n": answer.n,
            "period": span_words(answer.period) if answer.period else "",
            "months": [str(answer.period.first), str(answer.period.last)] if answer.period else None,
            "source": source.label,
            "batches": list(answer.batches),
            "question": question.as_dict(),
            "measure": Measure.REPEAT_SHARE.value,
            "sentence": (
                f"{answer.value:.0f} % of {answer.n:,} {kind.plural} with a known address were at premises hit before "
                f"({said(answer.period)})."
            ),
        }
    return None


def _offending() -> Draft:
    missing = [
        f"Nothing on record says who offends or offends again. {owed_by(AgencyKind.PROBATION, first=True)} and "
        f"{owed_by(AgencyKind.POLICE)} can say how many of those they manage were convicted again, against what "
        "was predicted.",
        f"School exclusion, substance misuse and homelessness as predictors: {owed_by(AgencyKind.COUNCIL)} and "
        f"{owed_by(AgencyKind.HEALTH)} hold the counts.",
    ]
    return Draft("offending", Chapter.OFFENDING, Chapter.OFFENDING.label, "", drafting.no_figures(missing))


def _voice() -> Draft:
    missing = [
        "No survey of residents has been brought in, so how worried people are is not known here. "
        f"{owed_by(AgencyKind.COUNCIL, first=True)} or the police and crime commissioner may have asked; SI 2007/1830 "
        "reg 12 asks for people’s views and for a public meeting each year.",
    ]
    return Draft("voice", Chapter.VOICE, Chapter.VOICE.label, "", drafting.no_figures(missing))


def _delivery() -> Draft:
    """Milestones and targets of the plan in force, counted."""
    plan = plans.current_plan()
    if plan is None or plan.is_example:
        missing = [
            "No plan of this partnership is on record, so nobody can say here how far it was delivered. The "
            "coordinator can enter its priorities, targets and milestones under Plan."
        ]
        return Draft("delivery", Chapter.DELIVERY, Chapter.DELIVERY.label, "", drafting.no_figures(missing))
    steps = plans.milestones(plan)
    targets = plans.targets(plan)
    done = sum(step.state == "done" for step in steps)
    content = drafting.no_figures([])
    rows = [(step.title, step.due_on or step.due_text, step.state, step.done_on) for step in steps]
    if rows:
        content["tables"].append(
            {
                "caption": f"Milestones of {plan.title}",
                "columns": ["Milestone", "Due", "State", "Done on"],
                "rows": [[str(cell) if cell is not None else "" for cell in row] for row in rows],
                "notes": [],
                "numeric": [False, False, False, False],
                "level": "district",
            }
        )
    aims = [(one.title, plans.target_words(one)) for one in targets]
    if aims:
        content["tables"].append(
            {
                "caption": f"Targets of {plan.title}",
                "columns": ["Target", "What is to be reached"],
                "rows": [[str(cell) for cell in row] for row in aims],
                "notes": ["Whether each was met is told in the quarter’s performance report."],
                "numeric": [False, False],
                "level": "district",
            }
        )
    words = f"Of {count_words(len(steps), 'milestone', 'milestones')} in {plan.title}, {done} are done."
    return Draft("delivery", Chapter.DELIVERY, Chapter.DELIVERY.label, words if steps else "", content)


def _priorities(pictures: Sequence[AreaPicture]) -> str:
    """What the figures alone point to: never a recommendation."""
    grew = drafting.moved(pictures, Verdict.HIGHER)
    above = drafting.against_rest(pictures, Verdict.HIGHER)
    parts = []
    if grew:
        parts.append(f"Grew beyond chance: {said(tuple(grew))}.")
    if above:
        parts.append(f"Above the rest of the force beyond chance: {said(tuple(above))}.")
    if not parts:
        parts.append("No type grew beyond chance or stands above the rest of the force.")
    return " ".join([*parts, "Counts alone set no priority: score harm, concern and room to act in the scan."])


def owed_by(kind: AgencyKind, team: str = "", *, first: bool = False) -> str:
    """Who owes it: by name where the partnership has one agency of the kind, else by what it is."""
    found = [agency.name for agency in agencies.agencies() if agency.kind == kind.value]
    name = found[0] if len(found) == 1 else _KINDS[kind]
    name = f"{name} ({team})" if team else name
    return name[0].upper() + name[1:] if first else name


_KINDS = {
    AgencyKind.POLICE: "the police",
    AgencyKind.COUNCIL: "the council",
    AgencyKind.FIRE: "the fire and rescue service",
    AgencyKind.PROBATION: "probation",
    AgencyKind.HEALTH: "the health commissioner",
}


def _made_of(shown: Sequence[ShownPicture]) -> dict[str, Any]:
    """Sources, months and rows, for the notes at the end of the document."""
    notes = {}
    batches: dict[str, None] = {}
    for one in shown:
        picture = one.picture
        rows = picture.rows
        notes[picture.source_label] = (
            f"{picture.source_label}: {said(one.span)}; {rows.read:,} rows read, {rows.stored:,} used, "
            f"{rows.quarantined:,} in quarantine, {rows.duplicates:,} sent twice."
        )
        batches.update(dict.fromkeys(picture.batches))
    doubts = _doubts([one.picture for one in shown])
    first = drafting.main_source([one.picture for one in shown])[0]
    return {
        "sources": list(notes.values()),
        "doubts": doubts,
        "batches": list(batches),
        "months": [str(first.rate_period.first), str(first.rate_period.last)],
        "period": span_words(first.rate_period),
        "households": first.households,
        "incidents_version": incidents.store_version(),
    }


def _doubts(pictures: Sequence[AreaPicture]) -> list[str]:
    """What to doubt, in sentences: one of each kind, then a second of each (homes after residents), and so on."""
    of_kind: dict[DoubtKind, list[str]] = {}
    for doubt in (doubt for picture in pictures for doubt in picture.doubts):
        sentences, sentence = of_kind.setdefault(doubt.kind, []), said(doubt.sentence)
        if sentence not in sentences:
            sentences.append(sentence)
    rounds = range(max(map(len, of_kind.values()), default=0))
    return [said_[i] for i in rounds for said_ in of_kind.values() if i < len(said_)][:MOST_DOUBTS]
