"""The public summary of a plan as a document: what, why, how much by when, who leads, the money, what was reviewed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from frankpledge.records.plan import money_pages, pages, selectors
from frankpledge.records.plan.models import Plan
from frankpledge.records.plan.vocabulary import Side
from frankpledge.reports.documents import Block, Bullets, Document, Heading, Paragraph, TableBlock


def summary(of: Plan) -> Document:
    """The summary in the reader's language. It says the same as the page of that name, and the money by line."""
    page = pages.summary_page(of)
    blocks: list[Block] = [Paragraph(of.aim)] if of.aim else []
    for number, row in enumerate(page["priorities"], 1):
        blocks += _priority(number, row)
    if page["milestones"]:
        blocks += [Heading(1, gettext("What happens when")), _milestones(page["milestones"])]
    if page["money"]:
        blocks += _money(of, page["money"])
    if page["reviews"]:
        blocks.append(Heading(1, gettext("Targets reviewed")))
        blocks.append(Bullets(tuple(_review(one) for one in page["reviews"])))
    return Document(
        title=of.title,
        subtitle=gettext("Summary, %(years)s, version %(version)s") % {"years": page["years"], "version": of.version},
        partnership=page["partnership"],
        language="cy" if get_language() == "cy" else "en-GB",
        made_on=timezone.localdate(),
        blocks=tuple(blocks),
        notes=(
            gettext("“At least”: a sum with an amount in it that is still to be confirmed."),
            *([gettext("Worked example: %(document)s.") % {"document": of.document}] if of.is_example else []),
        ),
    )


def _priority(number: int, row: dict[str, Any]) -> list[Block]:
    one = row["priority"]
    blocks: list[Block] = [Heading(1, f"{number}. {one.title}")]
    blocks += [Paragraph(text) for text in one.why.split("\n\n") if text.strip()]
    targets = tuple(f"{item['target'].title}: {_target(item)}" for item in row["targets"])
    if targets:
        blocks.append(Bullets(targets))
    if one.lead_agency_name:
        blocks.append(Paragraph(gettext("Led by %(agency)s.") % {"agency": one.lead_agency_name}))
    return blocks


def _target(item: dict[str, Any]) -> str:
    if not item["target"].has_number:
        return gettext("no number is set")
    return f"{item['words']} ({item['baseline']})"


def _milestones(found: list[dict[str, Any]]) -> TableBlock:
    return TableBlock(
        gettext("Milestones"),
        (gettext("Milestone"), gettext("When"), gettext("Where it stands")),
        tuple((one["milestone"].title, one["when"], one["word"]) for one in found),
    )


def _money(of: Plan, line: dict[str, Any]) -> list[Block]:
    sides = {Side.FUNDING.value: gettext("Funding"), Side.EXPENDITURE.value: gettext("Expenditure")}
    rows = tuple((sides[one.side], one.title, money_pages.all_years_words(one)) for one in selectors.money_lines(of))
    said = gettext("Funding %(funding)s; expenditure %(expenditure)s.") % line
    table = TableBlock(
        gettext("Money over all years of the plan"),
        (gettext("Side"), gettext("Line"), gettext("All years")),
        rows,
        numeric=(False, False, True),
    )
    return [Heading(1, gettext("Money")), Paragraph(said), table]


def _review(one: dict[str, Any]) -> str:
    change = f" ({one['before']} → {one['after']})" if one["moved"] else ""
    return f"{one['review'].target.title}: {one['word']}{change}. {one['review'].reason}"
