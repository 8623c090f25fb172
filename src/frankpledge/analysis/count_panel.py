"""Counts of areas over periods, and which areas were treated from when: what panel methods start from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.vocabulary.errors import CannotCompute


@dataclass(frozen=True, kw_only=True)
class CountPanel:
    """``counts`` and ``exposure`` are (areas, periods), periods in order of time.

    ``treated_from`` (areas,) is the number of the first treated period; the number of periods where never treated.
    """

    areas: tuple[str, ...]
    periods: tuple[str, ...]
    counts: NDArray[np.float64]
    exposure: NDArray[np.float64]
    treated_from: NDArray[np.int64]

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Areas treated at some time in the panel (areas,)."""
        return self.treated_from < len(self.periods)

    @property
    def under_treatment(self) -> NDArray[np.bool_]:
        """Whether each area was treated in each period (areas, periods)."""
        return np.arange(len(self.periods))[None, :] >= self.treated_from[:, None]

    @property
    def staggered(self) -> bool:
        """Whether treated areas started at different times."""
        return len(np.unique(self.treated_from[self.treated])) > 1


def count_panel(
    *, area: ArrayLike, period: ArrayLike, count: ArrayLike, treated: ArrayLike, exposure: ArrayLike | None = None
) -> CountPanel:
    """A panel from rows: one row for each area and period. ``treated`` is 1 in the periods when the area was treated.

    Raises CannotCompute when a row is missing or doubled (a missing count is not nought), a count is below nought, or
    an area stops being treated.
    """
    areas, rows = np.unique(np.asarray(area).astype(str), return_inverse=True)
    periods, columns = np.unique(_in_order(period), return_inverse=True)
    shape = (len(areas), len(periods))
    place = rows.reshape(-1) * shape[1] + columns.reshape(-1)
    if len(np.unique(place)) != len(place):
        raise CannotCompute("An area has two rows for the same period. Give one count for each area and period.")
    if len(place) != shape[0] * shape[1]:
        gap = int(np.setdiff1d(np.arange(shape[0] * shape[1]), place)[0])
        raise CannotCompute(
            f"There is no row for area {areas[gap // shape[1]]} in period {periods[gap % shape[1]]}, and a missing "
            "count is not nought. Give every area in every period."
        )
    order = np.argsort(place)

    def grid(values: ArrayLike) -> NDArray[np.float64]:
        column = np.asarray(values)
        if column.shape != place.shape:
            raise CannotCompute("Every row of a panel needs an area, a period, a count and whether it was treated.")
        return column.astype(np.float64)[order].reshape(shape)

    return panel_from_matrix(
        grid(count),
        treated=grid(treated) > 0,
        exposure=None if exposure is None else grid(exposure),
        areas=[str(name) for name in areas],
        periods=[str(name) for name in periods],
    )


def panel_from_matrix(
    counts: ArrayLike,
    *,
    treated: ArrayLike,
    exposure: ArrayLike | None = None,
    areas: list[str] | None = None,
    periods: list[str] | None = None,
) -> CountPanel:
    """A panel from ``counts`` and ``treated`` (areas, periods), periods in order of time."""
    value, status = np.asarray(counts, np.float64), np.asarray(treated, bool)
    if value.ndim != 2 or value.shape != status.shape or min(value.shape) < 2:
        raise CannotCompute("A panel needs counts for at least two areas and two periods.")
    if not np.all(np.isfinite(value)) or value.min() < 0:
        raise CannotCompute("Counts must be numbers not below nought.")
    size = np.ones_like(value) if exposure is None else np.broadcast_to(np.asarray(exposure, np.float64), value.shape)
    if not np.all(np.isfinite(size)) or size.min() <= 0:
        raise CannotCompute("The exposure (homes, days) of every area and period must be above nought.")
    if np.any(status[:, :-1] & ~status[:, 1:]):
        raise CannotCompute(
            "An area stops being treated. These methods take treatment as lasting: end the panel before it stops."
        )
    names = areas or [str(i + 1) for i in range(value.shape[0])]
    times = periods or [str(i + 1) for i in range(value.shape[1])]
    return CountPanel(
        areas=tuple(names),
        periods=tuple(times),
        counts=value,
        exposure=size.copy(),
        treated_from=np.where(status.any(axis=1), status.argmax(axis=1), value.shape[1]).astype(np.int64),
    )


def _in_order(period: ArrayLike) -> NDArray[np.generic]:
    """Periods as they sort in time: numbers as numbers even when written as text, else as text (ISO dates)."""
    values = np.asarray(period)
    if values.dtype.kind in "iufM":
        return values
    texts = values.astype(str)
    try:
        return texts.astype(np.int64)
    except ValueError:
        return texts
