"""Pictures of the methods for harm, surveys, targets, people and what may be published: the worked examples."""

from frankpledge.analysis.cohort import cohort_reoffending
from frankpledge.analysis.disclosure import suppress
from frankpledge.analysis.harm import crime_severity_score, weight_table
from frankpledge.analysis.people_overlap import prolific_few
from frankpledge.analysis.scan_matrix import Confidence, Criterion, ScoredIssue, scan_ranking
from frankpledge.analysis.survey import SurveyShare, survey_share_from_counts, wave_change
from frankpledge.analysis.targets import year_end
from frankpledge.reports import result_plots
from frankpledge.reports.plots import Measured, heat_table, interval_chart


def harm() -> str:
    """Three of the weights the Office for National Statistics printed in 2016."""
    weights = weight_table(
        {"homicide": 7979, "assault with injury (8N)": 184, "possession of cannabis": 3},
        name="Crime Severity Score",
        version="2016 research output",
    )
    counts = {"homicide": 2, "assault with injury (8N)": 500, "possession of cannabis": 300}
    return result_plots.harm(crime_severity_score(counts, weights, population=250_000))


def scan_matrix() -> str:
    """The worked example: five issues, and the ranks other weights would give."""
    ranking = scan_ranking(SCAN_ISSUES, SCAN_CRITERIA)
    rows = [
        Measured(issue.name, float(issue.rank or 0), float(issue.rank_low or 0), float(issue.rank_high or 0))
        for issue in ranking.issues
    ]
    firm = sum(issue.firm for issue in ranking.issues)
    return interval_chart(
        rows,
        title=f"{firm} of {len(rows)} ranks hold in four of five other sets of weights",
        description="A dot for each issue’s rank, on the line of the ranks nine in ten other weights give.",
        note="Weights drawn from a Dirichlet distribution around the chosen ones, 4,000 times.",
    )


SCAN_CRITERIA = (
    Criterion("harm", "harm", 30),
    Criterion("likelihood", "likelihood", 20),
    Criterion("trend", "trend", 15),
    Criterion("concern", "concern", 20),
    Criterion("capability", "room to act", 15),
)
SCAN_ISSUES = tuple(
    ScoredIssue(name, dict(zip(("harm", "likelihood", "trend", "concern", "capability"), scores, strict=True)), sure)
    for name, scores, sure in (
        ("Violence", (5, 5, 3, 4, 3), Confidence.MEDIUM),
        ("Burglary", (4, 3, 3, 5, 4), Confidence.HIGH),
        ("Anti-social behaviour", (2, 5, 3, 5, 4), Confidence.HIGH),
        ("Robbery", (4, 1, 3, 3, 3), Confidence.LOW),
        ("Vehicle crime", (2, 3, 3, 3, 3), Confidence.MEDIUM),
    )
)


def survey() -> str:
    """The worked example: two waves of one question."""
    before, after = survey_share_from_counts(48, 80), survey_share_from_counts(56, 70)
    return interval_chart(
        [_percent(f"{label} (n {wave.n})", wave) for label, wave in (("first wave", before), ("second wave", after))],
        title=str(wave_change(before, after).sentence()),
        description="Percentages of two waves with intervals.",
        note="Percentage of those who answered, the worked example; 95 % intervals.",
    )


def _percent(label: str, share: SurveyShare) -> Measured:
    lower = share.interval.lower
    return Measured(label, 100 * share.value, None if lower is None else 100 * lower, 100 * share.interval.upper)


def targets() -> str:
    """Where a year will end, as its quarters come in."""
    years = [[118, 96, 104, 131], [124, 92, 99, 127], [112, 95, 101, 122]]
    this = [104, 81, 88]
    ends = [year_end(years, this[:known]) for known in (1, 2, 3)]
    return interval_chart(
        [
            Measured(f"after quarter {known}", one.expected, one.interval.lower, one.interval.upper)
            for known, one in enumerate(ends, start=1)
        ],
        reference=400.0,
        title=str(ends[-1].sentence()),
        description="Expected count of the year after each quarter, with its range.",
        note="Expected count of a made-up year and its 95 % range, as quarters come in. Dotted: a target of 400.",
    )


def disclosure() -> str:
    """A small count, and what must be hidden with it."""
    found = suppress(
        [[3, 40, 50], [60, 70, 80], [55, 65, 75]],
        row_names=("North", "Mid", "South"),
        column_names=("under 18", "18 to 64", "65 and over"),
    )
    return heat_table(
        found.row_names + ("total",),
        found.column_names + ("total",),
        [
            [None if cell is None else float(cell) for cell in (*cells, total)]
            for cells, total in zip((*found.cells, found.column_totals), (*found.row_totals, found.total), strict=True)
        ],
        title=str(found.sentence()),
        description="A table with the cells that are hidden.",
        note="Only one cell is small (3); three more are hidden, or it could be worked out from the sums.",
    )


def people() -> str:
    """The worked example: few by number and few by harm."""
    who = ["first"] * 6 + ["second"] * 2 + ["third"]
    what = ["theft"] * 8 + ["wounding"]
    found = prolific_few(who, what, weights={"theft": 1.0, "wounding": 100.0}, few=1)
    names = ("first", "second", "third")
    harm = [sum(100.0 if offence == "wounding" else 1.0 for person, offence in zip(who, what, strict=True)
                if person == name) for name in names]  # fmt: skip
    return heat_table(
        [f"the {name} person" for name in names],
        ["% of the offences", "% of the harm"],
        [[100 * who.count(name) / len(who), 100 * one / sum(harm)] for name, one in zip(names, harm, strict=True)],
        title=str(found.sentence()),
        description="Share of the offences and of the harm of each of three people.",
        note="The worked example: a wounding weighs a hundred thefts.",
    )


def cohort() -> str:
    """The worked example, and the same shares in a cohort a tenth of the size."""
    found = {people: cohort_reoffending(k, people, predicted_share=231.5 / 2_999) for k, people in
             ((234, 2_999), (23, 300))}  # fmt: skip
    return interval_chart(
        [
            Measured(f"{people:,} people", one.ratio, one.interval.lower, one.interval.upper)
            for people, one in found.items()
        ],
        reference=1.0,
        title=str(found[2_999].sentence()),
        description="Ratios of actual to predicted re-offending with intervals.",
        note="Re-offenders over the number predicted; 95 % intervals. Below: the same in a cohort a tenth of the size. "
        "Dotted: as predicted.",
    )
