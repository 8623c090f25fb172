"""`frankpledge analyse rate`, `repeats`, `concentration`, `funnel`, `harm`, `survey` ...: how much, and how sure."""

from collections import Counter
from pathlib import Path

import click

from frankpledge.cli.analysing.reading import Where, file_options, read_rows, values_of, whole_counts
from frankpledge.cli.analysing.showing import FINITE, check_places, confidence_option, output_options, seed_option, show
from frankpledge.vocabulary.errors import DataProblem


@click.command()
@click.option("--count", type=int, required=True, help="How many.")
@click.option("--population", type=FINITE, required=True, help="Of how many: homes, residents, people asked.")
@click.option("--per", type=FINITE, default=1000, show_default=True, help="The rate is per so many.")
@click.option(
    "--method",
    type=click.Choice(["byar", "exact", "wilson"]),
    help="Of the interval; Wilson's is for a part of a whole. [default: exact under ten, Byar's from ten]",
)
@confidence_option
@output_options()
def rate(
    count: int, population: float, per: float, method: str | None, confidence: float, json_file: str | None,
    plot: Path | None,
) -> None:  # fmt: skip
    """A rate with its interval."""
    check_places(json_file, plot)
    if per <= 0:
        raise DataProblem("A rate is per a number above nought.")
    from frankpledge.analysis.rates import RateLimits, crude_rate
    from frankpledge.reports import result_plots

    limits = RateLimits(method) if method else RateLimits.EXACT_THEN_BYAR
    result = crude_rate(count, population, per=per, confidence=confidence, limits_by=limits)
    also = {"rate": result.value, "lower": result.interval.lower, "upper": result.interval.upper}
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.rate(result), also=also)


@click.command()
@file_options
@click.option("--place", required=True, metavar="COLUMN", help="What can be hit again: an address, a UPRN, a person.")
@click.option("--date", required=True, metavar="COLUMN", help="ISO date, day/month/year, or whole day numbers.")
@click.option("--places", "number_of_places", type=int, help="How many could have been hit: says what chance gives.")
@click.option("--window-days", type=int, default=365, show_default=True, help="Length of a rolling window.")
@output_options()
def repeats(
    files: tuple[Path, ...], where: Where, place: str, date: str, number_of_places: int | None, window_days: int,
    json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Repeat victimisation: incidents minus places, how often each was hit, and how soon again."""
    check_places(json_file, plot)
    columns = read_rows(files, [place, date], where=where, as_text=[place, date]).columns
    from frankpledge.analysis.repeat_victimisation import repeat_victimisation_in
    from frankpledge.reports import result_plots

    result = repeat_victimisation_in(
        columns, place=place, date=date, number_of_places=number_of_places, window_days=window_days
    )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.repeats(result))


@click.command()
@file_options
@click.option("--count", required=True, metavar="COLUMN", help="Events at each place, those without any too.")
@click.option("--exposure", metavar="COLUMN", help="Homes or people at each place. [default: all alike]")
@seed_option
@output_options()
def concentration(
    files: tuple[Path, ...], where: Where, count: str, exposure: str | None, seed: int, json_file: str | None,
    plot: Path | None,
) -> None:  # fmt: skip
    """How much lies in the worst 5 % of places, beside what chance alone gives. One row for each place."""
    check_places(json_file, plot)
    names = [count] if exposure is None else [count, exposure]
    columns = read_rows(files, names, where=where).columns
    counts = whole_counts(columns.column(count), count)
    sizes = [1.0] * len(counts)
    if exposure is not None:
        sizes = [float(size) for size in whole_counts(columns.column(exposure), exposure)]
    from frankpledge.analysis.concentration import concentration as concentrate
    from frankpledge.analysis.concentration import lorenz
    from frankpledge.reports import result_plots

    result = concentrate(counts, sizes, seed=seed)
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.lorenz(lorenz(counts)))


@click.command()
@file_options
@click.option("--area", required=True, metavar="COLUMN", help="The area of each row, one row for each.")
@click.option("--count", required=True, metavar="COLUMN", help="Events in it.")
@click.option("--population", required=True, metavar="COLUMN", help="Its homes, residents or other denominator.")
@click.option("--widen", is_flag=True, help="Allow for areas that differ anyway (over-dispersion).")
@output_options(plot=False)
def funnel(
    files: tuple[Path, ...], where: Where, area: str, count: str, population: str, widen: bool, json_file: str | None
) -> None:
    """Which areas are above or below the rate of all together, beyond chance, with limits at 95 and 99.8 %.

    Looking at many areas finds false alarms: their share is held at 5 %.
    """
    check_places(json_file)
    columns = read_rows(files, [area, count, population], where=where, as_text=[area]).columns
    from frankpledge.analysis.funnel import funnel as against_all

    result = against_all(
        _areas(columns.column(area).to_pylist()),
        whole_counts(columns.column(count), count),
        whole_counts(columns.column(population), population),
        widen=widen,
    )
    show(result, json_file=json_file)


@click.command("location-quotient")
@file_options
@click.option("--area", required=True, metavar="COLUMN", help="The area of each row, one row for each.")
@click.option("--count", required=True, metavar="COLUMN", help="Crimes of the kind looked at.")
@click.option("--all-crimes", required=True, metavar="COLUMN", help="All crimes in the area, that kind among them.")
@confidence_option
@output_options(plot=False)
def location_quotient(
    files: tuple[Path, ...], where: Where, area: str, count: str, all_crimes: str, confidence: float,
    json_file: str | None,
) -> None:  # fmt: skip
    """Where one kind of crime has more than its share: its share of the area's crimes over that of the whole."""
    check_places(json_file)
    columns = read_rows(files, [area, count, all_crimes], where=where, as_text=[area]).columns
    from frankpledge.analysis.location_quotient import location_quotients

    result = location_quotients(
        _areas(columns.column(area).to_pylist()),
        whole_counts(columns.column(count), count),
        whole_counts(columns.column(all_crimes), all_crimes),
        confidence=confidence,
    )
    show(result, json_file=json_file)


def _areas(values: list[object]) -> list[str]:
    codes = [str(value or "").strip() for value in values]
    if "" in codes:
        raise DataProblem("A row names no area.")
    twice = [code for code, times in Counter(codes).items() if times > 1]
    if twice:
        raise DataProblem(f"The area “{twice[0]}” has more than one row.", remedy="Give one row for each area.")
    return codes


@click.command()
@file_options
@click.option("--offence", required=True, metavar="COLUMN", help="The kind of offence, one row for each.")
@click.option(
    "--weights", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The published weights."
)
@click.option("--weights-offence", required=True, metavar="COLUMN", help="The kind of offence in that file.")
@click.option("--weights-weight", required=True, metavar="COLUMN", help="Its weight in that file.")
@click.option("--weights-name", required=True, help="What the weights are, such as Crime Severity Score.")
@click.option("--weights-version", required=True, help="Which edition; editions are never mixed.")
@click.option("--population", type=FINITE, help="Per head of so many. [default: the sum]")
@click.option("--allow-missing", is_flag=True, help="Go on without the offences that have no weight, and say so.")
@confidence_option
@output_options()
def harm(
    files: tuple[Path, ...], where: Where, offence: str, weights: Path, weights_offence: str, weights_weight: str,
    weights_name: str, weights_version: str, population: float | None, allow_missing: bool, confidence: float,
    json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Harm: offences weighted by a published table, which is yours to load. No weight is typed in here."""
    check_places(json_file, plot)
    kinds = read_rows(files, [offence], where=where, as_text=[offence]).columns.column(offence).to_pylist()
    table = read_rows([weights], [weights_offence, weights_weight], as_text=[weights_offence]).columns
    from frankpledge.analysis.harm import crime_severity_score, harm_index, weight_table
    from frankpledge.reports import result_plots

    names = [str(name or "").strip() for name in table.column(weights_offence).to_pylist()]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DataProblem(f"{weights}: the offence “{twice[0]}” has two weights.")
    loaded = weight_table(
        dict(zip(names, _weights(table.column(weights_weight).to_pylist(), weights), strict=True)),
        name=weights_name,
        version=weights_version,
    )
    counts = Counter(str(kind or "").strip() or "no offence given" for kind in kinds)
    if population is None:
        result = harm_index(counts, loaded, allow_missing=allow_missing, confidence=confidence)
    else:
        result = crime_severity_score(
            counts, loaded, population=population, allow_missing=allow_missing, confidence=confidence
        )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.harm(result))


def _weights(values: list[object], file: Path) -> list[float]:
    try:
        return [float(str(value).replace(",", "")) for value in values]
    except ValueError as error:
        raise DataProblem("a weight is no number.", file=str(file)) from error


@click.command()
@file_options
@click.option("--answer", required=True, metavar="COLUMN", help="The answers.")
@click.option("--yes", required=True, metavar="VALUE", help="The answer whose share is wanted.")
@click.option("--weight", metavar="COLUMN", help="Survey weights. [default: none]")
@click.option("--asked", type=int, help="How many were asked, for the response rate.")
@confidence_option
@output_options()
def survey(
    files: tuple[Path, ...], where: Where, answer: str, yes: str, weight: str | None, asked: int | None,
    confidence: float, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """A percentage from a survey: weighted, with its design effect, number of answers and response rate."""
    check_places(json_file, plot)
    names = [answer] if weight is None else [answer, weight]
    columns = read_rows(files, names, where=where, as_text=[answer]).columns
    words = [str(value or "").strip() for value in columns.column(answer).to_pylist()]
    if yes not in words:
        given = ", ".join(sorted({word for word in words if word})[:8])
        raise DataProblem(f"Nobody answered “{yes}”. The answers are: {given}.")
    from frankpledge.analysis.survey import survey_share
    from frankpledge.reports import result_plots

    result = survey_share(
        [word == yes if word else None for word in words],
        weights=None if weight is None else values_of(columns.column(weight)),
        asked=asked,
        confidence=confidence,
    )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.survey(result))


@click.command()
@click.argument("percentages", nargs=-1, required=True, metavar="PERCENT...")
@click.option("--n", "answers", type=int, required=True, help="How many answers they are said to come from.")
@output_options(plot=False)
def percentages(percentages: tuple[str, ...], answers: int, json_file: str | None) -> None:
    """Can these printed percentages come from so many answers? All are taken as rounded to the same decimals."""
    check_places(json_file)
    places = max(len(word.partition(".")[2]) for word in percentages)
    try:
        values = [float(word) for word in percentages]
    except ValueError as error:
        raise DataProblem("Percentages are numbers such as 37 or 37.5.") from error
    from frankpledge.analysis.survey import percentages_from

    show(percentages_from(values, answers, places=places), json_file=json_file)
