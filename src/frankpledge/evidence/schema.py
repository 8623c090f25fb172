"""The Arrow form of the one table in the middle, built from the words in ``vocabulary.columns``."""

import pyarrow as pa

from frankpledge.vocabulary.columns import BATCH_COLUMN, EVENT_COLUMNS

_ARROW_TYPES: dict[str, pa.DataType] = {
    "int32": pa.int32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "date32": pa.date32(),
    "timestamp_us_utc": pa.timestamp("us", tz="UTC"),
}

EVENT_SCHEMA = pa.schema([pa.field(name, _ARROW_TYPES[kind]) for name, kind in EVENT_COLUMNS.items()])
"""What a source delivers."""

STORED_SCHEMA = pa.schema([pa.field(BATCH_COLUMN, pa.string(), nullable=False), *EVENT_SCHEMA])
"""What a file of the store holds: the same, with the key of the batch in front."""
