"""`frankpledge evaluate wdd`, `wdq`, `odds-ratio`, `before-after` and `value`: did it work, and was it worth it?"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frankpledge.cli.analysing.showing import FINITE, check_places, confidence_option, output_options, show
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month

if TYPE_CHECKING:
    from frankpledge.analysis.displacement import AreaWeights
    from frankpledge.analysis.results import Result

Command = TypeVar("Command", bound=Callable[..., Any])
Pair = tuple[float, float]


def _pair(name: str, help_: str, required: bool = False) -> Callable[[Command], Command]:
    return click.option(name, type=FINITE, nargs=2, required=required, metavar="BEFORE AFTER", help=help_)


inflation_option = click.option(
    "--variance-inflation",
    type=FINITE,
    default=1.0,
    show_default=True,
    help="Crime often varies twice as chance does: 2.",
)


@click.command()
@_pair("--treated", "Counts of the treated area.", required=True)
@_pair("--control", "Counts of the comparison area.", required=True)
@_pair("--treated-buffer", "Counts around the treated area, for displacement.")
@_pair("--control-buffer", "Counts around the comparison area.")
@click.option(
    "--weights", type=FINITE, nargs=4, metavar="TREATED CONTROL T-BUFFER C-BUFFER",
    help="Sizes of the areas (homes, hectares) by which counts are divided.",
)  # fmt: skip
@_pair("--time-weights", "Lengths of the two periods, where they differ.")
@click.option("--harm", type=FINITE, help="Weight of each crime in units of harm. Give counts of one kind of crime.")
@inflation_option
@confidence_option
@output_options()
def wdd(
    treated: Pair, control: Pair, treated_buffer: Pair | None, control_buffer: Pair | None,
    weights: tuple[float, float, float, float] | None, time_weights: Pair | None, harm: float | None,
    variance_inflation: float, confidence: float, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Weighted displacement difference: how many fewer crimes than the comparison leads one to expect, and how sure."""
    check_places(json_file, plot)
    from frankpledge.analysis.displacement import wdd as difference
    from frankpledge.analysis.displacement import wdd_by_harm
    from frankpledge.reports import result_plots

    result = difference(
        treated=treated,
        control=control,
        treated_buffer=treated_buffer,
        control_buffer=control_buffer,
        time_weights=time_weights or (1.0, 1.0),
        area_weights=_sizes(weights),
        variance_inflation=variance_inflation,
        confidence=confidence,
    )
    if harm is not None:
        result = wdd_by_harm([result], [harm], confidence=confidence)
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.displacement(result))


def _sizes(weights: tuple[float, float, float, float] | None) -> "AreaWeights | None":
    from frankpledge.analysis.displacement import AreaWeights

    if weights is None:
        return None
    return AreaWeights(treated=weights[0], control=weights[1], treated_buffer=weights[2], control_buffer=weights[3])


@click.command()
@_pair("--treated", "Counts of the treated area.", required=True)
@_pair("--treated-buffer", "Counts of the buffer around it.", required=True)
@_pair("--control", "Counts of the comparison area.", required=True)
@output_options(plot=False)
def wdq(treated: Pair, treated_buffer: Pair, control: Pair, json_file: str | None) -> None:
    """Weighted displacement quotient: did crime move next door? Refused where the treated area did not do better."""
    check_places(json_file)
    from frankpledge.analysis.displacement import wdq as quotient

    show(quotient(treated=treated, buffer=treated_buffer, control=control), json_file=json_file)


@click.command("odds-ratio")
@_pair("--treated", "Counts of the treated area.", required=True)
@_pair("--control", "Counts of the comparison area.", required=True)
@_pair("--time-weights", "Lengths of the two periods, where they differ.")
@click.option("--refuse-zero", is_flag=True, help="Refuse a count of nought instead of adding a half to each.")
@inflation_option
@confidence_option
@output_options()
def odds_ratio(
    treated: Pair, control: Pair, time_weights: Pair | None, refuse_zero: bool, variance_inflation: float,
    confidence: float, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Relative effect size (odds ratio) of a before and after with a comparison. Above 1 favours the scheme."""
    check_places(json_file, plot)
    from frankpledge.analysis.before_after import ZeroCells, relative_effect_size
    from frankpledge.reports import result_plots

    result = relative_effect_size(
        treated=treated,
        control=control,
        variance_inflation=variance_inflation,
        zero_cells=ZeroCells.REFUSE if refuse_zero else ZeroCells.ADD_HALF,
        period_lengths=time_weights or (1.0, 1.0),
        confidence=confidence,
    )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.effect_size(result))


@click.command("before-after")
@click.option("--before", type=int, required=True, help="Count before.")
@click.option("--after", type=int, required=True, help="Count after.")
@_pair("--time-weights", "Lengths of the two periods, where they differ.")
@confidence_option
@output_options(plot=False)
def before_after(before: int, after: int, time_weights: Pair | None, confidence: float, json_file: str | None) -> None:
    """One area before and after, with no comparison: what changed, never why."""
    check_places(json_file)
    from frankpledge.analysis.before_after import before_after as compare

    result: Result = compare(
        before=before,
        after=after,
        period_lengths=time_weights or (1.0, 1.0),
        per_time=time_weights is not None,
        confidence=confidence,
    )
    show(result, json_file=json_file)


class _MonthParameter(click.ParamType):
    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """A month; anything else ends in one sentence."""
        return value if isinstance(value, Month) else Month.parse(str(value))


@click.command()
@click.option("--burglaries-before", type=click.IntRange(min=0), help="Recorded before, in as many months.")
@click.option("--burglaries-after", type=click.IntRange(min=0), help="Recorded after.")
@click.option("--avoided", type=FINITE, help="Instead: how many an evaluation says were avoided,")
@click.option("--avoided-interval", type=FINITE, nargs=2, metavar="LOW HIGH", help="with its interval.")
@click.option("--period-months", type=FINITE, required=True, help="Months counted after (and before, if not said).")
@click.option("--months-before", type=FINITE, help="Months counted before, where they differ.")
@click.option("--cost", type=FINITE, required=True, help="Pounds spent.")
@click.option("--unit-cost-edition", "editions", multiple=True, required=True, metavar="EDITION",
              help="Which publication's cost of a crime. Give several to see them side by side.")  # fmt: skip
@click.option("--offence", default="burglary in a dwelling", show_default=True, help="In the words of the edition.")
@click.option("--unconfirmed", is_flag=True, help="Allow figures not yet read in their source.")
@click.option("--recorded-to-actual", type=FINITE, help="Actual crimes for each recorded one.")
@click.option("--over-years", type=FINITE, default=5.0, show_default=True, help="How long the saving lasts.")
@click.option("--discount-rate", type=FINITE, help="Such as 0.035. [default: the Green Book's]")
@click.option("--cash-per-crime", type=FINITE, help="Pounds that each avoided crime leaves in a budget.")
@click.option("--cash-budget", help="Whose budget that is.")
@click.option("--start", type=_MonthParameter(), help="First month of the saving, for the date of break-even.")
@confidence_option
@output_options(plot=False)
def value(
    burglaries_before: int | None, burglaries_after: int | None, avoided: float | None, avoided_interval: Pair | None,
    period_months: float, months_before: float | None, cost: float, editions: tuple[str, ...], offence: str,
    unconfirmed: bool, recorded_to_actual: float | None, over_years: float, discount_rate: float | None,
    cash_per_crime: float | None, cash_budget: str | None, start: Month | None, confidence: float,
    json_file: str | None,
) -> None:  # fmt: skip
    """What avoided crime is worth to society, against what was paid; cash to a budget apart, and only where given."""
    check_places(json_file)
    from frankpledge.analysis.results import Interval
    from frankpledge.analysis.value import (
        Cash,
        avoided_as_estimated,
        avoided_before_after,
        value_by_edition,
        value_of_avoided,
    )

    if burglaries_before is not None and burglaries_after is not None:
        saved = avoided_before_after(
            burglaries_before,
            burglaries_after,
            months_before=months_before or period_months,
            months_after=period_months,
            confidence=confidence,
        )
    elif avoided is not None and avoided_interval is not None:
        interval = Interval(*avoided_interval, confidence, "as given")
        saved = avoided_as_estimated(
            avoided, interval, months=period_months, n=round(abs(avoided)), method="avoided as given"
        )
    else:
        raise DataProblem(
            "There is nothing to value.",
            remedy="Give --burglaries-before and --burglaries-after, or --avoided with --avoided-interval.",
        )
    if (cash_per_crime is None) != (cash_budget is None):
        raise DataProblem("Cash needs both --cash-per-crime and --cash-budget: whose money it is.")
    options: dict[str, Any] = {
        "offence": offence,
        "recorded_to_actual": recorded_to_actual,
        "cash": Cash(cash_budget, cash_per_crime) if cash_budget and cash_per_crime is not None else None,
        "over_years": over_years,
        "discount_rate": discount_rate,
        "unconfirmed": unconfirmed,
    }
    if len(editions) > 1:
        show(value_by_edition(saved, editions=editions, cost=cost, **options), json_file=json_file)
        return
    result = value_of_avoided(saved, edition=editions[0], cost=cost, **options)
    also = {}
    if start is not None:
        month = result.break_even_month(start)
        also["break_even_month"] = None if month is None else str(month)
    show(result, json_file=json_file, also=also)
