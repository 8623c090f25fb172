"""`frankpledge analyse METHOD FILE`: the methods of the analysis engine over an analyst's own files."""

import click

from frankpledge.cli.analysing import figures, hotspots, near_repeats, times
from frankpledge.cli.analysing.showing import MethodGroup


@click.group(
    cls=MethodGroup,
    methods=(
        (near_repeats.knox, "Near repeats: more pairs close by and soon than chance?"),
        (near_repeats.chains, "Chains of near repeats, with no cap on neighbours."),
        (near_repeats.decay, "How fast the raised risk near an event fades."),
        (figures.repeats, "Repeat victimisation, and how soon again."),
        (figures.concentration, "How much lies in the worst 5 % of places, beside chance."),
        (hotspots.kde, "Kernel density, exact, in events per square metre."),
        (hotspots.gistar, "Gi*: cells that stand out with their neighbours."),
        (hotspots.forecast, "Where next, and is that better than counting?"),
        (times.aoristic, "When in the week, from windows of time."),
        (times.day_by_hour, "When in the week, from known moments."),
        (times.season, "The shape of the year."),
        (times.change, "One period against another."),
        (times.cusum, "Has the level shifted, a little but for long?"),
        (times.change_point, "When the level changed, if it did."),
        (figures.rate, "A rate with its interval."),
        (figures.funnel, "Which areas stand out beyond chance."),
        (figures.location_quotient, "Where one kind of crime has more than its share."),
        (figures.harm, "Offences weighted by a table of your own."),
        (figures.survey, "A percentage from a survey, weighted."),
        (figures.percentages, "Can these percentages come from so many answers?"),
    ),
)
def command() -> None:
    """Run a method over a file of events or counts (CSV, gzip of CSV, Parquet).

    Prints what was found, how sure it is and what to doubt; --json gives all numbers, --plot a picture.
    """
