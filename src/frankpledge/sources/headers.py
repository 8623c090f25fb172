"""Recognising files by their first lines: which source a header belongs to, and what a file is that is no table."""

from collections.abc import Sequence

STREET_COLUMNS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
OUTCOMES_COLUMNS = (*STREET_COLUMNS[:9], "Outcome type")
STOP_AND_SEARCH_COLUMNS = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)

# Files that people have lying beside the right ones: the columns that give them away, and what to call them.
_OTHER_FILES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"crime_ref", "offence"}), "a police extract"),
    (frozenset({"report_ref", "category"}), "council anti-social behaviour reports"),
    (frozenset({"incident_no", "alarm_date"}), "fire service incidents"),
    (frozenset({"LAD17CD", "CSP17CD"}), "the ONS lookup from districts to partnerships and forces"),
    (frozenset({"LSOA11CD", "LSOA21CD"}), "the ONS lookup from 2011 to 2021 small areas"),
    (frozenset({"LSOA21CD", "WD24CD"}), "the ONS lookup from small areas to wards"),
    (frozenset({"LSOA Code", "Police_force"}), "the ONS lookup from small areas to forces"),
    (frozenset({"LSOA Code", "Households", "Persons"}), "census population and households"),
    (frozenset({"lsoa11_code", "households"}), "census 2011 households"),
    (frozenset({"lsoa21_code", "households"}), "census 2021 households"),
    (frozenset({"lsoa11_code", "IMD_rank"}), "the Index of Multiple Deprivation"),
    (frozenset({"lsoa11_code", "households_number_deprivation_dimensions"}), "census households by deprivation"),
    (frozenset({"ltla19_code", "Extent"}), "the Index of Multiple Deprivation by district"),
    (frozenset({"MajorText", "MinorText"}), "Metropolitan Police monthly counts"),
    (frozenset({"IncidentNumber", "CalYear"}), "London Fire Brigade incidents"),
)


def missing_columns(header: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The columns of ``wanted`` that ``header`` lacks, in order."""
    there = set(header)
    return [column for column in wanted if column not in there]


def likeness(header: Sequence[str], columns: Sequence[str]) -> float:
    """Share of ``columns`` that stand in ``header``, 0 to 1."""
    return 1 - len(missing_columns(header, columns)) / len(columns)


def other_file(header: Sequence[str]) -> str | None:
    """What a header of none of our record sources belongs to, in words; None when it is not known."""
    there = set(header)
    return next((words for columns, words in _OTHER_FILES if columns <= there), None)


def not_a_table(data: bytes) -> str | None:
    """Why these bytes are no CSV, as the end of a sentence that begins with the file's name; None when they may be."""
    start = data[:4096]
    if not data.strip(b"\xef\xbb\xbf\r\n\t ,\0"):
        return "is empty; download or export it again."
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or _every_second_is_nul(start):
        return "is written in UTF-16, not UTF-8; save it as “CSV UTF-8”."
    text = start.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in text[:1024]:
        return "is a web page (often an error page saved under the file's name), not data; download the file again."
    if text.startswith(b"<"):
        return "is XML, not CSV; export it as CSV."
    if text.startswith((b"{", b"[")):
        return "is JSON, not CSV; boundary files go with --areas, records must be CSV."
    known = {
        b"%PDF": "is a PDF document, not CSV; export the table as CSV.",
        b"\xd0\xcf\x11\xe0": "is an old office document, not CSV; open it and save the sheet as CSV (UTF-8).",
        b"PAR1": "is a Parquet file, not CSV; export it as CSV.",
        b"SQLite format 3": "is a database, not CSV; export the table as CSV.",
    }
    return next((words for magic, words in known.items() if start.startswith(magic)), None)


def _every_second_is_nul(start: bytes) -> bool:
    """UTF-16 without a byte order mark: Latin letters with a zero byte before or after each."""
    return len(start) >= 8 and max(start[0::2].count(0), start[1::2].count(0)) > 0.4 * len(start) // 2
