"""`frankpledge evaluate METHOD`: did a scheme work, did crime move, and was it worth the money?"""

import click

from frankpledge.cli.analysing import panels, schemes
from frankpledge.cli.analysing.showing import MethodGroup


@click.group(
    cls=MethodGroup,
    methods=(
        (schemes.wdd, "Weighted displacement difference."),
        (schemes.wdq, "Weighted displacement quotient."),
        (schemes.odds_ratio, "Relative effect size, against a comparison area."),
        (schemes.before_after, "One area before and after, with no comparison."),
        (panels.panel, "Many areas over time: three designs in one."),
        (panels.series, "Interrupted time series."),
        (panels.exposure, "Protected homes by property-days."),
        (schemes.value, "What avoided crime is worth, against what was paid."),
    ),
)
def command() -> None:
    """Evaluate a scheme: effect with its interval, displacement, and value for money.

    Prints what was found, how sure it is and what to doubt; --json gives all numbers.
    """
