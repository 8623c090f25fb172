"""A small map for a crew's phone: from the visit before to the next one, over quiet lines of streets."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from frankpledge.reports.svg import image, tag

WIDTH, HEIGHT, MARGIN = 358.0, 160.0, 36.0
NEAREST = 1.0  # pixels to a metre at most: about 160 m from top to bottom
PIN = "c-4 -10 -14 -14 -14 -24a14 14 0 0 1 28 0c0 10 -10 14 -14 24z"

Place = tuple[float, float]


def way_there(
    there: Place, label: str, *, before: Place | None, streets: Sequence[Sequence[Place]], title: str, description: str
) -> Markup:
    """Where a visit is. Places are metres on the national grid; ``before``: where the crew comes from, if known.

    The way between is a straight line: there is no road network. ``label`` is written into the pin.
    """
    start = before or there
    middle = ((start[0] + there[0]) / 2, (start[1] + there[1]) / 2)
    across, up = (abs(a - b) for a, b in zip(start, there, strict=True))
    scale = min((WIDTH - 2 * MARGIN) / max(across, 1), (HEIGHT - 2 * MARGIN) / max(up, 1), NEAREST)

    def at(place: Place) -> Place:
        return WIDTH / 2 + (place[0] - middle[0]) * scale, HEIGHT / 2 + 12 - (place[1] - middle[1]) * scale

    x, y = at(there)
    ground = tag("rect", width=WIDTH, height=HEIGHT, class_="fc-map__ground")
    parts = [ground, *_streets([at(place) for place in street] for street in streets)]
    if before is not None:
        here = at(before)
        parts.append(tag("path", d=f"M{here[0]:.0f} {here[1]:.0f}L{x:.0f} {y:.0f}", class_="fc-map__way"))
        parts.append(tag("circle", cx=here[0], cy=here[1], r=7, class_="fc-map__from"))
    parts.append(tag("path", d=f"M{x:.0f} {y:.0f}{PIN}", class_="fc-map__pin"))
    parts.append(tag("text", label, x=x, y=y - 19, class_="fc-map__label"))
    return image(f"way-{label}", title, description, WIDTH, HEIGHT, "fc-map", *parts)


def _streets(lines: Iterable[Sequence[Place]]) -> list[Markup]:
    """Those that reach into the map, as one quiet path."""
    seen = [line for line in lines if any(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in line)]
    path = "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in line) for line in seen)
    classes = ("fc-map__street", "fc-map__street fc-map__street--inside")
    return [tag("path", d=path, class_=name) for name in classes] if path else []
