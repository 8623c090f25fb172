"""What the picture of an area says: the frozen results that pages, files and findings read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from frankpledge.analysis.change import Change, span_as_list
from frankpledge.analysis.comparison import Comparison
from frankpledge.analysis.concentration import Concentration
from frankpledge.analysis.expected_range import ExpectedRange
from frankpledge.analysis.funnel import Funnel, FunnelPoint, Standing
from frankpledge.analysis.rates import Rate, RateRatio, edition_as_dict
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.areas import DenominatorUnit, small_area_short_name
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.geography import Area, Denominator
from frankpledge.vocabulary.periods import LOCKDOWNS, Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase


@dataclass(frozen=True, slots=True)
class MonthCount:
    """``count`` is None for a month nobody delivered: missing is not nought. ``doubtful``: published, not believed."""

    month: Month
    count: int | None
    doubtful: bool = False  # likely unplaced rather than quiet

    @property
    def lockdown(self) -> bool:
        return self.month in LOCKDOWNS


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One small area or ward of the place. ``count`` and ``rate`` are for the rate period, ``total`` for the whole."""

    area: Area
    count: int
    total: int
    exposure: int | None
    rate: Rate | None
    ward: str | None = None
    point: FunnelPoint | None = None

    @property
    def short_name(self) -> str:
        return small_area_short_name(self.area.name)

    @property
    def stands_out(self) -> bool:
        return self.point is not None and self.point.standing is Standing.ABOVE

    def as_dict(self) -> dict[str, Any]:
        interval = self.rate.interval if self.rate else None
        return {
            "code": self.area.code,
            "name": self.area.name,
            "ward": self.ward,
            "count": self.total,
            "rate": rounded(self.rate.value) if self.rate else None,
            "rate_count": self.count,
            "denominator": self.exposure,
            "interval": [rounded(interval.lower), rounded(interval.upper)] if interval else None,
            "standing": self.point.standing.value if self.point else None,
            "adjusted_p": rounded(self.point.adjusted_p, 9) if self.point else None,
        }


@dataclass(frozen=True, kw_only=True)
class AreaPicture(Result):
    """Everything the picture says. Parts that could not honestly be computed are None, and ``refused`` says why."""

    area: Area
    crime_type: CrimeType
    period: MonthSpan
    months: tuple[MonthCount, ...]
    total: int
    rate_period: MonthSpan
    rate_count: int
    households: int | None
    denominator: Denominator | None
    rate: Rate | None
    areas: tuple[AreaRow, ...]
    wards: tuple[AreaRow, ...]
    expected: ExpectedRange | None
    funnel: Funnel | None
    concentration: Concentration | None
    comparison: Comparison | None
    change: Change | None
    before_lockdowns: RateRatio | None
    rows: Balance
    source: str
    source_label: str
    headline: Phrase  # the finding in one to three short sentences
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def standing_out(self) -> tuple[AreaRow, ...]:
        """Small areas above the place's own rate beyond chance, the highest rate first: the numbers on the map."""
        found = [row for row in self.areas if row.stands_out and row.rate is not None]
        return tuple(sorted(found, key=lambda row: (-(row.rate.value if row.rate else 0), row.area.code)))

    @property
    def missing_months(self) -> tuple[Month, ...]:
        return tuple(month.month for month in self.months if month.count is None)

    def sentence(self) -> Phrase:
        return self.headline

    def table(self) -> Table:
        """The small areas, as the download has them."""
        return Table(
            ("code", "name", "ward", "count", "denominator", "rate per 1,000", "lower", "upper", "standing"),
            tuple(
                (
                    row.area.code,
                    row.area.name,
                    row.ward or "",
                    row.count,
                    row.exposure,
                    row.rate.value if row.rate else None,
                    row.rate.interval.lower if row.rate else None,
                    row.rate.interval.upper if row.rate else None,
                    row.point.standing.value if row.point else "",
                )
                for row in self.areas
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON. ``total`` and each area's ``count`` cover ``period``; rates and ``rate_count`` ``rate_period``."""
        unit = self.denominator.edition.unit if self.denominator else None
        value = rounded(self.rate.value) if self.rate else None
        return {
            "area": self.area.name,
            "code": self.area.code,
            "level": self.area.level.value,
            "crime_type": self.crime_type.value,
            "period": span_as_list(self.period),
            "months": [str(month.month) for month in self.months],
            "counts": [month.count for month in self.months],
            "total": self.total,
            "doubtful_months": [str(month.month) for month in self.months if month.doubtful],
            "missing_months": [str(month) for month in self.missing_months],
            "rate_period": span_as_list(self.rate_period),
            "rate_count": self.rate_count,
            "households": self.households,
            "denominator": edition_as_dict(self.denominator.edition if self.denominator else None),
            "rate_per_1000_households": value if unit is DenominatorUnit.HOUSEHOLDS else None,
            "rate_per_1000_residents": value if unit is DenominatorUnit.RESIDENTS else None,
            "interval": [rounded(self.rate.interval.lower), rounded(self.rate.interval.upper)] if self.rate else None,
            "interval_method": self.rate.interval.method if self.rate else None,
            "areas": [row.as_dict() for row in self.areas],
            "wards": [row.as_dict() for row in self.wards],
            "expected": self.expected.as_dict() if self.expected else None,
            "funnel": self.funnel.as_dict() if self.funnel else None,
            "concentration": self.concentration.as_dict() if self.concentration else None,
            "comparison": self.comparison.as_dict() if self.comparison else None,
            "change": self.change.as_dict() if self.change else None,
            "before_lockdowns": self.before_lockdowns.as_dict() if self.before_lockdowns else None,
            "rows": {
                "read": self.rows.read,
                "stored": self.rows.stored,
                "quarantined": self.rows.quarantined,
                "duplicates": self.rows.duplicates,
            },
            "source": self.source_label,
            "refused": {part: str(reason) for part, reason in self.refused.items()},
            **self.provenance(),
        }
