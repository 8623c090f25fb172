"""Indicators and figures for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from frankpledge.records.indicators import services
from frankpledge.vocabulary.actors import Actor

TESTS = Actor.system("tests")


def an_indicator(**changes: Any) -> Any:
    """Domestic burglary per 1,000 households, each quarter."""
    told = {
        "name": "Domestic burglary per 1,000 households",
        "definition": "Recorded burglaries of a home.",
        "unit": "per 1,000 households",
        "polarity": "less is good",
        "aggregation": "rolling year",
        "area_code": "E07000131",
        "area_name": "Harborough",
        "by": TESTS,
    }
    return services.add_indicator(**(told | changes))


def a_figure(indicator: Any = None, **changes: Any) -> Any:
    """A quarter's figure, stated in a document."""
    told: dict[str, Any] = {
        "name": "Domestic burglary",
        "area_code": "E07000131",
        "area_name": "Harborough",
        "first_on": date(2026, 4, 1),
        "last_on": date(2026, 6, 30),
        "value": Decimal("2.7"),
        "unit": "per 1,000 households",
        "method": "as printed",
        "document": "Performance report",
        "page": "4",
        "indicator_id": indicator.pk if indicator else None,
        "by": TESTS,
    }
    return services.save_figure(**(told | changes))
