"""Tables of this room: batches, rows in quarantine, uploads waiting to be read, source profiles, who owes what when."""

from django.db import models
from django.db.models import F, Q

from frankpledge.records.incidents.vocabulary import BatchState, RowState, UploadState
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.periods import Month, MonthSpan

KEY_LENGTH = 220
FILE_LENGTH = 300
NAME_LENGTH = 200
COLUMN_LENGTH = 120
_UNFINISHED = [UploadState.WAITING.value, UploadState.ASKING.value]
_CURRENT, _SUPERSEDED, _WITHDRAWN = BatchState.CURRENT.value, BatchState.SUPERSEDED.value, BatchState.WITHDRAWN.value


class Catalogue(models.Model):
    """One row: the version of the set of current batches. Whoever changes the set locks this row first."""

    version = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="incidents_catalogue_is_single")]

    def __str__(self) -> str:
        return self.version


class Batch(models.Model):
    """One accepted delivery: a publisher's period from a source. Its content never changes; its state does."""

    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    source = models.CharField(max_length=60)
    publisher = models.CharField(max_length=60)
    publisher_name = models.CharField(max_length=NAME_LENGTH)
    # First days of the first and last month, both included.
    first_month = models.DateField()
    last_month = models.DateField()
    file = models.CharField(max_length=FILE_LENGTH)
    file_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    stored_file = models.CharField(max_length=255, unique=True)
    stored_sha256 = models.CharField(max_length=64)
    store_bytes = models.BigIntegerField()
    rows_read = models.PositiveIntegerField()
    rows_stored = models.PositiveIntegerField()
    rows_quarantined = models.PositiveIntegerField()
    rows_refused = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField()
    # What its rows are: events one by one, counts, premises or answers.
    shape = models.CharField(max_length=10, default=Shape.EVENTS.value)
    # Whose records they are and of which class; no class means published openly. An agency is another room: no key.
    data_class = models.CharField(max_length=60, blank=True)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    agreement = models.CharField(max_length=NAME_LENGTH, blank=True)
    profile = models.CharField(max_length=NAME_LENGTH, blank=True)
    # The columns of the file, in its order: what the cells of a row in quarantine are called.
    header = models.JSONField(default=list)
    # What is stored, as the store's version counts it: the delivery's content, and the rows released since.
    stored_mark = models.CharField(max_length=64)
    quality = models.JSONField()
    legal_basis = models.CharField(max_length=NAME_LENGTH)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in BatchState])
    # By key, not by number: the old batch must name the new one before the new one may become current.
    superseded_by = models.ForeignKey(
        "self", to_field="key", null=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    received_at = models.DateTimeField()
    # Who, as the audit trail names them. No foreign key: a person may leave, what they sent stays.
    received_by_id = models.BigIntegerField(null=True)
    received_by_name = models.CharField(max_length=NAME_LENGTH)
    current_since = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ["source", "publisher", "-first_month", "-current_since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    rows_read=F("rows_stored") + F("rows_quarantined") + F("rows_refused") + F("rows_duplicate")
                ),
                name="incidents_batch_balances",
            ),
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")), name="incidents_batch_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state=_CURRENT, superseded_by__isnull=True, withdrawn_at__isnull=True)
                | Q(state=_SUPERSEDED, superseded_by__isnull=False, withdrawn_at__isnull=True)
                | (
                    Q(state=_WITHDRAWN, superseded_by__isnull=True, withdrawn_at__isnull=False)
                    & ~Q(withdrawn_because="")
                ),
                name="incidents_batch_state_is_explained",
            ),
            models.UniqueConstraint(
                fields=["source", "publisher", "first_month", "last_month"],
                condition=Q(state=_CURRENT),
                name="incidents_batch_one_current",
            ),
            models.UniqueConstraint(
                fields=["source", "publisher", "first_month", "last_month", "content_sha256"],
                name="incidents_batch_content_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "source", "publisher", "first_month"], name="incidents_batch_by_state")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def period(self) -> MonthSpan:
        """The months it covers."""
        return MonthSpan(Month.of(self.first_month), Month.of(self.last_month))

    @property
    def balance(self) -> Balance:
        """Rows read = stored + quarantined + duplicates. A refused row is one set aside for good."""
        return Balance(self.rows_read, self.rows_stored, self.rows_aside, self.rows_duplicate)

    @property
    def rows_aside(self) -> int:
        """Rows that wait in quarantine and those refused since."""
        return self.rows_quarantined + self.rows_refused

    @property
    def is_current(self) -> bool:
        """Figures are made from it."""
        return self.state == BatchState.CURRENT


class QuarantinedRow(models.Model):
    """One row that could not be used, as delivered, with the reason. May hold personal data: every look is recorded."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="quarantine")
    file = models.CharField(max_length=FILE_LENGTH)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=COLUMN_LENGTH, null=True)
    fault = models.CharField(max_length=80)
    sentence = models.TextField()
    raw = models.TextField()
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in RowState],
        default=RowState.WAITING.value,
    )
    # The cells a person changed (column -> its new text), and the row as it was stored in the end.
    corrected = models.JSONField(default=dict)
    stored_as = models.JSONField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    settled_because = models.TextField(blank=True)

    class Meta:
        ordering = ["batch", "line", "id"]
        indexes = [models.Index(fields=["batch", "state", "fault"], name="incidents_quarantine_by_fault")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RowState.WAITING.value, settled_at__isnull=True, stored_as__isnull=True)
                | Q(state=RowState.RELEASED.value, settled_at__isnull=False, stored_as__isnull=False)
                | (
                    Q(state=RowState.REFUSED.value, settled_at__isnull=False, stored_as__isnull=True)
                    & ~Q(settled_because="")
                ),
                name="incidents_quarantine_settled_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.fault}"


class Upload(models.Model):
    """A file somebody sent through the browser. Its bytes are kept only until it has been read."""

    name = models.CharField(max_length=FILE_LENGTH)
    folder = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in UploadState])
    job_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)
    received_by_name = models.CharField(max_length=NAME_LENGTH)
    finished_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)
    # What a person has to say before it goes on (an UploadQuestion), and what is shown with the question.
    question = models.CharField(max_length=60, blank=True)
    asked = models.JSONField(null=True)
    # Said meanwhile: newer editions may take the place of what is here.
    may_supersede = models.BooleanField(default=False)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=_UNFINISHED, finished_at__isnull=True)
                | (~Q(state__in=_UNFINISHED) & Q(finished_at__isnull=False)),
                name="incidents_upload_finished_unless_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class SourceProfile(models.Model):
    """How one partner's file becomes records: one version, never changed. The newest version of a name is in use."""

    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    label = models.CharField(max_length=NAME_LENGTH)
    body = models.JSONField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=NAME_LENGTH)
    note = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="incidents_profile_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="incidents_profile_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class Duty(models.Model):
    """A data set an agency owes for every quarter (Crime and Disorder (Prescribed Information) Regulations 2007)."""

    key = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=NAME_LENGTH)
    legal_basis = models.CharField(max_length=NAME_LENGTH)
    # The sources whose batches answer it; none while no profile reads such a file.
    sources = models.JSONField(default=list)
    agency_id = models.BigIntegerField(null=True)
    agency_name = models.CharField(max_length=NAME_LENGTH)
    email = models.EmailField(max_length=254, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["agency_name", "label"]
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="incidents_duty_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_name}: {self.label}"


class Reminder(models.Model):
    """A reminder that went out for one duty and quarter."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reminders")
    # The first day of the quarter that is owed.
    quarter = models.DateField()
    sent_to = models.EmailField(max_length=254)
    text = models.TextField()
    sent_at = models.DateTimeField()
    sent_by_id = models.BigIntegerField(null=True)
    sent_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["duty", "quarter"], name="incidents_reminder_by_quarter")]

    def __str__(self) -> str:
        return f"{self.duty_id}, {self.quarter}"
