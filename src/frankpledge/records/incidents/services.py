"""Named writes of the catalogue: a delivery is accepted, a batch withdrawn, an upload received.

How a delivery becomes current (``docs/evidence-store.md``): its events are written to a file that nobody reads yet;
then ONE transaction adds the catalogue row, its quarantined rows and its audit entry, and retires the batch it
replaces. Whoever is killed before the commit leaves a file that no row names, which the next import sweeps away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from frankpledge.evidence.raw_files import RawFile
from frankpledge.evidence.store import StoredFile
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.jobs.selectors import unfinished
from frankpledge.records.incidents import belonging, permissions, quality, rules, selectors
from frankpledge.records.incidents.editions import EditionChange
from frankpledge.records.incidents.models import (
    COLUMN_LENGTH,
    FILE_LENGTH,
    NAME_LENGTH,
    Batch,
    Catalogue,
    QuarantinedRow,
    SourceProfile,
    Upload,
)
from frankpledge.records.incidents.vocabulary import SOURCES, BatchState, OutcomeOfDelivery, UploadQuestion, UploadState
from frankpledge.sources.profiles import Profile, shipped
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import Delivery, RejectedRow
from frankpledge.vocabulary.errors import RuleBroken

IMPORT_JOB = "import incidents"
ROWS_AT_ONCE = 500
REASON_LENGTH = 2_000
UNANSWERED_FOR = timedelta(days=14)  # then an upload that asks something is erased
_WHY_ABANDONED = {
    UploadState.WAITING: "The work was stopped before the file was read. Nothing of it was kept.",
    UploadState.ASKING: "Nobody answered within fourteen days, so the file was erased. Add it again.",
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of a delivery. ``replaced`` is the batch it superseded, if any."""

    outcome: OutcomeOfDelivery
    batch: Batch
    replaced: Batch | None = None

    def sentence(self) -> str:
        """The outcome in words."""
        what = f"{self.batch.publisher_name}, {self.batch.period.label}"
        if self.outcome is OutcomeOfDelivery.ALREADY_HERE:
            return f"{what}: already here, nothing new."
        rows = f"{self.batch.rows_stored:,} rows"
        if self.replaced is not None:
            return f"{what}: {rows} in place of the {self.replaced.rows_stored:,} sent earlier."
        if self.outcome is OutcomeOfDelivery.CAME_BACK:
            return f"{what}: {rows}, withdrawn earlier, are back in use."
        return f"{what}: {rows} stored."


def check_delivery(delivery: Delivery, *, by: Actor) -> None:
    """Raise RuleBroken or NotPermitted for what ``accept_delivery`` would refuse for itself or its sender."""
    permissions.check_can_add(by)
    rules.check_acceptable(delivery)
    permissions.check_may_bring(delivery, by)


def accept_delivery(delivery: Delivery, *, change: EditionChange | None = None, by: Actor) -> Acceptance:
    """Make ``delivery`` the current batch of its publisher's period, whole or not at all.

    The same content again changes nothing. Other content for the same period supersedes what is there. Content that was
    superseded or withdrawn earlier may come back. Raises RuleBroken for a delivery without a usable row and for one
    whose months overlap another batch only in part; NotPermitted for a person who may not add evidence.

    ``change`` is what it changes of the edition it takes the place of: kept with the batch, for its page.

    Opens a transaction of its own and must not be called inside another: the lock that keeps sweepers away is held
    until that transaction is committed.
    """
    check_delivery(delivery, by=by)
    known = _same_content(delivery)
    if known is not None and known.is_current:
        return Acceptance(OutcomeOfDelivery.ALREADY_HERE, known)
    key = known.key if known is not None else _free_key(delivery)
    figures = quality.measure(delivery) | ({"change": change.as_dict()} if change else {})
    store = selectors.store()
    rows, mark = delivery.events, delivery.content_sha256
    if known is not None and known.stored_mark != mark:
        rows, mark = selectors.with_released_rows(rows, known), known.stored_mark
    with store.writing():
        file = store.write(rows, content_sha256=mark, batch=key, shape=Shape(delivery.shape))
        with transaction.atomic(durable=True):
            return _make_current(delivery, key, file, figures, by)


def _make_current(delivery: Delivery, key: str, file: StoredFile, figures: dict[str, Any], by: Actor) -> Acceptance:
    """The one transaction. The catalogue's row is locked first, so what is read here stays true until the commit."""
    catalogue = _locked_catalogue()
    known = _same_content(delivery)
    if known is not None and known.is_current:
        return Acceptance(OutcomeOfDelivery.ALREADY_HERE, known)
    held = list(Batch.objects.filter(source=delivery.source, publisher=delivery.publisher, state=BatchState.CURRENT))
    rules.check_overlap(
        delivery.period,
        [batch.period for batch in held],
        publisher_name=delivery.publisher_name,
        file=delivery.file,
    )
    replaced = next((batch for batch in held if batch.period == delivery.period), None)
    if replaced is not None:
        _supersede(replaced, key, catalogue, by)
    if known is None:
        outcome, batch = OutcomeOfDelivery.STORED, _new_batch(delivery, key, file, figures, by)
    else:
        outcome, batch = OutcomeOfDelivery.CAME_BACK, _bring_back(known, file)
    if replaced is not None:
        outcome = OutcomeOfDelivery.SUPERSEDED
    catalogue.version = rules.with_batch(catalogue.version, batch.stored_mark)
    catalogue.save(update_fields=["version"])
    _record_collection(batch, delivery, outcome, replaced, by)
    return Acceptance(outcome, batch, replaced)


def withdraw_batch(batch: Batch, *, because: str, by: Actor) -> Batch:
    """Take a current batch out of every figure, for a stated reason. The batch and its reason stay in the catalogue.

    The same content delivered again brings it back. Raises RuleBroken without a reason or for a batch that is not
    current, NotPermitted for a person who may not withdraw evidence.
    """
    permissions.check_can_withdraw(by)
    reason = storable(because).strip()
    if not reason:
        raise RuleBroken("Say why the batch is withdrawn.")
    if len(reason) > REASON_LENGTH:
        raise RuleBroken(f"Say why in at most {REASON_LENGTH:,} characters.")
    with transaction.atomic():
        catalogue = _locked_catalogue()
        batch = Batch.objects.get(pk=batch.pk)
        if not batch.is_current:
            raise RuleBroken(f"This batch is {batch.state} already, so it is in no figure.")
        batch.state = BatchState.WITHDRAWN
        batch.withdrawn_at = timezone.now()
        batch.withdrawn_by_name = storable(by.name)[:NAME_LENGTH]
        batch.withdrawn_because = reason
        batch.save(update_fields=["state", "withdrawn_at", "withdrawn_by_name", "withdrawn_because"])
        catalogue.version = rules.without_batch(catalogue.version, batch.stored_mark)
        catalogue.save(update_fields=["version"])
        audit.record(
            act=Act.ALTERATION,
            what=f"withdrew {batch.publisher_name}, {batch.period.label}",
            subject=f"incidents:{batch.key}",
            by=by,
            purpose=reason,
        )
    return batch


def receive_upload(*, chunks: Iterable[bytes], name: str, by: Actor) -> Upload:
    """Keep the bytes of an uploaded file until they are read, and start the job that reads them (``upload.job_id``).

    The bytes are on disk before the row is: an upload in the table can always be read. Raises DataProblem for a file
    that is empty or too large, NotPermitted for a person who may not add evidence; then nothing is kept.
    """
    permissions.check_can_add(by)
    raw_files = selectors.raw_files()
    raw = raw_files.receive(chunks, name=name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
    try:
        return _waiting_upload(raw, by)
    except BaseException:
        raw_files.discard(raw.folder)
        raise


@transaction.atomic
def _waiting_upload(raw: RawFile, by: Actor) -> Upload:
    upload = Upload.objects.create(
        name=raw.name,
        folder=raw.folder,
        sha256=raw.sha256,
        size_bytes=raw.size_bytes,
        state=UploadState.WAITING,
        received_at=timezone.now(),
        received_by_id=by.id,
        received_by_name=_fitting(by.name, NAME_LENGTH),
    )
    upload.job_id = jobs.start(IMPORT_JOB, {"upload_id": upload.pk}, by=by).pk
    upload.save(update_fields=["job_id"])
    audit.record(
        act=Act.COLLECTION,
        what="received a file to be read",
        subject=f"incidents:upload {upload.pk}",
        by=by,
        details={"file": raw.name, "sha256": raw.sha256, "size_bytes": raw.size_bytes},
    )
    return upload


def finish_upload(upload: Upload, *, state: UploadState, report: Mapping[str, Any], by: Actor) -> Upload:
    """Note what became of an upload and erase its bytes. Finishing it again changes nothing.

    The note is committed before the bytes go: killed between the two, a sweep takes them.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state in (UploadState.WAITING, UploadState.ASKING):
            upload.state, upload.report, upload.finished_at = state, dict(report), timezone.now()
            upload.save(update_fields=["state", "report", "finished_at"])
            audit.record(
                act=Act.ERASURE,
                what=f"erased the file as uploaded: {state.value}",
                subject=f"incidents:upload {upload.pk}",
                by=by,
            )
    selectors.raw_files().discard(upload.folder)
    return upload


def ask_about_upload(
    upload: Upload, *, question: UploadQuestion, asked: Mapping[str, Any], report: Mapping[str, Any], by: Actor
) -> Upload:
    """Note that a person has to say something before the upload goes on. Its bytes are kept until then."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        upload.state, upload.question = UploadState.ASKING, question
        upload.asked, upload.report = dict(asked), dict(report)
        upload.save(update_fields=["state", "question", "asked", "report"])
        audit.record(
            act=Act.ALTERATION,
            what=f"asked {question.value}",
            subject=f"incidents:upload {upload.pk}",
            by=by,
        )
    return upload


def continue_upload(
    upload: Upload, *, may_supersede: bool, given: Mapping[str, str] | None = None, by: Actor
) -> Upload:
    """Read an upload again after a person's answer; ``upload.job_id`` names the new work.

    Raises RuleBroken when it no longer waits for one, NotPermitted for anybody but who sent it.
    """
    permissions.check_is_sender(by, upload)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state != UploadState.ASKING:
            raise RuleBroken("This file no longer waits for an answer. Add it again if it is still needed.")
        upload.state, upload.question, upload.may_supersede = UploadState.WAITING, "", may_supersede
        upload.asked = {"given": dict(given)} if given else None
        upload.job_id = jobs.start(IMPORT_JOB, {"upload_id": upload.pk}, by=by).pk
        upload.save(update_fields=["state", "question", "asked", "may_supersede", "job_id"])
        audit.record(
            act=Act.ALTERATION,
            what="let newer editions take the place of what is here" if may_supersede else "said what the columns mean",
            subject=f"incidents:upload {upload.pk}",
            by=by,
        )
    return upload


def drop_upload(upload: Upload, *, by: Actor) -> Upload:
    """Erase an upload that waits for an answer: the person keeps what is here. NotPermitted for anybody else."""
    permissions.check_is_sender(by, upload)
    state = UploadState.IMPORTED if (upload.report or {}).get("batches") else UploadState.REFUSED
    return finish_upload(upload, state=state, report=upload.report or {}, by=by)


@transaction.atomic
def save_profile(*, body: Mapping[str, Any], note: str = "", by: Actor) -> SourceProfile:
    """Keep a source profile as the next version of its name. One that says the same as the newest is not kept twice.

    Raises DataProblem for a profile that cannot be right, RuleBroken for the name of one that ships and for one without
    sender, legal basis or class of data; NotPermitted for somebody who may not.
    """
    permissions.check_can_manage_profiles(by)
    profile = Profile.from_dict({**body, "version": 1})
    rules.check_profile(profile, taken=[*shipped(), *SOURCES])
    newest = SourceProfile.objects.select_for_update().filter(name=profile.name).first()
    version = newest.version + 1 if newest else 1
    plain = {**profile.as_dict(), "version": version}
    if newest and {**newest.body, "version": version} == plain:
        return newest
    kept = SourceProfile.objects.create(
        name=profile.name,
        version=version,
        label=_fitting(profile.label, NAME_LENGTH),
        body=plain,
        made_at=timezone.now(),
        made_by_id=by.id,
        made_by_name=_fitting(by.name, NAME_LENGTH),
        note=_fitting(note, NAME_LENGTH),
    )
    audit.record(
        act=Act.ALTERATION,
        what=f"saved source profile {kept}",
        subject=f"incidents:profile {profile.name}",
        by=by,
        details={
            "version": version,
            "private_columns": len(profile.private),
            "data_class": profile.data_class,
            "legal_basis": profile.legal_basis,
        },
    )
    return kept


def sweep_uploads(*, by: Actor) -> list[str]:
    """Erase uploads whose job ended without reading them (stopped, or failed for good), and files no upload names.

    Returns the folders removed.
    """
    alive = set(unfinished(IMPORT_JOB).values_list("pk", flat=True))
    abandoned = [upload for upload in selectors.uploads_waiting() if upload.job_id not in alive]
    long_ago = timezone.now() - UNANSWERED_FOR
    abandoned += list(selectors.uploads_asking().filter(received_at__lt=long_ago))
    for upload in abandoned:
        report = {"lines": [_WHY_ABANDONED[UploadState(upload.state)]]}
        finish_upload(upload, state=UploadState.REFUSED, report=report, by=by)
    kept = set(selectors.uploads_waiting().values_list("folder", flat=True))
    kept |= set(selectors.uploads_asking().values_list("folder", flat=True))
    return [upload.folder for upload in abandoned] + selectors.raw_files().sweep(kept)


def sweep_store() -> list[str]:
    """Remove event files that no batch names, left by imports that were killed. Returns their names."""
    return selectors.store().sweep(lambda: set(Batch.objects.values_list("stored_file", flat=True)))


def _locked_catalogue() -> Catalogue:
    """The catalogue's one row, locked: whoever changes which batches are current queues here."""
    Catalogue.objects.bulk_create(
        [Catalogue(pk=selectors.CATALOGUE, version=rules.EMPTY_VERSION)], ignore_conflicts=True
    )
    return Catalogue.objects.select_for_update().get(pk=selectors.CATALOGUE)


def _same_content(delivery: Delivery) -> Batch | None:
    return Batch.objects.filter(
        source=delivery.source,
        publisher=delivery.publisher,
        first_month=delivery.period.first.first_day,
        last_month=delivery.period.last.first_day,
        content_sha256=delivery.content_sha256,
    ).first()


def _free_key(delivery: Delivery) -> str:
    """The delivery's key; with a longer mark where another content has the short one."""
    lengths = range(rules.SHORTEST_MARK, len(delivery.content_sha256) + 1, 2)
    keys = [rules.batch_key(delivery, length) for length in lengths]
    taken = set(Batch.objects.filter(key__in=keys).values_list("key", flat=True))
    return next(key for key in keys if key not in taken)


def _supersede(batch: Batch, by_key: str, catalogue: Catalogue, by: Actor) -> None:
    """Retire ``batch``. The database checks that the batch it names exists when the transaction ends."""
    batch.state = BatchState.SUPERSEDED
    batch.superseded_by_id = by_key
    batch.save(update_fields=["state", "superseded_by"])
    catalogue.version = rules.without_batch(catalogue.version, batch.stored_mark)
    audit.record(
        act=Act.ALTERATION,
        what=f"superseded {batch.publisher_name}, {batch.period.label}",
        subject=f"incidents:{batch.key}",
        by=by,
        details={"superseded_by": by_key},
    )


def _new_batch(delivery: Delivery, key: str, file: StoredFile, figures: dict[str, Any], by: Actor) -> Batch:
    now = timezone.now()
    words = belonging.words_of(delivery.source)
    owner = belonging.owner_of(delivery.publisher_name, words, by)
    batch = Batch.objects.create(
        key=key,
        source=delivery.source,
        publisher=delivery.publisher,
        publisher_name=_fitting(delivery.publisher_name, NAME_LENGTH),
        first_month=delivery.period.first.first_day,
        last_month=delivery.period.last.first_day,
        file=_fitting(delivery.file, FILE_LENGTH),
        file_sha256=delivery.file_sha256,
        content_sha256=delivery.content_sha256,
        stored_file=file.name,
        stored_sha256=file.sha256,
        store_bytes=file.bytes_,
        rows_read=delivery.balance.read,
        rows_stored=delivery.balance.stored,
        rows_quarantined=delivery.balance.quarantined,
        rows_duplicate=delivery.balance.duplicates,
        quality=figures,
        legal_basis=_fitting(words.legal_basis, NAME_LENGTH),
        shape=Shape(delivery.shape).value,
        data_class=words.data_class,
        agreement=_fitting(words.agreement, NAME_LENGTH),
        profile=_fitting(delivery.profile, NAME_LENGTH),
        owner_id=owner[0] if owner else None,
        owner_name=owner[1] if owner else "",
        header=list(delivery.header),
        stored_mark=delivery.content_sha256,
        state=BatchState.CURRENT,
        received_at=now,
        received_by_id=by.id,
        received_by_name=_fitting(by.name, NAME_LENGTH),
        current_since=now,
    )
    rows = (_quarantined(batch, row) for row in delivery.rejected)
    QuarantinedRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return batch


def _bring_back(batch: Batch, file: StoredFile) -> Batch:
    """Content that was here before is current again. Why it had gone stands in the audit trail."""
    batch.state = BatchState.CURRENT
    batch.superseded_by = None
    batch.current_since = timezone.now()
    batch.withdrawn_at, batch.withdrawn_by_name, batch.withdrawn_because = None, "", ""
    # Written again if it was damaged on disk meanwhile.
    batch.stored_file, batch.stored_sha256, batch.store_bytes = file.name, file.sha256, file.bytes_
    batch.save()
    return batch


def _quarantined(batch: Batch, row: RejectedRow) -> QuarantinedRow:
    return QuarantinedRow(
        batch=batch,
        file=_fitting(row.file, FILE_LENGTH),
        line=row.line,
        column=None if row.column is None else _fitting(row.column, COLUMN_LENGTH),
        fault=row.fault.value,
        sentence=storable(row.sentence),
        raw=storable(row.raw),
    )


def _record_collection(
    batch: Batch, delivery: Delivery, outcome: OutcomeOfDelivery, replaced: Batch | None, by: Actor
) -> None:
    audit.record(
        act=Act.COLLECTION,
        what=f"received {belonging.words_of(batch.source).label} of {batch.publisher_name}, {batch.period.label}",
        subject=f"incidents:{batch.key}",
        by=by,
        details={
            "outcome": outcome.value,
            "file": storable(delivery.file),
            "file_sha256": delivery.file_sha256,
            "rows_stored": batch.rows_stored,
            "rows_quarantined": batch.rows_quarantined,
            "legal_basis": batch.legal_basis,
            "replaces": replaced.key if replaced else None,
        },
    )


def _fitting(text: str, length: int) -> str:
    """``text`` as a column of that length can keep it; of a long path its end, where the file's name stands."""
    return storable(text)[-length:]
