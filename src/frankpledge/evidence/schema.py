"""The Arrow form of what the store holds, one schema for each shape, from the words in ``vocabulary.columns``."""

import pyarrow as pa

from frankpledge.vocabulary.columns import BATCH_COLUMN, COLUMNS_OF, Shape

_ARROW_TYPES: dict[str, pa.DataType] = {
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "string": pa.string(),
    "date32": pa.date32(),
    "timestamp_us_utc": pa.timestamp("us", tz="UTC"),
}

_BATCH = pa.field(BATCH_COLUMN, pa.string(), nullable=False)

# A list of premises bears addresses, and the store holds none: they go to the places room.
KEPT_OUT: dict[Shape, frozenset[str]] = {Shape.PREMISES: frozenset({"name", "address", "postcode"})}

SCHEMAS: dict[Shape, pa.Schema] = {
    shape: pa.schema(
        [pa.field(name, _ARROW_TYPES[kind]) for name, kind in columns.items() if name not in KEPT_OUT.get(shape, ())]
    )
    for shape, columns in COLUMNS_OF.items()
}
"""What the store takes of a delivery of each shape."""

EVENT_SCHEMA = SCHEMAS[Shape.EVENTS]
"""What a source delivers of events."""

STORED_SCHEMAS: dict[Shape, pa.Schema] = {shape: pa.schema([_BATCH, *schema]) for shape, schema in SCHEMAS.items()}
"""What a file of the store holds: the same, with the key of the batch in front."""

STORED_SCHEMA = STORED_SCHEMAS[Shape.EVENTS]
"""A file of events."""
