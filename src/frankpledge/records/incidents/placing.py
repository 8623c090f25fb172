"""Homes written beside the records of a batch, once their addresses are known: a new file, in one transaction.

Addresses never come here; only the property number, its position and its small area do.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
from django.db import transaction

from frankpledge.evidence.schema import SCHEMAS
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.incidents import quality, rules, selectors
from frankpledge.records.incidents.models import Batch, Catalogue
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import PlacePrecision, Shape
from frankpledge.vocabulary.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Home:
    """A home by its property number, where it stands (metres, British National Grid) and its small area."""

    uprn: str
    easting: float
    northing: float
    small_area: str


def with_homes(events: pa.Table, homes: Mapping[int, Home]) -> pa.Table:
    """``events`` with the homes of these lines, where the record names none. A position the record has is kept."""
    rows = events.to_pylist()
    for row in rows:
        home = homes.get(row["line"])
        if home is None or row["premises"]:
            continue
        row["premises"], row["place_precision"] = home.uprn, PlacePrecision.ADDRESS.value
        if row["easting"] is None or row["northing"] is None:
            row["easting"], row["northing"] = float(home.easting), float(home.northing)
        row["small_area"] = row["small_area"] or home.small_area
    return pa.Table.from_pylist(rows, schema=events.schema)


def place_rows(batch: Batch, homes: Mapping[int, Home], *, by: Actor) -> int:
    """Write the homes of these lines beside the records of a current batch; returns how many it changed.

    Raises RuleBroken when the batch is not in use or somebody else changed it meanwhile.
    """
    if not batch.is_current:
        raise RuleBroken(f"This batch is {batch.state}, so its records are in no figure. Nothing was placed.")
    shape = Shape(batch.shape)
    store = selectors.store()
    with store.writing():
        held_rows = store.read(batch.stored_file).cast(SCHEMAS[shape])
        lines, known = held_rows["line"].to_pylist(), held_rows["premises"].to_pylist()
        new = {line: homes[line] for line, home in zip(lines, known, strict=True) if line in homes and not home}
        if not new:
            return 0
        rows = with_homes(held_rows, new)
        told = json.dumps(sorted((line, home.uprn) for line, home in new.items()))
        mark = hashlib.sha256((batch.stored_mark + told).encode()).hexdigest()
        file = store.write(rows, content_sha256=mark, batch=batch.key, shape=shape)
        with transaction.atomic(durable=True):
            catalogue = Catalogue.objects.select_for_update().get(pk=selectors.CATALOGUE)
            held = Batch.objects.select_for_update().get(pk=batch.pk)
            if held.stored_mark != batch.stored_mark or not held.is_current:
                raise RuleBroken("Somebody else changed this batch meanwhile. It will be tried again.")
            catalogue.version = rules.without_batch(catalogue.version, held.stored_mark)
            held.stored_file, held.stored_sha256, held.store_bytes = file.name, file.sha256, file.bytes_
            held.stored_mark = mark
            held.quality = quality.measure_rows(rows, shape, held.period, held.quality["quarantine"])
            held.save()
            catalogue.version = rules.with_batch(catalogue.version, mark)
            catalogue.save(update_fields=["version"])
            audit.record(
                act=Act.ALTERATION,
                what=f"placed records at their homes: {len(new)}",
                subject=f"incidents:{held.key}",
                by=by,
                details={"lines": sorted(new)[:200]},
            )
    return len(new)
