"""What the demo partnership has promised: made-up actions, some late, some done, one promised twice, one badly dated.

It looks at what is there, so it may be run again. Days are counted from the day it is loaded.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.actions import selectors, services
from frankpledge.vocabulary.actors import Actor

POLICE, COUNCIL, FIRE = (
    "Brackenshire Constabulary",
    "Aldercombe District Council",
    "Brackenshire Fire and Rescue Service",
)
PROBATION, HOMES, CARE = "Brackenshire Probation", "Aldercombe Homes", "Aldercombe Victim Care"
FUND, STREETS = "Community safety fund", "Safer streets grant"
ORIGIN_KEY = "demo"
PLAN_BEGINS = date(2024, 4, 1)

# what, output, lead, owner's role, days from today (or words of the source), funder, priority, what was done
ACTIONS: tuple[tuple[str, str, str, str, int | str, str, str, str], ...] = (
    ("Fit locks and lights at 120 homes round Mill Lane", "120 homes secured, listed by street", COUNCIL,
     "coordinator", -9, STREETS, "burglary", ""),
    ("Visit every neighbour of a burgled home within two days", "Share of neighbours visited, each month", POLICE,
     "officer", 0, FUND, "burglary", ""),
    ("Write to landlords of student houses about back doors", "Letter sent to 340 landlords", COUNCIL,
     "coordinator", 1, "", "burglary", ""),
    ("Gates in Mill Lane and Tan Row", "Two gates locked and looked after", COUNCIL, "coordinator", 34, STREETS,
     "burglary", ""),
    ("Appoint a watch coordinator for Brackwell", "Coordinator in post", POLICE, "officer", -240, FUND, "burglary",
     "In post since February; 14 watches are running again."),
    ("Secure empty homes by the end of the next working day", "90 % secured within a day", HOMES, "", "ongoing", "",
     "burglary", ""),
    ("Radio link for door staff on Castle Street", "Twelve venues on the link", POLICE, "officer", -3,
     "Violence reduction grant", "violence-in-the-evening", ""),
    ("Ask the hospital for weekly counts without names", "Sharing agreement signed", COUNCIL, "analyst", -21, "",
     "violence-in-the-evening", ""),
    ("Marshals at the taxi rank, Friday and Saturday", "Two marshals from ten to four", COUNCIL, "coordinator", 60,
     "Violence reduction grant", "violence-in-the-evening", ""),
    ("Last-bus lighting at the bus station", "Six lamps replaced", COUNCIL, "coordinator", -95, STREETS,
     "violence-in-the-evening", "All six replaced in August."),
    ("Train front-line staff to ask about abuse", "Two days’ training held for 60 staff", POLICE, "officer", 45, FUND,
     "domestic-abuse", ""),
    ("Train housing staff to ask about abuse", "Two days' training held for 60 staff.", HOMES, "", 45, FUND,
     "domestic-abuse", ""),
    ("Outreach worker in the family hubs", "Worker in four hubs a week", CARE, "representative", 6, FUND,
     "domestic-abuse", ""),
    ("Evaluate the perpetrator programme", "Report to the board", PROBATION, "", "August 20023", "",
     "domestic-abuse", ""),
    ("Answer every report of nuisance within ten working days", "85 % answered in time", COUNCIL, "coordinator",
     "ongoing", "", "anti-social-behaviour", ""),
    ("Send the Saltings bar noise diary to environmental health", "Diary sent", COUNCIL, "analyst", -3, "",
     "anti-social-behaviour", ""),
    ("Clear and fence the land behind the precinct", "Land fenced", COUNCIL, "coordinator", -160, STREETS,
     "anti-social-behaviour", "Fenced in June. Bins were still set alight twice afterwards."),
    ("School visits before bonfire night", "Eleven schools visited", FIRE, "", 12, "", "anti-social-behaviour", ""),
    ("Meet people at the gate on the day of release", "Every cohort member met", PROBATION, "", 20, FUND,
     "prolific-offenders", ""),
    ("Draft the strategic assessment", "First draft to the board", COUNCIL, "analyst", 9, "", "", ""),
    ("Reprint the leaflet on bicycle marking", "2,000 leaflets", POLICE, "officer", "31/03/2024", "", "", ""),
)  # fmt: skip
DROPPED = ("Reprint the leaflet on bicycle marking", "No stock of kits: the money went to locks.")


def load(*, by: Actor) -> None:
    """Put the actions on the register, unless the demo's are there already."""
    if selectors.actions(origin="plan", origin_key=ORIGIN_KEY).exists():
        return
    today = timezone.localdate()
    for row in ACTIONS:
        _add(row, today, by)


def _add(row: tuple[str, str, str, str, int | str, str, str, str], today: date, by: Actor) -> None:
    title, output, lead, role, due, funder, priority, outcome = row
    agency = agencies.agency_by_name(lead)
    owner = agencies.person_by_email(f"{role}@aldercombe.example") if role else None
    when: dict[str, Any] = {"due_text": due} if isinstance(due, str) else {"due_on": today + timedelta(days=due)}
    made = services.add_action(
        title=title,
        output=output,
        lead_agency_id=agency.pk if agency else None,
        lead_agency_name=lead,
        owner_id=owner.pk if owner else None,
        owner_name=owner.name if owner else "",
        funder=funder,
        not_before=PLAN_BEGINS,
        origin="plan",
        origin_key=ORIGIN_KEY,
        priority_key=priority,
        **when,
        by=by,
    )
    if outcome:
        services.finish_action(made, outcome=outcome, by=by)
    if title == DROPPED[0]:
        services.drop_action(made, because=DROPPED[1], by=by)
