"""What an analyst is offered for a file nobody has a profile for."""

from pathlib import Path

import pytest

from frankpledge.sources.profiles import Profile, Role, Room, preview
from frankpledge.sources.proposing import ProposedColumn, ProposedProfile, open_unknown, propose
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem
from tests.sources.books import Cell, SheetOf, xlsx

COUNCIL = (
    "Case Ref,Incident Type,Date Reported,Time,Easting,Northing,LSOA Code,Caller Name,Phone,What happened\n"
    + "".join(
        f"C{n},{kind},{n % 28 + 1:02d}/04/2025,{n % 24:02d}:15,{458_000 + n},{304_000 + n},E01025631,Mr A Smith {n},"
        f"07700 900{n:03d},They were shouting outside the shop again at number {n} and would not go\n"
        for n, kind in enumerate(["Noise nuisance", "FLYTIPPING", "Nuisance youths", "Graffitti", "Wombats"] * 8)
    )
)


def _proposed(data: bytes | str, name: str = "new.csv") -> ProposedProfile:
    return propose(open_unknown(data.encode() if isinstance(data, str) else data, name)[0], "council-new")


def _column(proposed: ProposedProfile, name: str) -> ProposedColumn:
    return next(one for one in proposed.columns if one.column.name == name)


def test_a_council_file_is_understood_from_names_and_values() -> None:
    proposed = _proposed(COUNCIL)
    assert proposed.shape is Shape.EVENTS
    roles = {one.column.role: one.column.name for one in proposed.columns if one.column.role}
    assert roles == {
        Role.REFERENCE: "Case Ref",
        Role.TYPE: "Incident Type",
        Role.FROM_DATE: "Date Reported",
        Role.FROM_TIME: "Time",
        Role.EASTING: "Easting",
        Role.NORTHING: "Northing",
        Role.SMALL_AREA: "LSOA Code",
    }
    assert all(0 < one.confidence < 1 and one.reason.endswith(".") for one in proposed.columns)


def test_what_looks_personal_is_private_and_none_of_it_is_shown() -> None:
    proposed = _proposed(COUNCIL)
    for name, room in (("Caller Name", Room.PEOPLE), ("Phone", Room.PEOPLE), ("What happened", Room.NOWHERE)):
        one = _column(proposed, name)
        assert (one.column.private, one.column.goes_to, one.examples) == (True, room, ())
    assert "Smith" not in str(proposed)


def test_words_are_mapped_by_likeness_and_the_unknown_ones_are_asked_about() -> None:
    proposed = _proposed(COUNCIL)
    meant = {code.word: code.crime_type for code in proposed.codes}
    assert meant == {
        "Noise nuisance": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
        "FLYTIPPING": CrimeType.ENVIRONMENTAL_CRIME,
        "Nuisance youths": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
        "Graffitti": CrimeType.ENVIRONMENTAL_CRIME,
        "Wombats": None,
    }
    assert any("1 of 5 words" in note for note in proposed.notes)


def test_the_proposal_is_a_profile_that_can_be_tried_and_saved() -> None:
    profile = _proposed(COUNCIL).profile
    assert profile is not None
    shown = preview(Profile.from_dict(profile.as_dict()), COUNCIL.encode(), rows=20, name="new.csv")
    assert len(shown.rows) == 20
    assert (shown.balance.read, shown.balance.stored, shown.balance.quarantined) == (40, 32, 8)
    assert "Smith" not in str(shown)


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["14/03/25", "15/03/25"], "dd/mm/yy"),
        (["2025-03-14", "2025-03-15"], "yyyy-mm-dd"),
        (["14 Mar 2025", "15 March 2025"], "dd Mmm yyyy"),
        (["45730", "45731"], "spreadsheet day number"),
        (["14/03/2025 22:15", "15/03/2025 01:00"], "dd/mm/yyyy HH:MM"),
        (["03/14/2025", "03/15/2025"], "mm/dd/yyyy"),
        (["14/03/2025", "2025-03-14"], "dd/mm/yyyy or yyyy-mm-dd"),
    ],
)
def test_how_dates_are_written(values: list[str], form: str) -> None:
    proposed = _proposed("Ref,Offence,Date\n" + "".join(f"R{n},Burglary,{value}\n" for n, value in enumerate(values)))
    assert _column(proposed, "Date").column.format == form


def test_a_table_with_a_column_for_each_month_is_counts() -> None:
    proposed = _proposed("Offence,Ward code,Apr-25,May-25,Jun-25\nBurglary,E05005443,3,4,5\nRobbery,E05005443,0,1,0\n")
    assert (proposed.shape, proposed.lacking) == (Shape.COUNTS, ())
    assert "3 columns are named by months" in proposed.shape_reason
    assert proposed.profile is not None and proposed.profile.period.said_by == "columns"


def test_a_survey_and_a_list_of_addresses() -> None:
    survey = _proposed(
        "ID,Completed,Safe by day,Safe after dark,Council deals with it\n"
        + "".join(f"{n},0{n}/06/2025,Very safe,Fairly safe,Strongly agree\n" for n in range(1, 9))
    )
    assert survey.shape is Shape.ANSWERS
    homes = _proposed(
        "UPRN,Address,Postcode\n100000000123,1 High Street,LE16 7AA\n100000000124,2 High Street,LE16 7AB\n"
    )
    assert homes.shape is Shape.PREMISES
    assert {one.column.role for one in homes.columns} == {Role.PREMISES, Role.ADDRESS, Role.POSTCODE}


def test_a_header_below_notes_in_a_spreadsheet_is_found() -> None:
    rows: list[list[Cell]] = [
        ["Incidents, June"],
        ["Draft"],
        ["Ref", "Offence", "Date"],
        ["1", "Burglary", "14/03/2025"],
    ]
    proposed = _proposed(xlsx({"S": SheetOf(rows)}), "new.xlsx")
    assert [one.column.name for one in proposed.columns] == ["Ref", "Offence", "Date"]


def test_what_is_missing_is_said_in_words() -> None:
    proposed = _proposed("Ref,Colour\n1,red\n2,blue\n3,red\n")
    assert proposed.profile is None
    assert any("No column says when" in line for line in proposed.lacking)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"just one line of text\n", b"1,2\n3,4\n"])
def test_what_is_no_table_is_one_sentence(data: bytes) -> None:
    with pytest.raises(DataProblem) as refused:
        open_unknown(data, "new.csv")
    assert "\n" not in refused.value.sentence


def test_the_real_rescues_are_understood_though_they_are_dirty(shared: Path) -> None:
    unknown = open_unknown(shared / "data/partner/london_fire_brigade_animal_rescues_2009_2021.csv.gz")[0]
    proposed = propose(unknown, "rescues")
    assert _column(proposed, "date_time of call").column.format == "dd/mm/yyyy HH:MM"
    assert _column(proposed, "final description").column.private
    assert _column(proposed, "street").column.goes_to is Room.PLACES
    assert proposed.profile is not None and set(proposed.profile.empty_words) == {"NULL", "NA"}


@pytest.mark.parametrize(
    "file",
    ["recorded_crime_by_force_quarter_2017_18.csv.gz", "met_police_borough_month_2023-12_2025-11.csv.gz"],
)
def test_what_is_proposed_for_a_published_table_reads_every_row_of_it(shared: Path, file: str) -> None:
    path = shared / "data/recorded_crime" / file
    proposed = propose(open_unknown(path)[0], "as-proposed")
    assert proposed.profile is not None, proposed.lacking
    shown = preview(proposed.profile, path)
    assert (shown.balance.quarantined, shown.refusals) == (0, ())
    assert shown.balance.stored == shown.balance.read > 20_000
