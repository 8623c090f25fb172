"""What the first page of area schemes shows: each part with its finding."""

from typing import Any

from frankpledge.delivery.area_schemes.pages import gates


def first_page(person: Any) -> dict[str, Any]:
    """The parts at a glance. A fixed number of queries."""
    return {"gates": gates.gates_page(person)}
