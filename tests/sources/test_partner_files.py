"""The real files of other publishers, each with a printed balance and every quirk it is known for."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from frankpledge.records.incidents.drift import new_words
from frankpledge.sources.profiles import shipped
from frankpledge.sources.profiles.changes import series_by_type, word_changes
from frankpledge.sources.registry import read_any
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import Balance, Delivery
from frankpledge.vocabulary.periods import Month, MonthSpan

FILES = [
    ("incidents/chicago_burglary_2014_2017.csv.gz", "chicago-burglary", 48, 45_319),
    ("incidents/washington_dc_burglary_2016_from_to.csv.gz", "washington-burglary", 6, 1_025),
    ("incidents/greater_manchester_burglary_by_month.csv.gz", "greater-manchester-points", 36, 92_666),
    ("incidents/nottingham_burglary.csv.gz", "nottingham-burglary", 12, 1_795),
    ("incidents/nottingham_robbery.csv.gz", "nottingham-robbery", 12, 555),
    ("partner/london_fire_brigade_animal_rescues_2009_2021.csv.gz", "london-animal-rescues", 149, 7_544),
    ("partner/northumbria_asb_2022.tab.gz", "northumbria-asb", 11, 39_706),
    ("partner/greater_manchester_gambling_premises.csv.gz", "gambling-premises", 1, 415),
    ("partner/fixmystreet/district_category_2019.csv.gz", "fixmystreet-district", 1, 5_220),
    ("recorded_crime/met_police_borough_month_2010-04_2021-07.csv.gz", "met-borough-counts", 136, 1_725 * 136),
    ("recorded_crime/met_police_borough_month_2023-12_2025-11.csv.gz", "met-borough-counts", 24, 1_056 * 24),
    ("recorded_crime/met_police_ward_month_2023-07_2025-06.csv.gz", "met-ward-counts", 24, 17_894 * 24),
    ("recorded_crime/recorded_crime_by_force_quarter_2017_18.csv.gz", "home-office-counts", 4, 23_068),
]


def _read(path: Path) -> list[Delivery]:
    found = list(read_any(path))
    assert all(isinstance(one, Delivery) for one in found), found
    deliveries = [one for one in found if isinstance(one, Delivery)]
    sums = sum((one.balance for one in deliveries), Balance())
    print(
        f"{path.name}: read {sums.read:,} = stored {sums.stored:,} + quarantined {sums.quarantined:,} "
        f"+ duplicates {sums.duplicates:,}"
    )
    return deliveries


def _rows(deliveries: list[Delivery]) -> pa.Table:
    return pa.concat_tables([delivery.events for delivery in deliveries])


@pytest.mark.parametrize(("file", "profile", "periods", "rows"), FILES)
def test_every_file_with_a_profile_goes_in_whole(
    shared: Path, file: str, profile: str, periods: int, rows: int
) -> None:
    deliveries = _read(shared / "data" / file)
    assert {delivery.profile for delivery in deliveries} == {f"{profile} 1"}
    assert len(deliveries) == len({delivery.period for delivery in deliveries}) == periods
    assert sum((delivery.balance for delivery in deliveries), Balance()) == Balance(rows, rows, 0, 0)


def test_fixmystreet_months_that_are_not_zero_padded(shared: Path) -> None:
    deliveries = [one for one in _read(shared / "data/partner/fixmystreet") if one.source == "fixmystreet"]
    assert [delivery.period.first.label for delivery in deliveries][:2] == ["December 2019", "January 2020"]
    assert len({delivery.period for delivery in deliveries}) == 13
    counts = _rows(deliveries)
    assert counts.num_rows == 280_375
    starts = Counter(code[0] for code in counts["area"].to_pylist())
    assert set(starts) > {"E", "W", "S"}  # Scottish data zones and Irish super output areas stand in it as they are
    kinds = dict(zip(counts["publisher_type"].to_pylist(), counts["crime_type"].to_pylist(), strict=True))
    assert (kinds["B26"], kinds["B14"], kinds["B28"]) == (
        "environmental-crime",
        "anti-social-behaviour",
        "street-fault",
    )


def test_chicago_lies_on_a_plane_of_its_own(shared: Path) -> None:
    events = _rows(_read(shared / "data/incidents/chicago_burglary_2014_2017.csv.gz"))
    assert pc.unique(events["place_precision"]).to_pylist() == ["local plane"]
    assert pc.unique(events["precision"]).to_pylist() == ["day"]
    assert events["small_area"].null_count == events.num_rows
    years = Counter(day.year for day in events["month"].to_pylist())
    assert years == {2014: 12_334, 2015: 10_858, 2016: 11_701, 2017: 10_426}


def test_washington_has_spans_some_without_an_end_in_feet(shared: Path) -> None:
    events = _rows(_read(shared / "data/incidents/washington_dc_burglary_2016_from_to.csv.gz")).sort_by("line")
    spans = pc.subtract(events["occurred_to"], events["occurred_from"])
    instants = pc.sum(pc.equal(events["occurred_from"], events["occurred_to"])).as_py()
    assert instants >= 37
    assert max(spans.to_pylist()).days == 116
    assert events["easting"][0].as_py() == pytest.approx(1_298_750.68335 * 1200 / 3937, abs=0.01)


def test_london_animal_rescues_as_dirty_as_they_come(shared: Path) -> None:
    deliveries = _read(shared / "data/partner/london_fire_brigade_animal_rescues_2009_2021.csv.gz")
    events = _rows(deliveries)
    assert events["reference"].null_count == 3_478  # "NA" is no number
    assert pc.unique(events["crime_type"]).to_pylist() == ["special-service-call"]
    animals = Counter(events["publisher_type"].to_pylist())
    assert (animals["Cat"], animals["cat"]) == (3_649, 17)  # as the brigade wrote it; both count alike
    assert "no property number in 1,183 rows" in deliveries[0].notes[-1]
    assert events["occurred_from"].null_count == 0 and events["easting"].null_count == 0
    told = str(deliveries[40].events.to_pylist())
    assert "Redacted" not in told and "Street" not in told


def test_northumbria_stops_in_november(shared: Path) -> None:
    deliveries = _read(shared / "data/partner/northumbria_asb_2022.tab.gz")
    assert [delivery.period.first.month for delivery in deliveries] == list(range(1, 12))
    assert deliveries[0].notes == ("Its cells are separated by tabs.",)


def test_gambling_premises_keep_their_small_area_and_drop_the_malformed_code(shared: Path) -> None:
    (delivery,) = _read(shared / "data/partner/greater_manchester_gambling_premises.csv.gz")
    assert delivery.shape is Shape.PREMISES
    assert delivery.events["kind"].null_count == 1
    assert Counter(delivery.events["kind"].to_pylist())["Betting Shop"] == 323
    assert "E0800006" not in delivery.events["ward"].to_pylist()


def test_the_two_borough_editions_make_one_series_of_burglary(shared: Path) -> None:
    folder = shared / "data/recorded_crime"
    early = _rows(_read(folder / "met_police_borough_month_2010-04_2021-07.csv.gz"))
    late = _rows(_read(folder / "met_police_borough_month_2023-12_2025-11.csv.gz"))
    for counts, words in (
        (early, {"Domestic Burglary", "Burglary Business and Community"}),
        (
            late,
            {
                "BURGLARY - RESIDENTIAL",
                "BURGLARY BUSINESS AND COMMUNITY",
                "RES BURGLARY OF A HOME",
                "RES BURGLARY OF UNCONNECTED BUILDING",
            },
        ),
    ):
        burglary = counts.filter(pc.equal(counts["crime_type"], "burglary"))
        assert set(pc.unique(burglary["publisher_type"]).to_pylist()) == words
    burglary = series_by_type(pa.concat_tables([early, late]))["burglary"]
    assert "RES BURGLARY OF A HOME" in new_words(burglary, MonthSpan(Month(2023, 12), Month(2025, 11)))
    nowhere = late.filter(pc.is_null(late["area"]))
    assert pc.unique(nowhere["area_level"]).to_pylist() == ["none"]  # airports and "Unknown" are no borough
    assert len(pc.unique(late["area"].drop_null())) == 32


def test_the_ward_table_says_that_burglary_changed_its_name(shared: Path) -> None:
    deliveries = _read(shared / "data/recorded_crime/met_police_ward_month_2023-07_2025-06.csv.gz")
    counts = _rows(deliveries)
    change = next(one for one in word_changes(counts) if one.crime_type == "burglary")
    assert (change.old, change.new, change.month.label) == (
        "BURGLARY IN A DWELLING",
        "BURGLARY - RESIDENTIAL",
        "March 2024",
    )
    told = {delivery.period.label: delivery.notes for delivery in deliveries if delivery.notes}
    assert list(told) == ["March 2024"]
    assert "either alone shows a false change" in told["March 2024"][0]
    burglary = counts.filter(
        pc.and_(pc.equal(counts["crime_type"], "burglary"), pc.match_substring(counts["publisher_type"], "BUSINESS"))
    )
    both = counts.filter(pc.is_in(counts["publisher_type"], pa.array([change.old, change.new])))
    months = both.group_by("month").aggregate([("n", "sum")]).sort_by("month")["n_sum"].to_pylist()
    assert min(months) > 0.5 * max(months)  # the series is whole through the change
    assert burglary.num_rows == 679 * 24
    assert pc.any(pc.equal(counts["area"], "E05013570")).as_py()  # the airports' pseudo-borough lies in a real ward


def test_the_home_office_quarters_take_back_what_was_counted_before(shared: Path) -> None:
    deliveries = _read(shared / "data/recorded_crime/recorded_crime_by_force_quarter_2017_18.csv.gz")
    assert [delivery.period.label for delivery in deliveries] == [
        "quarter to June 2017",
        "quarter to September 2017",
        "quarter to December 2017",
        "quarter to March 2018",
    ]
    counts = _rows(deliveries)
    assert pc.min(counts["n"]).as_py() == -45
    assert len(pc.unique(counts["area"].drop_null())) == 43
    assert set(pc.unique(counts.filter(pc.is_null(counts["area"]))["publisher_type"]).to_pylist()) >= {
        "Fraud: action fraud",
        "Fraud: CIFAS",
        "Fraud: UK Finance",
    }


def test_files_that_hold_no_records_are_refused_by_what_they_are(shared: Path) -> None:
    for name in ("crime_severity_trafford_gm_england.csv.gz", "offence_code_to_police_uk_category.csv.gz"):
        (refusal,) = read_any(shared / "data/recorded_crime" / name)
        assert not isinstance(refusal, Delivery)


def test_every_shipped_profile_of_a_real_publisher_was_tried_on_its_file() -> None:
    tried = {profile for _, profile, _, _ in FILES} | {"fixmystreet"}
    published = {
        profile.name
        for profile in shipped().values()
        if profile.legal_basis == "published" and not profile.reader and profile.publisher
    }
    assert published == tried
