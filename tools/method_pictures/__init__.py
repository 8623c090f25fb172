"""One picture for each page of ``docs/methods``, the same bytes every time: ``python -m tools.method_pictures``."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.method_pictures import counts, people, places, schemes
from tools.places import ROOT

METHODS = ROOT / "docs" / "methods"
IMAGES = METHODS / "images"

DRAWINGS: tuple[Callable[[], str], ...] = (
    counts.rates,
    counts.standardised_rates,
    counts.change,
    counts.area_changes,
    counts.journey,
    counts.funnel,
    counts.expected_range,
    counts.alarm_limits,
    counts.cusum,
    counts.change_point,
    counts.season,
    counts.time_of_day,
    counts.aoristic,
    counts.concentration,
    counts.overlap,
    counts.location_quotient,
    counts.comparison,
    counts.picture,
    places.knox,
    places.near_repeat_chains,
    places.near_repeat_decay,
    places.near_repeat_alerts,
    places.repeat_victimisation,
    places.kernel_density,
    places.getis_ord,
    places.emerging_hotspots,
    places.forecast,
    places.forecast_accuracy,
    schemes.displacement,
    schemes.before_after,
    schemes.difference_in_differences,
    schemes.synthetic_control,
    schemes.interrupted_series,
    schemes.regression_to_the_mean,
    schemes.exposure,
    schemes.programme_evaluation,
    schemes.value,
    schemes.day_routes,
    people.harm,
    people.survey,
    people.targets,
    people.scan_matrix,
    people.disclosure,
    people.people,
    people.cohort,
)
# The page rates.md has rates(), standardised-rates.md has standardised_rates()
PICTURES: Mapping[str, Callable[[], str]] = {draw.__name__.replace("_", "-"): draw for draw in DRAWINGS}


def drawn(page: str) -> bytes:
    """The picture of a page as it is written."""
    return f"{PICTURES[page]()}\n".encode()


def write_all(folder: Path = IMAGES) -> list[Path]:
    """Draw every picture into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for page in PICTURES:
        path = folder / f"{page}.svg"
        path.write_bytes(drawn(page))
        written.append(path)
    return written
