"""Tables as CSV files that a spreadsheet opens without running anything in them."""

import csv
import io
from typing import Any

from frankpledge.analysis.results import Table

# A cell that begins with one of these may be taken for a formula (OWASP, "CSV Injection"); an apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(table: Table) -> str:
    """``table`` as CSV text with a header line. Numbers stay numbers; text that looks like a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in table.columns])
    writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return out.getvalue()


def safe_cell(value: Any) -> Any:
    """One cell: None is empty, a number is itself, text never starts a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
