"""The demo's rounds: every door of a few streets at first, leaflets since, letters after burglaries. All made up."""

from datetime import date
from decimal import Decimal

from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.delivery.home_security.services import contacts as services
from frankpledge.delivery.home_security.vocabulary import ContactKind
from frankpledge.vocabulary.actors import Actor

#: Day, homes tried, homes where somebody spoke to us, pounds (the time of two workers mostly).
DOORS = (
    (date(2024, 10, 14), 148, 61, "1340", "every door of four streets in Quarry Hill"),
    (date(2024, 10, 28), 296, 109, "2710", "Quarry Hill, the rest"),
    (date(2024, 11, 18), 412, 155, "3690", "Bellfield"),
    (date(2024, 12, 9), 388, 131, "3520", "Old Station"),
    (date(2025, 1, 20), 455, 172, "4080", "Northgate"),
    (date(2025, 2, 24), 430, 158, "3910", "Meadow Rise"),
    (date(2025, 4, 7), 362, 140, "3260", "streets where few had asked"),
    (date(2025, 9, 15), 289, 97, "2650", "streets where few had asked"),
)
LEAFLETS = (
    date(2024, 10, 7), date(2025, 2, 3), date(2025, 6, 2), date(2025, 10, 6), date(2026, 2, 2), date(2026, 6, 1),
)  # fmt: skip
LETTERS = (date(2025, 11, 3), 420, "273", "homes beside a burglary of the autumn before")


def load(*, by: Actor) -> None:
    """Write the rounds down once."""
    if any(not one.uprn and not one.about_request for one in knowing.contacts_made()):
        return
    for on, homes, spoke, pounds, note in DOORS:
        services.add_round(
            kind=ContactKind.STREET_CANVASS, on=on, homes=homes, spoke=spoke, cost=Decimal(pounds), note=note, by=by
        )
    for on in LEAFLETS:
        services.add_round(kind=ContactKind.LEAFLET, on=on, homes=5_460, cost=Decimal(612), note="five areas", by=by)
    on, homes, pounds, note = LETTERS
    services.add_round(kind=ContactKind.LETTER, on=on, homes=homes, cost=Decimal(pounds), note=note, by=by)
