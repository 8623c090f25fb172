"""The story of an import: files are read one by one, each delivery is accepted or refused, and the sum is told.

Each delivery is a step that is whole in itself, so an import that was killed is simply begun again: what is already
there stays, what is missing is added.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frankpledge.delivery.area_schemes.services import looks as area_looks
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.records.alerts import services as alerts
from frankpledge.records.incidents import belonging, drift, quality, selectors, services
from frankpledge.records.incidents.editions import EditionChange
from frankpledge.records.incidents.rules import Check
from frankpledge.records.incidents.services import Acceptance
from frankpledge.records.incidents.vocabulary import OutcomeOfDelivery, UploadQuestion, UploadState
from frankpledge.records.indicators import services as indicators
from frankpledge.sources.profiles import Given, Profile, recognise
from frankpledge.sources.proposing import open_unknown
from frankpledge.sources.registry import read_any
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import Balance, Delivery, Refusal
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.workflows.place_addresses import Placed, ask_about, placed
from frankpledge.workflows.tell_people import tell_people, tells_names

Progress = Callable[[str], None]
MOST_REMARKS = 12  # of a kind in a report; the rest are counted


@dataclass
class ImportReport:
    """What became of every file. ``acceptances`` and ``refusals`` stand in the order they were read."""

    acceptances: list[Acceptance] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    balance: Balance = field(default_factory=Balance)
    files: set[str] = field(default_factory=set)
    # What newer editions change of what is (or was) here, by batch; and those that wait for a person's yes.
    replacements: dict[str, EditionChange] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def outcomes(self) -> Counter[OutcomeOfDelivery]:
        """How many deliveries ended in which way."""
        return Counter(acceptance.outcome for acceptance in self.acceptances)

    def balance_line(self) -> str:
        """``read 301,838 = stored 301,838 + quarantined 0 + duplicates 0``, over everything that was read."""
        sums = self.balance
        return (
            f"read {sums.read:,} = stored {sums.stored:,} + quarantined {sums.quarantined:,} "
            f"+ duplicates {sums.duplicates:,}"
        )

    def lines(self) -> list[str]:
        """The report in plain text: the sum, what became of the deliveries, and how good they are."""
        if not self.acceptances:
            return [refusal.sentence for refusal in self.refusals]
        return [self.balance_line(), *self._outcome_lines(), *self._refusal_lines(), *_quality_lines(self._once_each())]

    def as_dict(self) -> dict[str, Any]:
        """The report for machines. Holds no content of any row."""
        return {
            "rows": {
                "read": self.balance.read,
                "stored": self.balance.stored,
                "quarantined": self.balance.quarantined,
                "duplicates": self.balance.duplicates,
            },
            "batches": [
                {
                    "key": acceptance.batch.key,
                    "outcome": acceptance.outcome.value,
                    "rows": acceptance.batch.rows_stored,
                    "replaces": acceptance.replaced.key if acceptance.replaced else None,
                }
                for acceptance in self.acceptances
            ],
            "asked": self.asked,
            "refusals": [{"file": refusal.file, "sentence": refusal.sentence} for refusal in self.refusals],
            "lines": self.lines(),
        }

    def _once_each(self) -> list[Acceptance]:
        """The acceptances without repeats of the same batch."""
        return list({acceptance.batch.key: acceptance for acceptance in self.acceptances}.values())

    def _outcome_lines(self) -> Iterator[str]:
        counts = self.outcomes
        words = {
            OutcomeOfDelivery.STORED: "new",
            OutcomeOfDelivery.SUPERSEDED: "in place of an earlier edition",
            OutcomeOfDelivery.CAME_BACK: "back in use",
            OutcomeOfDelivery.ALREADY_HERE: "already here, nothing new",
        }
        parts = [f"{counts[outcome]:,} {word}" for outcome, word in words.items() if counts[outcome]]
        total = len(self.acceptances)
        yield f"{total:,} {'batch' if total == 1 else 'batches'}: {'; '.join(parts)}."
        again = [line for a in self.acceptances if a.replaced for line in self._replacement_lines(a)]
        yield from _at_most(again, "months were sent again")

    def _replacement_lines(self, acceptance: Acceptance) -> Iterator[str]:
        yield acceptance.sentence()
        if change := self.replacements.get(acceptance.batch.key):
            yield f"  {change.sentence} {' '.join(change.type_sentences())}".rstrip()

    def _refusal_lines(self) -> Iterator[str]:
        told = [f"Not used: {refusal.sentence}" for refusal in self.refusals]
        yield from _at_most(told, "files were not used")


def import_paths(
    paths: Sequence[Path], *, by: Actor, progress: Progress | None = None, ask: bool = False, given: Given | None = None
) -> ImportReport:
    """Read every file of ``paths`` (files, archives, folders) into the store and tell what became of each.

    With ``ask``, a newer edition of a period that is here does not take its place: what it would change is told in
    ``report.asked``, and a person decides. ``given``: whose files they are and of which month, where they do not say.

    A file that cannot be used, and a delivery a rule refuses, is a refusal in the report; the others go on. Files left
    by an import that was killed are swept first. Each delivery is one transaction of its own.
    """
    services.sweep_store()
    tell = progress or _silence
    report = ImportReport()
    saved = list(belonging.saved_profiles().values())
    for found in read_any(list(paths), saved=saved, given=given):
        if isinstance(found, Refusal):
            report.refusals.append(found)
            tell(found.sentence)
        else:
            _accept(found, report, by, tell, ask=ask, path=_file_of(found, paths))
    return report


def follow_up(by: Actor) -> None:
    """What follows when evidence has come in: alerts, figures and hot spots are worked out again, by the worker."""
    alerts.look_again(by=by)
    indicators.compute_after_import()
    area_looks.look_again(by=by)


def import_upload(context: JobContext, upload_id: int) -> dict[str, Any]:
    """The job "import incidents": read an uploaded file and erase its bytes. Safe to do again after a kill.

    Raises DataProblem with the sentences of all refusals when nothing of the file could be used.
    """
    upload = selectors.upload(upload_id)
    if upload is None:
        raise DataProblem("This upload is no longer here.", remedy="Add the file again.")
    if upload.state != UploadState.WAITING:
        services.finish_upload(upload, state=UploadState(upload.state), report=upload.report or {}, by=context.by)
        return upload.report or {}
    told = 0

    def tell(line: str) -> None:
        nonlocal told
        told += 1
        context.log(line)
        # How much is still to come is not known before it is read, so the bar only ever nears its end.
        context.progress(95 * told / (told + 5), line)

    services.sweep_uploads(by=Actor.system("import"))
    path = selectors.upload_path(upload)
    given = _given(upload.asked or {})
    report = import_paths([path], by=context.by, progress=tell, ask=not upload.may_supersede, given=given)
    if report.asked:
        return _ask(upload, UploadQuestion.SUPERSEDE, {"editions": report.asked}, report, context)
    if not report.acceptances and belonging.may_manage_profiles(context.by) and _is_new(path):
        return _ask(upload, UploadQuestion.COLUMNS, {}, report, context)
    state = UploadState.IMPORTED if report.acceptances else UploadState.REFUSED
    services.finish_upload(upload, state=state, report=report.as_dict(), by=context.by)
    if not report.acceptances:
        raise DataProblem(
            " ".join(refusal.sentence for refusal in report.refusals[:3]) or "The file holds nothing to read."
        )
    for line in report.lines():
        context.log(line)
    follow_up(context.by)
    return report.as_dict()


def _given(asked: Mapping[str, Any]) -> Given | None:
    """What the sender said of the file on its page: the month it is about."""
    month = asked.get("given", {}).get("month")
    return Given(month=Month.parse(month)) if month else None


def _is_new(path: Path) -> bool:
    """Whether the file is a table that no profile knows: then a person can say what its columns mean."""
    try:
        if recognise(path, list(belonging.saved_profiles().values())) is not None:
            return False
        return bool(open_unknown(path))
    except DataProblem:
        return False


def _ask(
    upload: Any, question: UploadQuestion, asked: dict[str, Any], report: ImportReport, context: JobContext
) -> dict[str, Any]:
    """Leave the upload where it is until its sender has answered."""
    plain = report.as_dict()
    services.ask_about_upload(upload, question=question, asked=asked, report=plain, by=context.by)
    return {**plain, "question": question.value, "upload_id": upload.pk}


def _file_of(delivery: Delivery, paths: Sequence[Path]) -> Path | None:
    """The file a delivery was read from, None for a member of an archive: what is private in it can then be read."""
    for path in paths:
        for found in (path, path / delivery.file, path.parent / delivery.file):
            if found.is_file() and found.name == Path(delivery.file).name:
                return found
    return None


def _accept(
    delivery: Delivery, report: ImportReport, by: Actor, tell: Progress, *, ask: bool, path: Path | None
) -> None:
    profile = belonging.profile_of(delivery.source)
    homes = placed(delivery, path, profile) if path is not None else Placed(delivery)
    delivery = homes.delivery
    try:
        services.check_delivery(delivery, by=by)
        replaced = selectors.would_replace(delivery)
        change = selectors.change_against(replaced, delivery) if replaced else None
        if ask and replaced and change:
            report.asked.append({"batch": replaced.key, "file": delivery.file, "change": change.as_dict()})
            tell(f"{delivery.publisher_name}, {delivery.period.label}: sent again. {change.sentence}")
            return
        acceptance = services.accept_delivery(delivery, change=change, by=by)
    except RuleBroken as refused:
        report.refusals.append(Refusal(delivery.file, refused.sentence))
        tell(refused.sentence)
        return
    report.acceptances.append(acceptance)
    if change:
        report.replacements[acceptance.batch.key] = change
    report.balance += delivery.balance
    report.files.add(delivery.file)
    tell(acceptance.sentence())
    if asked := ask_about(homes, batch_key=acceptance.batch.key, by=by):
        tell(f"{delivery.publisher_name}, {delivery.period.label}: {asked:,} addresses to settle.")
    if path is not None and profile is not None:
        _tell_people(delivery, acceptance, path, profile, by, tell)


def _tell_people(
    delivery: Delivery, acceptance: Acceptance, path: Path, profile: Profile, by: Actor, tell: Progress
) -> None:
    """Names go to the people room, under the agency the batch belongs to; a file of nobody's names nobody."""
    owner = acceptance.batch.owner_id
    if owner is None or not tells_names(profile):
        return
    lines, known = delivery.events["line"].to_pylist(), delivery.events["premises"].to_pylist()
    homes = {line: home for line, home in zip(lines, known, strict=True) if home}
    taken = tell_people(path, profile, agency_id=owner, agency_name=acceptance.batch.owner_name, homes=homes, by=by)
    tell(f"{delivery.publisher_name}: {taken.told:,} persons, {taken.proposed:,} pairs to compare.")


def _quality_lines(accepted: Sequence[Acceptance]) -> Iterator[str]:
    """For each source and publisher how complete it is and what is missing, then what is unusual."""
    groups: dict[tuple[str, str], list[Acceptance]] = defaultdict(list)
    for one in accepted:
        groups[one.batch.source, one.batch.publisher].append(one)
    for (source, publisher), group in sorted(groups.items()):
        yield from _publisher_lines(source, publisher, group)
    remarks = [f"  {remark}" for remark in _remarks(accepted)]
    if remarks:
        yield "To look at:"
        yield from _at_most(remarks, "more figures are unusual")


def _remarks(accepted: Sequence[Acceptance]) -> Iterator[str]:
    """What changed and what is unusual: names changed and new words first, then for each figure of each publisher how
    often it is unusual, and where it is furthest from what is usual."""
    found: dict[tuple[str, str, str], list[tuple[MonthSpan, Check]]] = defaultdict(list)
    batches = [one.batch for one in accepted]
    reports = list(zip(batches, selectors.quality_reports(batches), strict=True))
    for batch, report in reports:
        yield from (f"{batch.publisher_name}: {renaming.sentence}" for renaming in report.renamings)
    for batch, report in reports:
        if report.new_words:
            yield f"{batch.publisher_name}, {batch.period.label}: {drift.new_words_phrase(report.new_words)}."
    for batch, report in reports:
        for check in report.unusual:
            found[batch.source, batch.publisher_name, check.label].append((batch.period, check))
    for (_, publisher_name, label), hits in found.items():
        period, furthest = max(hits, key=lambda hit: hit[1].distance)
        figure = f"{period.label} {furthest.shown}, usually {furthest.usual}"
        if len(hits) == 1:
            yield f"{publisher_name}, {label[0].lower()}{label[1:]}: {figure}."
        else:
            yield f"{publisher_name}, {label[0].lower()}{label[1:]}: unusual in {len(hits)} months, most in {figure}."


def _publisher_lines(source: str, publisher: str, group: Sequence[Acceptance]) -> Iterator[str]:
    batches = [one.batch for one in group]
    span = MonthSpan(min(batch.period.first for batch in batches), max(batch.period.last for batch in batches))
    rows = sum(batch.rows_stored for batch in batches)
    yield f"{belonging.words_of(source).label}, {batches[0].publisher_name}, {_period(span)}: {rows:,} rows"
    shares = quality.shares_of(Shape(batches[0].shape))
    totals = {label: sum(batch.quality.get(name, 0) for batch in batches) for name, label in shares.items()}
    yield f"  {', '.join(f'{100 * total / rows:.1f} % {_said_of_rows(label)}' for label, total in totals.items())}"
    faults: Counter[str] = Counter()
    for batch in batches:
        faults.update(batch.quality["quarantine"])
    for fault, count in faults.most_common():
        yield f"  in quarantine: {count:,} {fault}"
    present = selectors.months_present(source, [publisher]).get(publisher, set())
    missing = [month for month in span if month not in present]
    if missing:
        yield f"  missing: {', '.join(month.label for month in missing)}"


def _said_of_rows(label: str) -> str:
    """``with a position`` out of ``Rows with a position``."""
    return label.removeprefix("Rows ").lower()


def _period(span: MonthSpan) -> str:
    return span.first.label if len(span) == 1 else f"{span.first.label} to {span.last.label}"


def _at_most(lines: Sequence[str], rest: str) -> Iterator[str]:
    yield from lines[:MOST_REMARKS]
    if len(lines) > MOST_REMARKS:
        yield f"  and {len(lines) - MOST_REMARKS:,} {rest}."


def _silence(line: str) -> None:
    """Nobody listens."""
