"""An assessment as a document, built once and handed to every writer: web page, PDF, Word, spreadsheet.

Three forms of one document: *whole*; *public*, in which every table of counts has passed disclosure control and what
shows small areas is left out; *summary*, two pages in plain English.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from frankpledge.analysis.disclosure import suppress
from frankpledge.analysis.results import Table
from frankpledge.oversight.assessment import rules
from frankpledge.oversight.assessment.vocabulary import ORDER, PROFILE_PARTS, Chapter
from frankpledge.reports.documents import (
    Block,
    Bullets,
    Callout,
    CalloutKind,
    Contents,
    Document,
    FigureBlock,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    TableBlock,
)
from frankpledge.reports.spreadsheets import Sheet

HIDDEN = "hidden"
SMALLEST = 5
SUMMARY_THEMES = 8
NOT_PUBLIC = frozenset({"small area"})
NEAR = frozenset({"neighbourhood", "small area"})


def assessment_document(
    document: Mapping[str, Any],
    *,
    edition: int | None,
    partnership: str = "",
    made_on: date | None = None,
    changes: Sequence[rules.FigureChange] = (),
    public: bool = False,
) -> Document:
    """The whole assessment; with ``public`` only what may be published."""
    sections = list(rules.sections_of(document))
    blocks: list[Block] = [Contents(), PageBreak(), *in_short(document, public=public)]
    if changes:
        blocks += _changed(changes)
    for chapter in ORDER:
        mine = [section for section in sections if section["chapter"] == chapter.value]
        if not mine:
            continue
        blocks.append(Heading(1, chapter.label))
        for section in mine:
            if section["heading"] != chapter.label:
                blocks.append(Heading(2, section["heading"]))
            blocks += _section(section, public=public)
    blocks += _checklist(document) if not public else []
    state = f"Edition {edition}" if edition else "Draft, not approved"
    period = document.get("made_of", {}).get("period", "")
    return Document(
        title=document["title"],
        subtitle=" · ".join(part for part in (f"Public {state.lower()}" if public else state, period) if part),
        partnership=partnership,
        language="en-GB",
        made_on=made_on or date.today(),
        blocks=tuple(blocks),
        notes=tuple(_notes(document, public)),
    )


def _words(section: Mapping[str, Any], public: bool) -> str:
    """A section's words. First sentences about small areas, which nobody has read yet, are not for the public."""
    unread = public and section["chapter"] == Chapter.PLACES.value and not section["written"]
    return "" if unread else str(section["words"])


def content_blocks(content: Mapping[str, Any]) -> Iterator[Block]:
    """One section's figures, pictures and tables, for whoever writes beside them."""
    return _under(_content(content, public=False), 1)


def section_blocks(section: Mapping[str, Any], *, public: bool = False) -> Iterator[Block]:
    """One section as it is read."""
    return _under(_section(section, public=public), 2)


def _under(blocks: Iterator[Block], level: int) -> Iterator[Block]:
    """The blocks with their headings at ``level``: on a page of its own a section begins higher than in the whole."""
    return (Heading(level, block.text) if isinstance(block, Heading) else block for block in blocks)


def _section(section: Mapping[str, Any], *, public: bool) -> Iterator[Block]:
    words = _words(section, public)
    if words:
        yield Paragraph(words)
    yield from _content(section["content"], public=public)


def _content(content: Mapping[str, Any], *, public: bool) -> Iterator[Block]:
    shown = [figure for figure in content.get("figures", ()) if "theme" not in figure or not _row(content)]
    if shown:
        yield KeyFigures(tuple(_key_figure(figure, public) for figure in shown))
    yield from _drawn(content, public, near=False)
    neighbourhoods = list(_drawn(content, public, near=True))
    if neighbourhoods and any(one["level"] not in NEAR for one in content.get("pictures", ())):
        yield Heading(3, "Neighbourhoods")
    yield from neighbourhoods
    for sentence in content.get("missing", ()):
        yield Callout(CalloutKind.NOTE, "Not known here", sentence)


def _drawn(content: Mapping[str, Any], public: bool, *, near: bool) -> Iterator[Block]:
    """Pictures, then tables, of the whole area or (``near``) of its neighbourhoods."""
    for picture in content.get("pictures", ()):
        if (picture["level"] in NEAR) is not near:
            continue
        if public and picture.get("small"):
            yield Paragraph(f"A picture is left out here: it shows small areas, or numbers under {SMALLEST}.")
        else:
            yield _picture(picture)
    for table in content.get("tables", ()):
        if (table["level"] in NEAR) is near and _listed(table, public):
            yield _table(table, public)


def _row(content: Mapping[str, Any]) -> bool:
    """Whether the figures stand in a table already (every type side by side): then they are no cards."""
    return len(content.get("figures", ())) > 8


def _key_figure(figure: Mapping[str, Any], public: bool) -> KeyFigure:
    value = " ".join(part for part in (figure["value"], figure["unit"]) if part)
    comparison = figure["comparison"]
    n = figure.get("n")
    if public and n is not None and 0 < n < SMALLEST:
        value, comparison = f"fewer than {SMALLEST}", ""
        return KeyFigure(figure["label"], value)
    return KeyFigure(figure["label"], value, figure["interval"], comparison, figure["status"])


def _listed(table: Mapping[str, Any], public: bool) -> bool:
    return not (public and table.get("level") in NOT_PUBLIC)


def _picture(picture: Mapping[str, Any]) -> FigureBlock:
    table = picture.get("table")
    held = Table(tuple(table["columns"]), tuple(tuple(row) for row in table["rows"])) if table else None
    return FigureBlock(picture["title"], picture["svg"], picture["description"], held, picture["how"])


def _table(table: Mapping[str, Any], public: bool) -> TableBlock:
    rows = [tuple(row) for row in table["rows"]]
    notes = tuple(table.get("notes", ()))
    if public and table.get("counts") is not None:
        rows, hidden = _disclosed(rows, table["counts"], table.get("rates", ()))
        if hidden:
            notes = (*notes, f"Numbers under {SMALLEST}, and what would give one away, are hidden.")
    return TableBlock(table["caption"], tuple(table["columns"]), tuple(rows), notes, tuple(table.get("numeric", ())))


def _disclosed(
    rows: Sequence[tuple[Any, ...]], counts: int, rates: Sequence[int]
) -> tuple[list[tuple[Any, ...]], bool]:
    """The rows with small counts beyond recovery, and their rates hidden with them."""
    if not rows:
        return [], False
    published = suppress([[int(row[counts])] for row in rows])
    shown = []
    for row, (kept,) in zip(rows, published.cells, strict=True):
        cells = list(row)
        if kept is None:
            for place in (counts, *rates):
                cells[place] = HIDDEN
        shown.append(tuple(cells))
    return shown, published.hidden > 0


def in_short(document: Mapping[str, Any], *, public: bool = False) -> list[Block]:
    """The findings on one page: what the reader of one page must know, what is not known among it."""
    sections = list(rules.sections_of(document))
    words = {section["key"]: _words(section, public) for section in sections}
    said = [words[key] for key in ("overview", "places", "victims", "horizon", "priorities") if words.get(key)]
    unknown = [section["heading"] for section in sections if section["content"].get("missing") and not section["words"]]
    blocks: list[Block] = [Heading(1, "In short"), Bullets(tuple(said))] if said else []
    if unknown:
        listed = "; ".join(unknown)
        blocks.append(Callout(CalloutKind.WARNING, "Not known yet", f"{listed}. Each chapter says who owes it."))
    return blocks


def _changed(changes: Sequence[rules.FigureChange]) -> list[Block]:
    rows = tuple((one.label, one.before or "", one.after or "", one.verdict) for one in changes)
    return [
        Heading(1, "What changed since the last edition"),
        TableBlock(
            "Figures that differ",
            ("Figure", "Last edition", "This edition", "In words"),
            rows,
            ("Beyond chance: the two intervals lie apart. Counts without an interval are said to have changed.",),
            (False, True, True, False),
        ),
    ]


def _checklist(document: Mapping[str, Any]) -> list[Block]:
    sections = [{**one, "words": one["words"] if one["written"] else ""} for one in document["sections"]]
    if not sections:
        return []
    checks = rules.checklist(sections)
    rows = tuple(
        (one.duty.words, one.state.value, one.why, f"{one.duty.citation} ({one.duty.mark.value})") for one in checks
    )
    return [
        Heading(1, "What the law asks for"),
        TableBlock(
            "The statutory checklist",
            ("What", "State", "Why", "Where it is written"),
            rows,
            ("“Check locally”: the wording was not verified against the text of the law.",),
        ),
    ]


def _notes(document: Mapping[str, Any], public: bool) -> Iterator[str]:
    made = document.get("made_of", {})
    yield from made.get("sources", ())
    yield from made.get("doubts", ())
    if public:
        yield (
            f"Public edition: counts under {SMALLEST} are hidden with whatever would give them away; maps and tables "
            "of small areas are left out."
        )
    yield "Areas are tested against the place’s own rate, allowing for many tests; intervals are of 95 %."


# -- two pages in plain English


def summary_document(
    document: Mapping[str, Any], *, edition: int | None, partnership: str = "", made_on: date | None = None
) -> Document:
    """Two pages for everybody: what happened, where, what is not known, what comes next. Fit to publish."""
    sections = {section["key"]: section for section in rules.sections_of(document)}
    figures = rules.figures_by_slot(sections.values())
    counts = sorted(
        (figure for slot, figure in figures.items() if slot.endswith(".count") and figure.get("theme")),
        key=lambda figure: -figure["number"],
    )[:SUMMARY_THEMES]
    blocks: list[Block] = [Paragraph(sections["overview"]["words"])] if "overview" in sections else []
    if counts:
        rows = tuple(
            (
                figure["theme"],
                *_counted(figure, figures.get(f"{figure['crime_type']}.rate", {})),
            )
            for figure in counts
        )
        blocks.append(
            TableBlock(
                f"What was recorded most, {counts[0]['period']}",
                ("Type", "Count", "Per 1,000", "In words"),
                rows,
                ("Burglary and fires in homes are per 1,000 households, the others per 1,000 residents.",),
                (False, True, True, False),
            )
        )
    for chapter, heading in (
        (Chapter.PLACES, "Where it gathers"),
        (Chapter.VICTIMS, "Who is harmed"),
        (Chapter.VOICE, "What people say"),
        (Chapter.DELIVERY, "What was done"),
        (Chapter.HORIZON, "What is coming"),
        (Chapter.PRIORITIES, "What should come first"),
    ):
        found = [one for one in sections.values() if one["chapter"] == chapter.value]
        words = " ".join(said for one in found if (said := _words(one, public=True)))
        missing = [sentence for one in found for sentence in one["content"].get("missing", ())][:1]
        if words or missing:
            blocks.append(Heading(1, heading))
            blocks += [Paragraph(words)] if words else [Paragraph(f"Not known: {missing[0]}")]
    state = f"edition {edition}" if edition else "draft"
    return Document(
        title=f"{document['area_name']}: crime and disorder in two pages",
        subtitle=f"Summary of the strategic assessment, {state}",
        partnership=partnership,
        language="en-GB",
        made_on=made_on or date.today(),
        blocks=tuple(blocks),
        notes=("Recorded is not happened: what people report, and what police look for, differ by type.",),
    )


def _counted(figure: Mapping[str, Any], rate: Mapping[str, Any]) -> tuple[str, str, str]:
    """Count, rate and how it moved; of a small count neither, for a rate and its base give the count away."""
    if 0 < figure["number"] < SMALLEST:
        return f"fewer than {SMALLEST}", "", ""
    return figure["value"], rate.get("value", ""), figure.get("moved", "")


# -- data


def data_sheets(document: Mapping[str, Any], *, public: bool = False) -> list[Sheet]:
    """All figures and all tables, with the notes a reader needs."""
    figures = rules.figures_by_slot(rules.sections_of(document)).values()
    rows = [
        (
            figure.get("key", ""),
            figure.get("theme", ""),
            figure["label"],
            None if public and 0 < (figure.get("n") or SMALLEST) < SMALLEST else figure.get("number"),
            figure.get("kept_as") or figure["unit"],
            *(_limits(figure) if not public or (figure.get("n") or SMALLEST) >= SMALLEST else (None, None)),
            figure.get("denominator"),
            figure.get("denominator_edition", ""),
            figure.get("period", ""),
            figure.get("source", ""),
            figure["status"],
        )
        for figure in figures
    ]
    columns = (
        *("key", "type", "figure", "value", "unit", "lower", "upper", "denominator", "denominator edition"),
        *("period", "source", "status"),
    )
    notes = tuple(_notes(document, public))
    sheets = [Sheet("Figures", columns, tuple(rows), notes)]
    for section in rules.sections_of(document):
        for table in section["content"].get("tables", ()):
            if _listed(table, public):
                block = _table(table, public)
                sheets.append(Sheet(block.caption, block.columns, block.rows, block.notes))
    return sheets


def _limits(figure: Mapping[str, Any]) -> tuple[Any, Any]:
    low, high = figure.get("limits") or (None, None)
    return low, high


# -- a problem profile


def profile_document(
    *,
    title: str,
    area_name: str,
    drafted: str,
    content: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, str],
    reference: str,
    partnership: str = "",
    made_on: date | None = None,
) -> Document:
    """A problem profile: four factors, triangle, response. A part nobody has written about says what is asked."""
    blocks: list[Block] = [Paragraph(drafted), *_content(content.get("summary", {}), public=False)]
    group = ""
    for part in PROFILE_PARTS:
        if part.group != group:
            group = part.group
            blocks.append(Heading(1, _GROUPS[group]))
        blocks.append(Heading(2, part.label))
        blocks += _content(content.get(part.key, {}), public=False)
        written = words.get(part.key, "")
        blocks.append(Paragraph(written) if written else Callout(CalloutKind.NOTE, "Still to be written", part.ask))
    return Document(
        title=title,
        subtitle=f"Problem profile {reference}, {area_name}",
        partnership=partnership,
        language="en-GB",
        made_on=made_on or date.today(),
        blocks=tuple(blocks),
    )


_GROUPS = {
    "four factors": "Victim, offender, location, time",
    "triangle": "Who could make a difference",
    "response": "What to do about it",
}


# -- several districts


def county_document(
    *, title: str, table: Mapping[str, Any], editions: Sequence[Mapping[str, Any]], made_on: date
) -> Document:
    """The county table as a document: one table a pair of districts would not fit on a page, so by type."""
    rows = tuple(tuple(row) for row in table["rows"])
    columns = tuple(table["columns"])
    listed = tuple(
        (one["area_name"], f"edition {one['edition']}", one["period"], one["sha256"][:12]) for one in editions
    )
    return Document(
        title=title,
        subtitle="District assessments side by side",
        partnership="",
        language="en-GB",
        made_on=made_on,
        blocks=(
            TableBlock(
                "Types by district", columns, rows, tuple(table["notes"]), (False, False, *[True] * (len(columns) - 2))
            ),
            TableBlock("What it was made of", ("District", "Edition", "Period", "Sum"), listed),
        ),
    )
