"""What must be true of the catalogue and its store at any moment, and one word for everything that counts in them."""

import hashlib
import json

import pyarrow.parquet as pq

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.incidents import rules, selectors
from frankpledge.records.incidents.models import Batch, QuarantinedRow


def check_whole() -> None:
    """Every batch is whole: it balances, its file is there and reads, its quarantine and audit entry are there."""
    store = selectors.store()
    version = rules.EMPTY_VERSION
    for batch in Batch.objects.all():
        assert batch.balance.holds
        assert store.verify(batch.stored_file, batch.stored_sha256)
        table = pq.read_table(store.path(batch.stored_file), columns=["batch"])
        assert table.num_rows == batch.rows_stored
        assert table["batch"].unique().to_pylist() == [batch.key]
        assert QuarantinedRow.objects.filter(batch=batch).count() == batch.rows_quarantined
        assert AuditEntry.objects.filter(subject=f"incidents:{batch.key}", act="collection").exists()
        if batch.is_current:
            version = rules.with_batch(version, batch.content_sha256)
    assert selectors.store_version() == version


def state_hash() -> str:
    """Equal for equal catalogues and stores, whatever happened on the way."""
    columns = ["key", "state", "superseded_by", "stored_sha256", "rows_read", "rows_stored", "rows_quarantined"]
    batches = [[*row] for row in Batch.objects.order_by("key").values_list(*columns)]
    quarantine = [[*row] for row in QuarantinedRow.objects.order_by("batch__key", "line").values_list("line", "raw")]
    files = sorted(path.name for path in selectors.store().root.glob("*.parquet"))
    everything = [batches, quarantine, files, selectors.store_version()]
    return hashlib.sha256(json.dumps(everything).encode()).hexdigest()
