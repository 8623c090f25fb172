"""Pictures of the methods for what a scheme did and what that was worth: the worked examples, and the demo's own."""

from functools import cache

import numpy as np

from benchmarks.bench_routes import STORE, a_day
from frankpledge.analysis.before_after import relative_effect_size
from frankpledge.analysis.count_panel import CountPanel, panel_from_matrix
from frankpledge.analysis.day_routes import plan_day
from frankpledge.analysis.difference_in_differences import event_study
from frankpledge.analysis.displacement import wdd
from frankpledge.analysis.exposure import (
    ProtectionHistory,
    exposure_comparison,
    own_comparison,
    protection_history,
    stratified_exposure,
)
from frankpledge.analysis.interrupted_series import interrupted_series as series_with_start
from frankpledge.analysis.programme_evaluation import evaluate_programme
from frankpledge.analysis.regression_to_the_mean import regression_to_the_mean as fall_by_chance
from frankpledge.analysis.results import Interval
from frankpledge.analysis.synthetic_control import synthetic_control as mixture_of_areas
from frankpledge.analysis.value import avoided_before_after, value_by_edition
from frankpledge.reports import result_plots
from frankpledge.reports.day_charts import CrewLine, Mark, Spot, route_picture
from frankpledge.reports.plots import Measured, interval_chart
from tools import simulated_programme
from tools.method_pictures import demo


def displacement() -> str:
    """The example of Wheeler and Ratcliffe (2018)."""
    return result_plots.displacement(
        wdd(treated=(207, 110), control=(308, 318), treated_buffer=(178, 157), control_buffer=(150, 140))
    )


def before_after() -> str:
    """The worked example: as if counts varied like chance, and with the variance doubled."""
    plain = relative_effect_size(treated=(207, 110), control=(308, 318))
    wide = relative_effect_size(treated=(207, 110), control=(308, 318), variance_inflation=2.0)
    return interval_chart(
        [_measured("as chance", plain.value, plain.interval), _measured("twice that", wide.value, wide.interval)],
        reference=1.0,
        title=str(plain.sentence()),
        description="Relative effect size with its interval under two assumptions of how counts vary.",
        note="Relative effect size if counts vary as chance alone, and with twice that variance. Dotted: no effect.",
    )


@cache
def _areas() -> CountPanel:
    """Sixty made-up areas over 24 months; the first twenty get a scheme after a year that prevents a quarter."""
    random = np.random.Generator(np.random.PCG64(3))
    own = random.gamma(8, 15 / 8, 60)[:, None]
    season = np.exp(0.2 * np.cos(2 * np.pi * np.arange(24) / 12))[None, :]
    status = np.zeros((60, 24), bool)
    status[:20, 12:] = True
    return panel_from_matrix(random.poisson(own * season * np.where(status, 0.75, 1.0)), treated=status)


def difference_in_differences() -> str:
    """The event study of a made-up scheme that prevents a quarter."""
    return result_plots.event_study(event_study(_areas(), span_periods=3))


def synthetic_control() -> str:
    """One made-up treated area that is a mixture of others."""
    random = np.random.Generator(np.random.PCG64(12))
    paths = random.normal(0, 0.12, (2, 36)).cumsum(axis=1) * 0.5
    mean = 40 * np.exp(random.dirichlet([1, 1], 25) @ paths) * random.gamma(30, 1 / 30, 25)[:, None]
    mean[0] = mean[1:6].mean(axis=0)
    status = np.zeros(mean.shape, bool)
    status[0, 24:] = True
    return result_plots.synthetic(
        mixture_of_areas(panel_from_matrix(random.poisson(mean * np.where(status, 0.6, 1.0)), treated=status))
    )


def interrupted_series() -> str:
    """Six made-up years with a season; from the fifth on, a quarter less."""
    random, months = np.random.Generator(np.random.PCG64(5)), np.arange(72)
    mean = 60 * np.exp(0.25 * np.cos(2 * np.pi * months / 12) - 0.003 * months)
    mean[48:] *= 0.75
    found = series_with_start(random.poisson(mean), start=48)
    return result_plots.interrupted(found, [f"{2020 + month // 12}-{month % 12 + 1:02d}" for month in months])


def regression_to_the_mean() -> str:
    """The worst areas of the demo's first year, and the year after."""
    here, areas = demo.burgled(), demo.areas_here()
    year = (here.day - demo.FIRST_DAY) // 366
    counts = [np.bincount(here.small_area[year == number], minlength=areas) for number in range(2)]
    homes, names = demo.homes_by_area(), demo.area_names()
    worst = [int(area) for area in np.argsort(-counts[0] / homes, kind="stable")[:5]]
    found = [fall_by_chance(counts[0], chosen=area, exposure=homes) for area in worst]
    return interval_chart(
        [
            Measured(
                f"{names[area]}: {counts[0][area]}, then",
                float(counts[1][area]),
                one.interval.lower,
                one.interval.upper,
            )  # fmt: skip
            for area, one in zip(worst, found, strict=True)
        ],
        title=f"The five worst areas of one year fell from {sum(counts[0][worst])} burglaries to "
        f"{sum(counts[1][worst])} the next; with nothing done a fall to {sum(one.expected for one in found):.0f} was "
        "to be expected",
        description="Burglaries in the next year of the worst areas of one year, against the expected range.",
        note="Label: the area and its first year's burglaries in the demo. Dot: its second year's. Line and brackets: "
        "what to expect with nothing done.",
    )


@cache
def _protection() -> ProtectionHistory:
    town, (programme, _), here = demo.town(), demo.history(), demo.burgled()
    homes = np.flatnonzero(town.is_home)
    return protection_history(
        area=town.small_area[homes],
        protected_from=programme.protected_from[homes],
        home=homes,
        event_home=here.home,
        event_day=here.day,
        first_day=demo.FIRST_DAY,
        end_day=demo.END_DAY,
    )


def exposure() -> str:
    """Three comparisons, from weak to strong, on the demo."""
    protection = _protection()
    together = exposure_comparison(protection)
    strata = stratified_exposure(protection)
    own = own_comparison(protection)
    assert together.ratio.value is not None
    return interval_chart(
        [
            _measured("all homes together", together.ratio.value, together.ratio.interval),
            _measured("same area, same month", strata.rate_ratio, strata.interval),
            _measured("each home with itself", own.rate_ratio, own.interval),
        ],
        reference=1.0,
        title=str(strata.sentence()),
        description="Three comparisons of protected and unprotected homes, with intervals.",
        note="Rate ratios, protected against not, in the demo, where the truth is 0.6. Dotted: no effect.",
    )


def programme_evaluation() -> str:
    """One question asked in nine ways, on the demo."""
    found = evaluate_programme(**simulated_programme.programme())
    return interval_chart(
        [Measured(str(way.words), way.ratio, way.lower, way.upper) for way in found.ways],
        reference=1.0,
        title=str(found.sentence()),
        description="One question asked in nine ways, as rate ratios with intervals.",
        note="Rate ratios, protected against not, in the demo, where the truth is 0.6. Dotted: no effect. The last "
        "asks about a year without any programme, and must find nothing.",
    )


def value() -> str:
    """The worked example under each edition that has a confirmed figure."""
    found = value_by_edition(
        avoided_before_after(106, 65, months_before=6),
        editions=["hors217", "online3005", "uprated2007", "rr99"],
        cost=1_000_000,
    )
    return interval_chart(
        [_measured(one.edition.title, one.saving / 1000, one.saving_interval, 1 / 1000) for one in found.values],
        reference=0.0,
        title=str(found.sentence()),
        description="Saving to society by edition of unit costs, with intervals.",
        note="Thousand pounds saved in six months by 41 burglaries avoided; the scheme cost 1,000 thousand.",
    )


def day_routes() -> str:
    """The first made-up day of the benchmark."""
    stops, crews = a_day(0)
    plan = plan_day(stops, crews, store=STORE)
    lines = [
        CrewLine(
            route.crew.key,
            look,
            tuple(
                Spot(leg.stop.place, f"{route.crew.key}{number}", Mark.TO_GO, f"{route.crew.key}{number}")
                for number, leg in enumerate(route.legs, 1)
            ),
        )
        for look, route in enumerate(plan.routes)
    ]
    return route_picture(
        lines,
        STORE,
        title=str(plan.sentence()),
        description="Routes of four crews over forty made-up visits, each crew with its colour, dash and letter.",
    )


def _measured(label: str, value: float, interval: Interval, scale: float = 1.0) -> Measured:
    return Measured(label, value, None if interval.lower is None else scale * interval.lower, scale * interval.upper)
