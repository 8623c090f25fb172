"""A ledger for the demo partnership: one leaflet with a few claims, one of them in conflict. Everything is made up."""

from typing import Any

from frankpledge.oversight.claims import services
from frankpledge.vocabulary.actors import Actor

LEAFLET: dict[str, Any] = {
    "key": "autumn-leaflet",
    "title": "Safer Aldercombe: autumn leaflet",
    "partnership": "Safer Aldercombe Partnership",
    "edition": "To every home, autumn",
    "figures": [
        {"name": "homes_secured", "value": 1184, "unit": "households", "quantity": "homes secured"},
        {"name": "homes", "value": 41_200, "unit": "households", "quantity": "homes in the district"},
        {"name": "visits_in_time", "value": 812, "quantity": "visits within five days"},
        {"name": "visits", "value": 1006, "quantity": "visits"},
        {"name": "grant", "value": 148_000, "unit": "£", "quantity": "grant"},
        {
            "name": "felt_safer",
            "value": 83,
            "unit": "%",
            "quantity": "felt safer after the visit",
            "answers": 212,
            "survey": "visit survey",
        },
    ],
    "claims": [
        {
            "key": "C1",
            "words": "We made almost 1,200 homes safer, about 3% of the district",
            "stated": 3,
            "unit": "%",
            "formulae": ["percent(homes_secured, homes)"],
            "where": "Front page",
        },
        {
            "key": "C2",
            "words": "Four out of five visits, 81%, came within five working days",
            "stated": 81,
            "unit": "%",
            "formulae": ["percent(visits_in_time, visits)"],
            "where": "Inside",
        },
        {
            "key": "C3",
            "words": "each visit costs just £110",
            "stated": 110,
            "unit": "£",
            "formulae": ["grant / visits"],
            "where": "Back page",
            "remedy": "Write £147, or name the budget behind £110.",
        },
    ],
}


def load(*, by: Actor) -> None:
    """Load the leaflet's ledger, unless it is there."""
    services.load_document(LEAFLET, is_example=False, by=by)
