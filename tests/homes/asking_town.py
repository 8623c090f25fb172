"""A street with homes on both sides, and requests made there by the services the pages use."""

from typing import Any

from frankpledge.delivery.home_security.models import HomeRequest
from frankpledge.delivery.home_security.services import asking as services
from frankpledge.delivery.home_security.services.asking import Asked
from frankpledge.delivery.home_security.vocabulary import Channel
from frankpledge.foundation.places import services as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.premises import Premises, PremisesKind, Tenure
from tests.pages.made_up import geography

BY = Actor.system("tests")
POSTCODE = "XA1 1AA"


def home(number: int, kind: PremisesKind = PremisesKind.TERRACED, street: str = "Quarry Lane") -> Premises:
    """A home: odd numbers along one side, seven metres apart, even ones eighteen metres across the road."""
    area = next(iter(geography().parents))
    return Premises(
        uprn=uprn(number) if street == "Quarry Lane" else f"98{number:011d}",
        address=f"{number} {street}",
        postcode=POSTCODE,
        easting=450_000 + (18 if number % 2 == 0 else 0),
        northing=300_000 + 7 * (number // 2),
        small_area=area,
        ward="X05000001",
        neighbourhood="X16000001" if number < 40 else None,
        kind=kind,
        tenure=Tenure.COUNCIL_TENANT if number % 4 == 1 else Tenure.OWNER,
    )


def uprn(number: int) -> str:
    """The key of a house on Quarry Lane."""
    return f"999{number:010d}"


def street() -> list[Premises]:
    """Numbers 27 to 50, of which 45 is a shop."""
    return [home(n, PremisesKind.SHOP if n == 45 else PremisesKind.TERRACED) for n in range(27, 51)]


def load_street() -> None:
    """Put the street on the map."""
    places.load_geography(geography(), by=BY)
    places.load_premises(street(), by=BY)


def ask(number: int, channel: Channel = Channel.TELEPHONE, **more: Any) -> HomeRequest:
    """A request from a house on Quarry Lane."""
    asked = Asked(**({"address": f"{number} Quarry Lane", "postcode": POSTCODE, "uprn": uprn(number)} | more))
    return services.ask(asked, channel=channel, by=BY)
