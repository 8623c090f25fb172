"""Source profiles: what each says, and what becomes of a partner's file that is read with it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from frankpledge.sources import profiles
from frankpledge.sources.handing_over import SCHEMA_OF
from frankpledge.sources.profiles import (
    Given,
    Profile,
    Role,
    Room,
    need_to_know,
    preview,
    read_with,
    recognise,
    shipped,
)
from frankpledge.sources.registry import read_any
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import SOURCE_LABELS, Balance, Delivery, Refusal, RowFault
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month

NAMES = list(shipped())


def _read(profile: Profile, text: str | bytes, name: str = "file.csv", given: Given | None = None) -> list[Delivery]:
    data = text.encode() if isinstance(text, str) else text
    found = list(read_with(profile, data, name, given=given))
    assert all(isinstance(one, Delivery) for one in found), found
    return [one for one in found if isinstance(one, Delivery)]


def _refused(profile: Profile, text: str | bytes, name: str = "file.csv") -> str:
    (found,) = read_with(profile, text.encode() if isinstance(text, str) else text, name)
    assert isinstance(found, Refusal), found
    return found.sentence


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_says_all_that_a_partnership_must_know(name: str) -> None:
    profile = shipped()[name]
    assert profile.name == name and profile.version == 1
    assert profile.legal_basis and profile.data_class and profile.agreement and profile.sent_by and profile.unit
    assert name in SOURCE_LABELS
    assert Profile.from_dict(json.loads(json.dumps(profile.as_dict()))) == profile


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_can_be_published_as_table_schema(name: str) -> None:
    schema = shipped()[name].as_table_schema()
    names = [field["name"] for field in schema["fields"]]
    assert names == list(shipped()[name].column_names)
    assert {field["type"] for field in schema["fields"]} <= {
        *("string", "number", "integer", "date", "datetime", "time", "yearmonth"),
    }


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "No Such Name"}, "small letters"),
    ({"version": 0}, "whole number from 1"),
    ({"version": "2"}, "cannot be used"),
    ({"shape": "poems"}, "poems"),
    ({"colour": "red"}, "“colour” is not a part of a profile"),
    ({"columns": []}, "no columns"),
    ({"columns": [{"name": "a"}, {"name": " A"}]}, "two of the same name"),
    ({"columns": [{"name": "a", "role": "soothsayer"}]}, "soothsayer"),
    ({"columns": [{"name": "a", "format": "tomorrow"}]}, "tomorrow"),
    ({"columns": [{"name": "who", "role": "reference", "private": True}]}, "private and may not become part of events"),
    ({"columns": [{"name": "a", "role": "count"}]}, "has no use for “count”"),
    ({"columns": [{"name": "d", "role": "outcome"}]}, "says nowhere when"),
    ({"publisher_type": ""}, "says nowhere what happened"),
    ({"codes": {"x": "sorcery"}}, "sorcery"),
    ({"period": {"said_by": "the moon"}}, "the moon"),
    ({"period": {"said_by": "rows", "pattern": "("}}, "cannot be used"),
    ({"period": {"said_by": "rows", "months": 7}}, "1, 3 or 12"),
    ({"format": 9}, "of format 9"),
]


@pytest.mark.parametrize(("change", "words"), WRONG)
def test_a_profile_that_cannot_be_right_is_refused_in_one_sentence(change: dict[str, Any], words: str) -> None:
    with pytest.raises(DataProblem) as refused:
        Profile.from_dict({**shipped()["void-homes"].as_dict(), **change})
    assert words in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_what_is_no_profile_at_all_is_refused() -> None:
    with pytest.raises(DataProblem):
        Profile.from_dict([])  # type: ignore[arg-type]
    with pytest.raises(DataProblem):
        Profile.from_dict({"name": "x"})


EXTRACT = (
    "Crime Number;HO Code;Date From;Date To;UPRN;Address;Postcode;Easting;Northing;Victim ID;Suspect ID;MO\n"
    "26/1/25;28E;14/03/2025 22:15;15/03/2025 06:40;100000000123;1 Secret Street;ZZ1 1ZZ;458000;304000;V1;S9;SECRETMO\n"
    "26/2/25;Shoplifting;2025-03-20;;1.00E+11;2 Secret Street;ZZ1 1ZZ;458,100;304,100;;;\n"
    "26/3/25;999Z;20/03/2025;;;3 Secret Street;ZZ1 1ZZ;;;;;\n"
)


def test_a_police_extract_by_its_offence_codes_with_its_columns_called_otherwise() -> None:
    """Semicolons, other names, two date forms, a UPRN that a spreadsheet cut short."""
    (delivery,) = _read(shipped()["police-recorded-crime"], EXTRACT, "recorded-crime-leicestershire.csv")
    assert delivery.balance == Balance(3, 2, 1, 0)
    assert (delivery.publisher_name, delivery.profile) == ("Leicestershire Police", "police-recorded-crime 1")
    first, second = delivery.events.to_pylist()
    assert (first["crime_type"], first["publisher_type"], first["premises"]) == ("burglary", "28E", "100000000123")
    assert first["occurred_from"] == datetime(2025, 3, 14, 22, 15, tzinfo=UTC)
    assert (second["crime_type"], second["precision"], second["premises"]) == ("shoplifting", "day", None)
    assert second["easting"] == 458100
    assert any("no property number in 1 row " in note for note in delivery.notes)
    (row,) = delivery.rejected
    assert row.fault is RowFault.UNKNOWN_CRIME_TYPE and "Secret" not in row.raw


def test_private_columns_go_to_their_own_room_and_nowhere_else() -> None:
    profile, data = shipped()["police-recorded-crime"], EXTRACT.encode()
    (delivery,) = _read(profile, data, "recorded-crime-leicestershire.csv")
    everything = str(delivery.events.to_pylist()) + str(delivery.rejected) + str(delivery.notes)
    for secret in ("SECRET", "Secret", "ZZ1", "V1", "S9"):
        assert secret not in everything
    (places,) = need_to_know(profile, data, Room.PLACES)
    assert places.column_names == ["line", "reference", "Address", "Postcode"]
    assert places.to_pylist()[0] == {
        "line": 2,
        "reference": "26/1/25",
        "Address": "1 Secret Street",
        "Postcode": "ZZ1 1ZZ",
    }
    (people,) = need_to_know(profile, data, Room.PEOPLE)
    first = people.to_pylist()[0]
    assert (first["line"], first["reference"]) == (2, "26/1/25")
    assert (first["Victim Reference"], first["Suspect Reference"]) == ("V1", "S9")
    assert "Address" not in first and "Modus Operandi" not in first
    assert list(need_to_know(profile, data, Room.NOWHERE)) == []
    assert "SECRETMO" not in str(places.to_pylist()) + str(people.to_pylist())


HEALTH = """outward_postcode,quarter,cause,admissions
LE16,2025 Q2,Assault,12
LE16,2025 Q2,Alcohol,<5
le17,2025 Q2,Drugs,*
LE16 7AA,2025 Q2,Assault,6
LE18,2025 Q5,Assault,6
LE19,2025 Q3,Assault,"1,204"
LE19,2025 Q3,Assault,£9
Total,,,99
"""


def test_health_counts_keep_a_withheld_number_unknown_and_never_nought() -> None:
    second, third = _read(shipped()["health-counts"], HEALTH, "health-counts-leicester-royal-infirmary.csv")
    assert (second.shape, second.period.label) == (Shape.COUNTS, "quarter to June 2025")
    assert second.events.schema == SCHEMA_OF[Shape.COUNTS]
    assert [(row["area"], row["n"], row["months"]) for row in second.events.to_pylist()] == [
        ("LE16", 12, 3),
        ("LE16", None, 3),
        ("LE17", None, 3),
    ]
    assert third.events["n"].to_pylist() == [1204]
    faults = {row.line: row.fault for delivery in (second, third) for row in delivery.rejected}
    assert faults == {
        5: RowFault.MALFORMED_POSTCODE,
        6: RowFault.IMPOSSIBLE_MONTH,
        8: RowFault.IMPOSSIBLE_NUMBER,
        9: RowFault.TOTAL_ROW,
    }
    assert second.balance + third.balance == Balance(8, 4, 4, 0)


def test_a_list_of_premises_as_things_stood_in_the_month_it_came() -> None:
    text = (
        "licence_no,premises_name,licence_type,address,postcode,granted_on,licence_holder\n"
        "L1,The Crown,Public house,1 High Street,LE16 7AA,01/02/2019,Ms SECRETNAME\nL2,,Shop,2 High Street,,,\n"
        "L1,The Crown,Public house,1 High Street,LE16 7AA,01/02/2019,Ms SECRETNAME\n"
    )
    profile = shipped()["licensed-premises"]
    given = Given(publisher="harborough-district-council", received=date(2025, 5, 6))
    (delivery,) = _read(profile, text, given=given)
    assert (delivery.shape, delivery.period.label) == (Shape.PREMISES, "May 2025")
    assert delivery.balance == Balance(3, 1, 1, 1)
    (row,) = delivery.events.to_pylist()
    assert (row["name"], row["kind"], row["from_date"]) == ("The Crown", "Public house", date(2019, 2, 1))
    assert "SECRET" not in str(delivery.events.to_pylist()) + str(delivery.rejected)


def test_survey_answers_one_row_an_answer_without_comments() -> None:
    text = (
        "respondent,completed_on,ward,weight,safe_day,safe_dark,comments\n"
        "1,02/06/2025,E05005443,1.25,Very safe,Fairly safe,SECRETCOMMENT\n2,03/06/2025,E05005443,x,Very safe,,\n"
    )
    (delivery,) = _read(shipped()["survey-answers"], text, "survey-answers-harborough-district-council.csv")
    assert delivery.balance == Balance(4, 2, 2, 0)
    assert [(row["question"], row["answer"], row["weight"]) for row in delivery.events.to_pylist()] == [
        ("safe_day", "Very safe", 1.25),
        ("safe_dark", "Fairly safe", 1.25),
    ]
    assert "SECRETCOMMENT" not in str(delivery)


def test_a_file_says_whose_it_is_or_the_person_who_adds_it_does() -> None:
    text = "property_ref,uprn,void_from,void_to\nV1,,01/04/2025,\n"
    profile = shipped()["void-homes"]
    assert "does not say whose it is" in _refused(profile, text)
    (delivery,) = _read(profile, text, given=Given(publisher="mercia-homes"))
    assert delivery.publisher_name == "Mercia Homes"
    (event,) = delivery.events.to_pylist()
    assert (event["crime_type"], event["precision"]) == (CrimeType.VOID_HOME, "day")
    assert not CrimeType.VOID_HOME.counted


def test_the_month_a_person_says_sets_rows_of_others_aside() -> None:
    text = "property_ref,uprn,void_from,void_to\nV1,,01/04/2025,\nV2,,01/05/2025,\n"
    given = Given(publisher="mercia-homes", month=Month(2025, 4))
    (delivery,) = _read(shipped()["void-homes"], text, given=given)
    assert [row.fault for row in delivery.rejected] == [RowFault.OTHER_MONTH]


def test_a_saved_profile_is_tried_before_the_shipped_ones(tmp_path: Path) -> None:
    own = Profile.from_dict(
        {
            **shipped()["void-homes"].as_dict(),
            "name": "our-voids",
            "version": 3,
            "publisher": "us",
            "publisher_name": "Us",
        }
    )
    path = tmp_path / "anything.csv"
    path.write_text("property_ref,uprn,void_from,void_to\nV1,,01/04/2025,\n")
    (delivery,) = read_any([path], saved=[own])
    assert isinstance(delivery, Delivery)
    assert (delivery.source, delivery.profile) == ("our-voids", "our-voids 3")
    found = recognise(path, saved=[own])
    assert found is not None and found.name == "our-voids"


def test_the_same_rows_read_by_another_version_are_another_delivery() -> None:
    text = "property_ref,uprn,void_from,void_to\nV1,,01/04/2025,\n"
    plain = shipped()["void-homes"].as_dict()
    keys = set()
    for version in (1, 2):
        (delivery,) = _read(Profile.from_dict({**plain, "version": version}), text, given=Given(publisher="us"))
        keys.add(delivery.content_sha256)
    assert len(keys) == 2


def test_an_extract_that_lost_its_reference_is_not_taken_for_a_list_of_addresses(tmp_path: Path) -> None:
    columns = [name for name in shipped()["police-extract"].column_names if name != "crime_ref"]
    path = tmp_path / "police-extract-brackenshire-2025-03.csv"
    path.write_text(",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n")
    (refusal,) = read_any(path)
    assert isinstance(refusal, Refusal)
    assert "looks like a police extract but lacks the column “crime_ref”" in refusal.sentence


def test_files_with_the_same_columns_are_told_apart_by_their_names(tmp_path: Path) -> None:
    text = "month,longitude,latitude,location,lsoa_code\n2022-01-01,-1.17,53.0,x,E01013893\n"
    for name, kind in (("our_burglary.csv", "burglary"), ("our_robbery.csv", "robbery")):
        (tmp_path / name).write_text(text)
        (delivery,) = read_any(tmp_path / name)
        assert isinstance(delivery, Delivery)
        assert delivery.events["crime_type"].to_pylist() == [kind]
    (tmp_path / "points.csv").write_text(text)
    (refusal,) = read_any(tmp_path / "points.csv")
    assert isinstance(refusal, Refusal)
    assert "its name does not say so" in refusal.sentence


def test_a_preview_shows_rows_and_faults_without_storing_anything() -> None:
    text = "property_ref,uprn,void_from,void_to\n" + "".join(f"V{n},,{n:02d}/04/2025,\n" for n in range(1, 32))
    shown = preview(shipped()["void-homes"], text.encode(), rows=20, name="void-homes-mercia-homes.csv")
    assert len(shown.rows) == 20
    assert shown.balance == Balance(31, 30, 1, 0)
    assert [row.line for row in shown.rejected] == [32]
    assert shown.periods == ("April 2025",)
    refused = preview(shipped()["void-homes"], b"a,b\n1,2\n", name="x.csv")
    assert refused.rows == () and refused.refusals


def test_words_that_differ_in_capitals_and_blanks_are_the_same_word_in_a_tidy_profile() -> None:
    text = (
        "MajorText, MinorText ,BoroughName,202504\nX,  theft FROM the   person,barnet,3\nX,Theft from person,Camden,\n"
    )
    (delivery,) = _read(shipped()["met-borough-counts"], text)
    assert delivery.balance == Balance(2, 1, 1, 0)
    (row,) = delivery.events.to_pylist()
    assert (row["area"], row["crime_type"], row["publisher_type"]) == (
        "E09000003",
        "theft-from-the-person",
        "theft FROM the   person",
    )


@pytest.mark.parametrize("name", [profile.name for profile in shipped().values() if not profile.reader])
def test_a_file_with_all_columns_of_a_profile_is_known_as_that_one(tmp_path: Path, name: str) -> None:
    """A police extract has all that a list of addresses needs, and must not pass as one."""
    columns = list(shipped()[name].column_names) + (["202504"] if shipped()[name].period.said_by == "columns" else [])
    words = {"northumbria-asb": "asb"}.get(name, name)
    path = tmp_path / f"{words}-somebody-2025-04.csv"
    path.write_text(",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n")
    found = recognise(path)
    assert found is not None and found.name == name


def test_a_column_nobody_knows_is_withheld_in_a_file_about_people() -> None:
    header = "property_ref,uprn,void_from,void_to,address,Tenant"
    text = f"{header}\nV1,,01/04/2025,,x,SECRETNAME\nV2,,never,,x,SECRETNAME\n"
    (delivery,) = _read(shipped()["void-homes"], text, "void-homes-mercia-homes.csv")
    assert "SECRETNAME" not in str(delivery)


def test_every_profile_but_those_with_readers_of_their_own_is_a_source() -> None:
    own = {profile.name for profile in shipped().values() if profile.reader}
    assert {source.name for source in profiles.sources(shipped().values())} == set(shipped()) - own
    assert all(profile.column(Role.TYPE) for profile in shipped().values() if profile.codes)
