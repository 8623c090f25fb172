"""What the demo partnership measures: some worked out from its made-up files, some stated by those who answer for them.

Everything is made up. It looks at what is there, so it may be run again.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.oversight.exploring.selectors import own_area
from frankpledge.records.indicators import rules, services
from frankpledge.records.indicators import selectors as indicators
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.figures import Calendar, PeriodLength
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.questions import Question
from frankpledge.workflows.compute_figures import compute_figures

FIRST = Month(2024, 4)
PAGE = "2"
POLICE, COUNCIL, FIRE = (
    "Brackenshire Constabulary",
    "Aldercombe District Council",
    "Brackenshire Fire and Rescue Service",
)
PROBATION, HOMES = "Brackenshire Probation", "Aldercombe Homes"

# Who answers for an agency's figures: the demo's own people.
OWNERS = {
    POLICE: "officer@aldercombe.example",
    COUNCIL: "coordinator@aldercombe.example",
    HOMES: "coordinator@aldercombe.example",
    PROBATION: "representative@aldercombe.example",
}

# Worked out from the files.
COMPUTED: tuple[dict[str, Any], ...] = (
    {
        "key": "burglary",
        "name": "Domestic burglary",
        "types": (CrimeType.BURGLARY,),
        "measure": "count",
        "unit": "count",
        "aggregation": "sum",
        "polarity": "less is good",
        "agency": POLICE,
        "definition": "Burglaries of a home recorded by the police, attempts included. Sheds and garages that are not "
        "joined to the home, shops and offices are counted elsewhere.",
        "good": "Fewer than 640 a year, as in the year to March 2024; the plan asks for a fall of 12 %.",
        "weaknesses": "The class was split in April 2023; no comparison reaches further back.\n"
        "Some burglaries are never reported, so a rise may be a rise in trust.\n"
        "Counted by the day recorded: holiday weeks run late.",
    },
    {
        "key": "burglary-rate",
        "name": "Domestic burglary per 1,000 households, rolling year",
        "types": (CrimeType.BURGLARY,),
        "measure": "rate per 1,000 households",
        "unit": "per 1,000 households",
        "aggregation": "rolling year",
        "polarity": "less is good",
        "agency": POLICE,
        "definition": "Recorded burglaries of a home in twelve months for every 1,000 households.",
        "good": "The middle half of similar districts lies between 8.9 and 11.6.",
        "weaknesses": "Quarterly rates are of a year each and must not be added.\n"
        "Households are of the last count; new homes would lower the rate a little.",
    },
    {
        "key": "deliberate-fires",
        "name": "Deliberate small fires",
        "types": (CrimeType.DELIBERATE_FIRE,),
        "measure": "count",
        "unit": "count",
        "aggregation": "sum",
        "polarity": "less is good",
        "agency": FIRE,
        "definition": "Small outdoor fires and bins the crews believe were set on purpose.",
        "good": "The plan asks for 118 a year or fewer.",
        "weaknesses": "Cause is the crew’s judgement on the night.\nDry summers raise it whatever anybody does.",
    },
    {
        "key": "asb-reports",
        "name": "Anti-social behaviour reported to the council",
        "types": (CrimeType.ANTI_SOCIAL_BEHAVIOUR,),
        "measure": "count",
        "unit": "count",
        "aggregation": "sum",
        "polarity": "context only",
        "agency": COUNCIL,
        "definition": "Reports of nuisance taken by the council by telephone, at the counter and on its pages.",
        "good": "No number is good by itself: more people may report because they are answered.",
        "weaknesses": "One dispute can bring forty reports.\nThe telephone line was shut in the week of the storm.",
    },
)
# Stated by the agency that knows: first quarter April 2024; None is to be confirmed.
STATED: tuple[dict[str, Any], ...] = (
    {
        "key": "home-security-visits",
        "name": "Home security visits done in the year",
        "unit": "count",
        "aggregation": "sum",
        "polarity": "more is good",
        "agency": COUNCIL,
        "definition": "Homes a crew has visited and left with at least one fitting or advice.",
        "good": "1,200 a year: two crews, five homes a day.",
        "weaknesses": "A visit is not a lock: how many fittings hold a year later is not known.",
        "document": "Safe homes monthly return",
        "values": (96, 141, 188, 204, 231, 262, 298, 287, 306, 318),
    },
    {
        "key": "homes-visited-in-five-days",
        "name": "Homes visited within five working days",
        "unit": "percent",
        "aggregation": "mean",
        "polarity": "more is good",
        "agency": COUNCIL,
        "definition": "Of homes burgled, the share visited within five working days of the report.",
        "good": "80 % or more.",
        "weaknesses": "Days are counted from the report, not from the burglary.",
        "document": "Safe homes monthly return",
        "of": (148, 137, 171, 180, 133, 127, 170, 160, 119, 110),
        "hits": (95, 90, 113, 121, 97, 95, 129, 124, 96, 88),
    },
    {
        "key": "domestic-abuse-reported",
        "name": "Domestic abuse incidents reported",
        "unit": "count",
        "aggregation": "sum",
        "polarity": "more is good",
        "agency": POLICE,
        "definition": "Incidents of domestic abuse reported to the police, whether or not a crime was recorded.",
        "good": "More: most domestic abuse is never reported.",
        "weaknesses": "A rise cannot tell more trust from more harm; read it beside repeats.",
        "document": "Police quarterly line",
        "values": (412, 431, 446, 420, 455, 468, 480, 462, 497, 505),
    },
    {
        "key": "marac-repeats",
        "name": "Repeats among cases at the MARAC",
        "unit": "percent",
        "aggregation": "mean",
        "polarity": "less is good",
        "agency": POLICE,
        "definition": "Of cases heard, the share of victims heard within the twelve months before.",
        "good": "Between 28 % and 40 % is usual elsewhere; the plan asks for 22 %.",
        "weaknesses": "Few cases a quarter: one family moves it by two points.",
        "document": "MARAC coordinator’s return",
        "of": (44, 47, 41, 50, 46, 48, 45, 52, 49, 47),
        "hits": (12, 13, 11, 13, 12, 12, 10, 12, 11, 11),
    },
    {
        "key": "asb-answered",
        "name": "Reports answered within ten working days",
        "unit": "percent",
        "aggregation": "mean",
        "polarity": "more is good",
        "agency": COUNCIL,
        "definition": "Of reports of nuisance with a name, the share told within ten working days what was done.",
        "good": "85 % or more.",
        "weaknesses": "Reports without a name are left out: about one in six.",
        "document": "Customer services dashboard",
        "of": (310, 342, 298, 260, 322, 356, 301, 272, 330, 361),
        "hits": (220, 246, 221, 198, 245, 274, 238, 217, 267, 293),
    },
    {
        "key": "feel-safe-after-dark",
        "name": "Residents who feel safe outside after dark",
        "unit": "percent",
        "aggregation": "latest",
        "polarity": "more is good",
        "period": "year",
        "agency": COUNCIL,
        "definition": "Of adults asked in the residents’ survey, the share who feel very or fairly safe after dark.",
        "good": "Districts like ours: 62 % to 70 %.",
        "weaknesses": "A survey by post: younger people answer less.\nAsked each autumn.",
        "document": "Residents’ survey",
        "of": (1_104, 1_087),
        "hits": (672, 685),
    },
    {
        "key": "voids-secured",
        "name": "Empty homes secured within a day",
        "unit": "percent",
        "aggregation": "mean",
        "polarity": "more is good",
        "agency": HOMES,
        "definition": "Of homes that fell empty, the share boarded or alarmed by the end of the next working day.",
        "good": "90 % or more.",
        "weaknesses": "Only homes of Aldercombe Homes; private landlords do not tell.",
        "document": "Voids report",
        "of": (31, 28, 35, 30, 33, 27, 36, 32, 29, None),
        "hits": (24, 22, 29, 25, 28, 24, 31, 28, 26, None),
    },
    {
        "key": "cohort-offences",
        "name": "Proven offences of the cohort in a year",
        "unit": "count",
        "aggregation": "latest",
        "polarity": "less is good",
        "period": "year",
        "agency": PROBATION,
        "definition": "Offences in twelve months, proved or admitted, of the people on the prolific offenders’ list.",
        "good": "The plan asks for 30 % fewer than 96.",
        "weaknesses": "Ten people: two of them in prison for half a year change it by a third.\n"
        "People are chosen at their worst, so some fall would come by itself.",
        "document": "Probation annual note",
        "values": (96, 74),
    },
)


RELEASED_BECAUSE = "The plan’s targets, the quarterly pack and the golden thread rest on them."


def load(*, by: Actor) -> None:
    """Describe the indicators, work out what the files hold and write down what was stated. Safe to repeat."""
    area = own_area()
    if area is None:
        return
    for told in (*COMPUTED, *STATED):
        if indicators.indicator_by_key(told["key"]) is None:
            _describe(told, area, by)
    compute_figures(by=by)
    waiting = [figure.key for figure in indicators.to_release()]
    if waiting:  # the demo's plan, pack and claims rest on them
        services.release_figures(keys=waiting, because=RELEASED_BECAUSE, rounded=True, by=by)
    for told in STATED:
        _state(told, by)


def _describe(told: dict[str, Any], area: Any, by: Actor) -> None:
    agency = agencies.agency_by_name(told["agency"])
    owner = agencies.person_by_email(OWNERS.get(told["agency"], "analyst@aldercombe.example"))
    measure = told.get("measure", "")
    asked = Question(area=area.code, crime_types=told["types"]).as_dict() if measure else None
    services.add_indicator(
        key=told["key"],
        name=told["name"],
        definition=told["definition"],
        unit=told["unit"],
        polarity=told["polarity"],
        aggregation=told["aggregation"],
        period=told.get("period", "quarter"),
        area_code=area.code,
        area_name=area.name,
        source=told.get("document", f"Files of {told['agency']}"),
        owed_by_agency_id=agency.pk if agency else None,
        owed_by_agency_name=told["agency"],
        owner_id=owner.pk if owner else None,
        owner_name=owner.name if owner else "",
        what_good_looks_like=told["good"],
        weaknesses=told["weaknesses"],
        question=asked,
        measure=measure,
        by=by,
    )


def _state(told: dict[str, Any], by: Actor) -> None:
    """Write down the stated figures of one indicator; those that are there already change nothing."""
    found = indicators.indicator_by_key(told["key"])
    if found is None or indicators.series(found.pk):
        return
    length = PeriodLength(found.period)
    spans = rules.periods_between(FIRST, Month(2100, 3), length, Calendar.FINANCIAL)
    with transaction.atomic():  # one writing to disk instead of one for every figure
        for span, part in zip(spans, _parts(told), strict=False):
            _state_one(found, span, *part, document=told["document"], by=by)


def _parts(told: dict[str, Any]) -> list[tuple[Any, Any, Any]]:
    """Value, numerator and denominator of each period."""
    if "values" in told:
        return [(value, value, None) for value in told["values"]]
    return [
        (None, None, None) if of is None else (round(Decimal(100 * hits) / of, 1), hits, of)
        for hits, of in zip(told["hits"], told["of"], strict=True)
    ]


def _state_one(found: Any, span: MonthSpan, value: Any, over: Any, under: Any, *, document: str, by: Actor) -> None:
    first_on, last_on = rules.days_of(span)
    services.save_figure(
        name=found.name,
        area_code=found.area_code,
        area_name=found.area_name,
        first_on=first_on,
        last_on=last_on,
        value=value,
        unit=found.unit,
        numerator=over,
        denominator=under,
        n=under,
        completeness="to be confirmed" if value is None else "complete",
        method="stated by the agency that owes it",
        document=f"{document}, {span.label}",
        page=PAGE,
        indicator_id=found.pk,
        by=by,
    )
