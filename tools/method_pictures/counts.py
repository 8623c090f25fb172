"""Pictures of the methods for counts, rates, seasons and shares: from the demo, or the worked example of the page."""

import numpy as np

from frankpledge.analysis.aoristic import aoristic as aoristic_weights
from frankpledge.analysis.area_changes import area_changes as areas_that_changed
from frankpledge.analysis.change import compare_counts
from frankpledge.analysis.change_point import change_point as change_of_level
from frankpledge.analysis.concentration import lorenz
from frankpledge.analysis.cusum import poisson_cusum
from frankpledge.analysis.expected_range import expected_range as range_of_months
from frankpledge.analysis.farrington import farrington_limits
from frankpledge.analysis.funnel import Standing
from frankpledge.analysis.funnel import funnel as areas_that_differ
from frankpledge.analysis.journey import journey as path_among_peers
from frankpledge.analysis.location_quotient import location_quotients
from frankpledge.analysis.overlap import problem_triangle
from frankpledge.analysis.rates import crude_rate, rate_ratio
from frankpledge.analysis.results import Interval
from frankpledge.analysis.season import season as shape_of_year
from frankpledge.analysis.standardised_rates import directly_standardised_rate
from frankpledge.analysis.time_of_day import day_by_hour
from frankpledge.reports import result_plots
from frankpledge.reports.plots import Measured, heat_table, interval_chart, line_chart
from frankpledge.sources.simulator.clock import first_and_last_day, month_numbers
from frankpledge.vocabulary.periods import MonthSpan
from tools.method_pictures import demo

HOME_BURGLARY = ("Burglary - residential", "Burglary - residential - attempt")
LAST_YEAR = MonthSpan(demo.MONTHS[-12], demo.MONTHS[-1])
# British coal-mining disasters, 1851 to 1962 (Jarrett 1979, Biometrika 66:191)
COAL = (
    "4541043406334026335453144155342522342132211113001011003103220111010100021000110233112111124200014000100000100101"
)


def rates() -> str:
    """Burglary by ward in the last year."""
    ward, homes = demo.ward_of_area(), np.bincount(demo.ward_of_area(), weights=demo.homes_by_area())
    counts = np.bincount(ward[_last_year_areas()], minlength=len(homes))
    found = [
        (name, crude_rate(int(count), float(size)))
        for name, count, size in zip(demo.ward_names(), counts, homes, strict=True)
    ]
    found.sort(key=lambda pair: -pair[1].value)
    high, low = found[0], found[-1]
    return interval_chart(
        [_measured(name, rate.value, rate.interval) for name, rate in found],
        title=f"{high[0]} has {high[1].value:.1f} burglaries per 1,000 homes and {low[0]} {low[1].value:.1f}; between "
        "neighbours in the list there is no clear difference",
        description="Burglaries per 1,000 homes by ward with intervals.",
        note="Burglaries of homes per 1,000 homes in twelve months of the demo; 95 % intervals.",
    )


def _last_year_areas() -> demo.Ints:
    first, end = first_and_last_day(LAST_YEAR)
    here = demo.burgled()
    return here.small_area[(here.day >= first) & (here.day < end)]


def standardised_rates() -> str:
    """The worked example: as it is, and with the make-up of the standard."""
    found = directly_standardised_rate([10, 40], [1_000, 2_000], [30, 10], per=1_000)
    as_it_is = crude_rate(50, 3_000)
    return interval_chart(
        [
            _measured("as it is", as_it_is.value, as_it_is.interval),
            _measured("make-up of the standard", found.value, found.interval),
        ],
        title=f"{as_it_is.value:.1f} per 1,000 as it is, but {found.value:.1f} with the make-up of the standard: the "
        "place has more of the group that is burgled more",
        description="Crude and directly standardised rate with intervals.",
        note="The worked example: 10 events among 1,000 and 40 among 2,000, weighted 30 to 10; 95 % intervals.",
    )


def change() -> str:
    """Two comparisons of counts: one clear, one not."""
    rows = []
    for now, before in ((65, 106), (11, 9)):
        ratio = compare_counts(now, before).ratio
        assert ratio is not None
        assert ratio.value is not None
        rows.append(_measured(f"{now} after {before}", ratio.value, ratio.interval))
    return interval_chart(
        rows,
        reference=1.0,
        title="65 after 106 is fewer, beyond chance; 11 after 9 says nothing",
        description="Ratios of two counts with intervals.",
        note="Times as many as before, with exact 95 % intervals. Dotted: no change.",
    )


def area_changes() -> str:
    """The last year of the demo against the year before, by small area: the twelve least likely changes."""
    here, names = demo.busy_history(), demo.area_names()[: demo.areas_here()]
    first, end = first_and_last_day(LAST_YEAR)
    before, _ = first_and_last_day(LAST_YEAR.year_earlier())
    now, then = (
        np.bincount(here.small_area[(here.day >= low) & (here.day < high)], minlength=len(names)).tolist()
        for low, high in ((first, end), (before, first))
    )
    found = areas_that_changed(names, now, then, days=end - first, previous_days=first - before)
    shown = [area for area in found.areas if area.previous >= 10][:12]
    return interval_chart(
        [
            _measured(
                f"{area.code}, {area.current} after {area.previous}", area.ratio.value or 0.0, area.ratio.interval
            )
            for area in shown
            if area.ratio is not None
        ],
        reference=1.0,
        title=str(found.sentence()),
        description="Times as many burglaries as a year earlier in each small area, with intervals.",
        note="The least likely changes of the last year, in the demo with six times as many. Intervals are of 95 % "
        "each; the sentence allows for looking at all areas. Under ten before are not drawn. Dotted: no change.",
    )


def journey() -> str:
    """The ward of the demo with the most burglaries per home, among its wards, year by year."""
    here, ward, names = demo.burgled(), demo.ward_of_area(), demo.ward_names()
    homes = np.bincount(ward, weights=demo.homes_by_area(), minlength=len(names))
    monthly = {name: demo.monthly(here.day[ward[here.small_area] == number]) for number, name in enumerate(names)}
    most = max(names, key=lambda name: sum(monthly[name]) / homes[names.index(name)])
    found = path_among_peers(most, most, monthly, dict(zip(names, homes.tolist(), strict=True)), demo.MONTHS)
    return line_chart(
        [f"{step.last.first_day:%b %Y}" for step in found.steps],
        [step.rate for step in found.steps],
        lower=[step.lower for step in found.steps],
        upper=[step.upper for step in found.steps],
        second=[step.overall for step in found.steps],
        second_label="all wards",
        title=str(found.sentence()),
        description="Burglaries per 1,000 homes in the year to each month, over the range that chance gives.",
        note="Burglaries of homes in the demo. Band: where chance puts a ward of this size at the rate of all wards.",
    )


def funnel() -> str:
    """The areas that differ, with the usual range of each."""
    found = areas_that_differ(
        demo.area_names()[: demo.areas_here()],
        np.bincount(demo.burgled().small_area, minlength=demo.areas_here()).tolist(),
        demo.homes_by_area().tolist(),
    )
    points = sorted(
        (point for point in found.points if point.standing is not Standing.WITHIN),
        key=lambda point: -point.observed / point.expected,
    )
    return interval_chart(
        [Measured(point.code, point.observed, *point.limits_95) for point in points],
        title=str(found.sentence()),
        description="Burglaries in the areas that differ, each against its usual range.",
        note="Dot: burglaries of homes in three years of the demo. Line and brackets: the 95 % range at the average "
        "rate. Areas within chance are left out.",
    )


def expected_range() -> str:
    """Months of the demo against what season and history lead one to expect."""
    found = range_of_months(demo.MONTHS, demo.monthly(demo.burgled().day))
    return line_chart(
        demo.MONTH_LABELS,
        [month.count for month in found.months],
        lower=[float(month.lower) for month in found.months],
        upper=[float(month.upper) for month in found.months],
        second=[month.expected for month in found.months],
        second_label="expected",
        title=str(found.sentence()),
        description="Burglaries a month against the expected range.",
        note="Burglaries of homes in the demo. January 2026 has a series that was planted there.",
    )


def alarm_limits() -> str:
    """Weekly counts of five made-up years; a rise is planted in the last."""
    random = np.random.Generator(np.random.PCG64(4))
    weeks = np.arange(5 * 52)
    counts = random.poisson(24 * (1 + 0.3 * np.cos(2 * np.pi * weeks / 52)))
    counts[-9:-6] += 18
    found = farrington_limits(counts.tolist(), last=52, labels=[f"week {week % 52 + 1}" for week in weeks])
    return line_chart(
        [limit.label for limit in found.limits],
        [float(limit.count) for limit in found.limits],
        second=[limit.upper for limit in found.limits],
        second_label="alarm limit",
        title=str(found.sentence()),
        description="Weekly counts against their alarm limits.",
        note="Made-up counts with a rise planted in weeks 44 to 46; each limit looks back only.",
    )


def cusum() -> str:
    """The worked example."""
    weeks = [7, 9, 8, 6, 10, 8, 12, 13, 11, 14, 12, 13]
    return result_plots.cusum(poisson_cusum(weeks, 8.0, labels=[f"week {i + 1}" for i in range(12)]))


def change_point() -> str:
    """Coal-mining disasters."""
    counts, years = [int(digit) for digit in COAL], [str(1851 + i) for i in range(len(COAL))]
    found = change_of_level(counts, labels=years)
    assert found.after is not None
    levels = [found.mean_before if i < found.after else found.mean_after for i in range(len(counts))]
    return line_chart(
        years,
        [float(count) for count in counts],
        second=levels,
        second_label="level before and after",
        change_after=found.after,
        title=str(found.sentence()),
        description="Disasters a year, and their level before and after the change.",
        note="Coal-mining disasters in Britain a year (Jarrett 1979). Dotted: the most likely split.",
    )


def season() -> str:
    """Burglary of homes in the five districts of the demo."""
    rows = demo.police_rows(HOME_BURGLARY, range(len(demo.DISTRICTS)))
    return result_plots.season(shape_of_year(demo.MONTHS, demo.monthly(demo.partnership().police.began[rows] // 1440)))


def time_of_day() -> str:
    """Violence in the street of the demo."""
    began = demo.partnership().police.began[demo.police_rows(["Violence with injury"])]
    note = "Violence with injury in three years of the demo, by the clock on the wall."
    return result_plots.week(day_by_hour(began.astype("datetime64[m]")), note)


def aoristic() -> str:
    """Theft from vehicles in the demo, mostly found later."""
    police, rows = demo.partnership().police, demo.police_rows(["Theft from a motor vehicle"])
    began, ended = (moment[rows].astype("datetime64[m]") for moment in (police.began, police.ended))
    note = "Thefts from vehicles in the demo, each spread over the hours in which it can have happened."
    return result_plots.week(aoristic_weights(began, ended), note)


def concentration() -> str:
    """Burglary by street of the demo."""
    return result_plots.lorenz(
        lorenz(np.bincount(demo.town().street[demo.burgled().home], minlength=len(demo.town().streets)).tolist())
    )


def overlap() -> str:
    """The worked example: each overlap against luck."""
    found = problem_triangle(
        ["p1"] * 5 + ["p2"] * 3 + [None],
        ["v1", "v1", "v2", "v3", "v4", "v5", "v6", "v6", "v1"],
        ["o1", "o1", "o2", "o3", "o4", "o1", "o5", "o6", "o1"],
    )
    return interval_chart(
        [
            Measured(
                " and ".join(meeting.members),
                meeting.observed,
                max(meeting.expected - 1.96 * meeting.sd, 0.0),
                meeting.expected + 1.96 * meeting.sd,
            )
            for meeting in found.meetings
        ],
        title=str(found.sentence()),
        description="Incidents in each overlap against what luck alone gives.",
        note="Dot: incidents in the overlap. Line and brackets: what luck alone gives, 1.96 standard deviations about.",
    )


def location_quotient() -> str:
    """Burglary of homes as a share of the crime of each district of the demo."""
    police = demo.partnership().police
    district = demo.district_of_area()[police.small_area]
    burglaries = np.bincount(district[demo.police_rows(HOME_BURGLARY, range(5))], minlength=5)
    found = location_quotients(demo.DISTRICTS, burglaries.tolist(), np.bincount(district, minlength=5).tolist())
    return interval_chart(
        [_measured(quotient.code, quotient.value, quotient.interval) for quotient in found.quotients],
        reference=1.0,
        title=str(found.sentence()),
        description="Location quotients of burglary by district with intervals.",
        note="Burglary's share of the crime here over its share of the crime of all five districts of the demo.",
    )


def comparison() -> str:
    """The districts of the demo's force, and Aldercombe against the rest."""
    police = demo.partnership().police
    district = demo.district_of_area()
    rows = demo.police_rows(HOME_BURGLARY, range(5))
    rows = rows[month_numbers(police.began[rows] // 1440) >= LAST_YEAR.first.number]
    counts = np.bincount(district[police.small_area[rows]], minlength=5)
    homes = np.bincount(district, weights=demo.households_by_area())
    found = [crude_rate(int(count), float(size)) for count, size in zip(counts, homes, strict=True)]
    against = rate_ratio(int(counts[0]), float(homes[0]), int(counts[1:].sum()), float(homes[1:].sum()))
    order = sorted(range(5), key=lambda number: -found[number].value)
    return interval_chart(
        [_measured(demo.DISTRICTS[number], found[number].value, found[number].interval) for number in order],
        title=f"{demo.DISTRICTS[0]} has {against.value:.2f} times the rate of the rest of its force: "
        f"{against.verdict.value}",
        description="Burglaries per 1,000 households by district with intervals.",
        note="Burglaries of homes per 1,000 households in twelve months of the demo; 95 % intervals.",
    )


def picture() -> str:
    """Wards by month: what the page Assess has as maps and lines."""
    here, names = demo.burgled(), demo.ward_names()
    month = month_numbers(here.day) - LAST_YEAR.first.number
    counts = np.zeros((len(names), 12), int)
    recent = month >= 0
    np.add.at(counts, (demo.ward_of_area()[here.small_area[recent]], month[recent]), 1)
    top = int(counts.sum(axis=1).argmax())
    ward, at = np.unravel_index(int(counts.argmax()), counts.shape)
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    return heat_table(
        [names[ward] for ward in order],
        demo.MONTH_LABELS[-12:],
        [[float(value) for value in counts[ward]] for ward in order],
        title=f"{names[top]} has most burglaries, {counts[top].sum()} of {counts.sum()} in twelve months; the "
        f"busiest month of one ward was {demo.MONTH_LABELS[at - 12]} in {names[ward]} ({counts[ward, at]})",
        description="Burglaries by ward and month.",
        note="Burglaries of homes by ward and month in the demo.",
    )


def _measured(label: str, value: float, interval: Interval) -> Measured:
    return Measured(label, value, interval.lower, interval.upper)
