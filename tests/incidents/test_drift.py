"""Drift between a sender's files: fewer rows than usual, new words, a category renamed; the real trap too."""

import csv
import gzip

import pytest

from frankpledge.records.incidents import drift
from frankpledge.sources.profiles.changes import renamings
from frankpledge.vocabulary.periods import Month
from tests.conftest import SHARED

MAY = Month(2026, 5)
WARDS = SHARED / "data/recorded_crime/met_police_ward_month_2023-07_2025-06.csv.gz"


def series(**words):
    """Twelve months up to September 2026, each word with its counts."""
    months = [Month(2025, 10) + at for at in range(12)]
    return {month: {name: counts[at] for name, counts in words.items()} for at, month in enumerate(months)}


def test_fewer_rows_than_the_usual_april():
    others = {Month(2023, 4): 100, Month(2024, 4): 104, Month(2025, 4): 96, Month(2026, 3): 300}
    assert drift.change_of_rows(Month(2026, 4), 57, others) == "43 % fewer rows than the usual April"
    assert drift.change_of_rows(Month(2026, 4), 95, others) is None
    assert drift.change_of_rows(Month(2026, 4), 57, {Month(2025, 4): 100}) is None


def test_without_other_years_the_months_around_are_what_is_usual():
    others = {MAY - back: 200 for back in (1, 2, 3)}
    assert drift.change_of_rows(MAY, 300, others) == "50 % more rows than the months around it"


def test_a_category_renamed_in_may_is_told_from_a_fall_and_a_rise():
    found = renamings(
        series(
            **{
                "Rowdy behaviour": [50, 60, 55, 52, 58, 61, 60, 0, 0, 0, 0, 0],
                "Nuisance: personal behaviour": [0, 0, 0, 0, 0, 0, 3, 57, 62, 60, 55, 59],
                "Noise": [40, 42, 44, 40, 41, 39, 45, 44, 43, 42, 40, 41],
            }
        )
    )
    assert [(one.old, one.new, one.month) for one in found] == [
        ("Rowdy behaviour", "Nuisance: personal behaviour", MAY)
    ]
    assert found[0].sentence.startswith("In May 2026 “Rowdy behaviour” stops and “Nuisance: personal behaviour” starts")


@pytest.mark.parametrize(
    "new",
    [
        [0, 0, 0, 0, 0, 0, 0, 0, 57, 62, 60, 55],  # a month later
        [0, 0, 0, 0, 0, 0, 0, 400, 420, 390, 380, 410],  # seven times as many
        [50, 60, 55, 52, 58, 61, 60, 57, 62, 60, 55, 59],  # always there
    ],
)
def test_what_is_no_renaming_is_not_called_one(new):
    assert renamings(series(old=[50, 60, 55, 52, 58, 61, 60, 0, 0, 0, 0, 0], new=new)) == ()


def test_other_capitals_are_no_other_name_and_many_at_once_are_told_only_when_alike():
    before, after = [50] * 7 + [0] * 5, [0] * 7 + [50] * 5
    assert renamings(series(Arson=before, ARSON=after)) == ()
    found = renamings(series(**{"Burglary": before, "Arson": before, "Burglary, homes": after, "Shop theft": after}))
    assert [(one.old, one.new) for one in found] == [("Burglary", "Burglary, homes")]
    assert drift.new_words(series(Arson=before, ARSON=after), [MAY]) == ()


def test_a_new_word_is_told_once_three_months_went_before():
    months = series(known=[9] * 12, fresh=[0] * 7 + [4, 5, 6, 7, 8])
    assert drift.new_words(months, [MAY]) == ("fresh",)
    assert drift.new_words(months, [MAY + 1]) == ()
    assert drift.new_words(months, [Month(2025, 12)]) == ()
    assert "“fresh”" in drift.new_words_phrase(("fresh",))


@pytest.mark.skipif(not WARDS.exists(), reason="the real ward tables are not beside this repository")
def test_the_renamed_burglary_of_the_metropolitan_ward_tables_is_found():
    months: dict[Month, dict[str, float]] = {}
    with gzip.open(WARDS, "rt", encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            for name, count in row.items():
                if name.isdigit():
                    words = months.setdefault(Month(int(name[:4]), int(name[4:])), {})
                    words[row["MinorText"]] = words.get(row["MinorText"], 0) + float(count or 0)
    found = {(one.old, one.new): one.month for one in renamings(months)}
    assert found["BURGLARY IN A DWELLING", "BURGLARY - RESIDENTIAL"] == Month(2024, 3)
