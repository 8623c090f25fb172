"""Made-up deliveries, for tests of the catalogue."""

import hashlib

from frankpledge.vocabulary.deliveries import Balance, Delivery, RejectedRow, RowFault
from frankpledge.vocabulary.periods import Month, MonthSpan
from tests.evidence.events import made_up_events

OCTOBER = Month(2022, 10)


def rejected_row(line: int, fault: RowFault = RowFault.POSITION_IN_THE_SEA, raw: str = "a,b,c") -> RejectedRow:
    return RejectedRow("2022-10-aldershire-street.csv", line, "Longitude", fault, "It lies in the sea.", raw)


def delivery(
    month: Month = OCTOBER,
    *,
    last: Month | None = None,
    rows: int = 50,
    edition: int = 1,
    publisher: str = "aldershire",
    source: str = "police-uk-street",
    rejected: tuple[RejectedRow, ...] = (),
    duplicates: int = 0,
    file: str | None = None,
) -> Delivery:
    """A delivery whose content is decided by the period, the publisher, the number of rows and the ``edition``."""
    events = made_up_events(rows, month=month, seed=month.number * 100 + edition)
    content = hashlib.sha256(
        f"{source} {publisher} {month} {last} {rows} {edition} {len(rejected)}".encode()
    ).hexdigest()
    return Delivery(
        source=source,
        publisher=publisher,
        publisher_name=f"{publisher.capitalize()} Police",
        period=MonthSpan(month, last or month),
        file=file or f"{month}-{publisher}-street.csv",
        file_sha256=hashlib.sha256(f"file {content}".encode()).hexdigest(),
        content_sha256=content,
        events=events,
        rejected=rejected,
        duplicates=duplicates,
        balance=Balance(rows + len(rejected) + duplicates, rows, len(rejected), duplicates),
    )
