"""Named writes of the plan: versions, priorities, objectives, targets, profiles, milestones, matrix, reviews.

Writes of its money are in ``money_services``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.text import slugify

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.plan import permissions, rules, selectors
from frankpledge.records.plan.models import (
    KEY,
    NAME,
    SENTENCE,
    AimLink,
    Milestone,
    MoneyCell,
    Objective,
    Plan,
    Priority,
    Profile,
    Review,
    StatedSum,
    Target,
    WiderAim,
)
from frankpledge.records.plan.vocabulary import (
    Aim,
    LinkWay,
    MilestoneState,
    PlanState,
    ReviewOutcome,
    TargetSense,
)
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.units import Unit

LONG = 4_000
Number = Decimal | int | float | None

# --- versions


@transaction.atomic
def add_plan(
    *,
    title: str,
    first_year: int,
    years: int = 3,
    area_name: str = "",
    aim: str = "",
    label: str = "",
    series: str = "",
    is_example: bool = False,
    document: str = "",
    by: Actor,
) -> Plan:
    """Begin a plan, as a draft. ``first_year``: 2024 for April 2024. Raises RuleBroken for years nobody plans."""
    permissions.check_can_edit_plan(by)
    rules.check_years(first_year, years)
    title = rules.needed(storable(title), NAME, "The plan’s title")
    found = Plan.objects.create(
        series=_free_series(series or title),
        title=title,
        label=rules.fitting(storable(label), NAME, "The version’s name"),
        area_name=rules.fitting(storable(area_name), NAME, "The area’s name"),
        aim=rules.fitting(storable(aim), LONG, "The aim"),
        first_year=first_year,
        years=years,
        is_example=is_example,
        document=rules.fitting(storable(document), SENTENCE, "The document"),
        made_at=timezone.now(),
        made_by_name=storable(by.name)[:NAME],
    )
    _note(Act.COLLECTION, f"began the plan “{found.title}”", found, by)
    return found


def _free_series(text: str) -> str:
    stem = slugify(text)[: KEY - 4] or "plan"
    taken = set(Plan.objects.filter(series__startswith=stem).values_list("series", flat=True))
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if name not in taken)


@transaction.atomic
def change_plan(*, plan: Plan, title: str, area_name: str, aim: str, label: str, by: Actor) -> Plan:
    """Correct what stands at the head of a plan."""
    permissions.check_can_edit_plan(by)
    plan = _locked(Plan, plan.pk)
    plan.title = rules.needed(storable(title), NAME, "The plan’s title")
    plan.area_name = rules.fitting(storable(area_name), NAME, "The area’s name")
    plan.aim = rules.fitting(storable(aim), LONG, "The aim")
    plan.label = rules.fitting(storable(label), NAME, "The version’s name")
    plan.save(update_fields=["title", "area_name", "aim", "label"])
    _note(Act.ALTERATION, "changed the head of the plan", plan, by)
    return plan


@transaction.atomic
def publish_plan(*, plan: Plan, by: Actor) -> Plan:
    """Make a draft the plan in force; the version before it is kept as superseded. Doing it again changes nothing."""
    permissions.check_can_edit_plan(by)
    plan = _locked(Plan, plan.pk)
    if plan.state == PlanState.CURRENT:
        return plan
    if plan.state == PlanState.SUPERSEDED:
        raise RuleBroken("A newer version took this one’s place. Begin a new version from it instead.")
    if not plan.priorities.exists():
        raise RuleBroken("A plan needs at least one priority before it can be put in force.")
    Plan.objects.filter(series=plan.series, state=PlanState.CURRENT.value).update(state=PlanState.SUPERSEDED.value)
    plan.state = PlanState.CURRENT.value
    plan.save(update_fields=["state"])
    _note(Act.ALTERATION, f"put version {plan.version} of the plan in force", plan, by)
    return plan


@transaction.atomic
def new_version(*, plan: Plan, label: str, by: Actor) -> Plan:
    """The yearly refresh: a draft that begins as a copy of ``plan``, money included; keys of priorities stay.

    Raises RuleBroken while another draft of the plan waits.
    """
    permissions.check_can_edit_plan(by)
    label = rules.needed(storable(label), NAME, "The version’s name")
    held = Plan.objects.select_for_update().filter(series=plan.series)
    if any(one.state == PlanState.DRAFT for one in held):
        raise RuleBroken("A draft of this plan waits already. Finish or publish it first.")
    newest = max(one.version for one in held)
    source = Plan.objects.get(pk=plan.pk)
    copy = _copied(source, version=newest + 1, label=label, state=PlanState.DRAFT.value)
    copy.made_at, copy.made_by_name = timezone.now(), storable(by.name)[:NAME]
    copy.save(update_fields=["made_at", "made_by_name"])
    _copy_priorities(source, copy)
    _copy_money(source, copy)
    _note(Act.COLLECTION, f"began version {copy.version}: {label}", copy, by, {"from": plan.pk})
    return copy


def _copied(row: Any, **changes: Any) -> Any:
    """A new row with the same fields but for ``changes``."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row).objects.create(**{**fields, **changes})


def _copy_priorities(source: Plan, copy: Plan) -> None:
    aims = {one.pk: _copied(one, plan_id=copy.pk) for one in source.wider_aims.all()}
    places: dict[int, int] = {}
    for priority in source.priorities.prefetch_related("objectives__targets__profile", "objectives__aim_links"):
        places[priority.pk] = (new := _copied(priority, plan_id=copy.pk)).pk
        for objective in priority.objectives.all():
            place = _copied(objective, priority_id=new.pk).pk
            for link in objective.aim_links.all():
                _copied(link, objective_id=place, aim_id=aims[link.aim_id].pk)
            for target in objective.targets.all():
                if not target.dropped:
                    _copy_target(target, place)
    for milestone in source.milestones.exclude(state=MilestoneState.DROPPED.value):
        _copied(milestone, plan_id=copy.pk, priority_id=places.get(milestone.priority_id or 0))


def _copy_target(target: Target, objective_id: int) -> None:
    new = _copied(target, objective_id=objective_id)
    Profile.objects.bulk_create(
        Profile(target=new, year=row.year, quarter=row.quarter, value=row.value) for row in target.profile.all()
    )


def _copy_money(source: Plan, copy: Plan) -> None:
    funds = {fund.pk: _copied(fund, plan_id=copy.pk).pk for fund in source.funds.all()}
    for line in source.money_lines.prefetch_related("cells", "spending"):
        new = _copied(line, plan_id=copy.pk, fund_id=funds.get(line.fund_id or 0))
        cells = [MoneyCell(line=new, year=c.year, quarter=c.quarter, amount=c.amount) for c in line.cells.all()]
        MoneyCell.objects.bulk_create(cells)
        for spend in line.spending.all():
            _copied(spend, line_id=new.pk)
    StatedSum.objects.bulk_create(
        StatedSum(plan=copy, side=s.side, kind=s.kind, year=s.year, quarter=s.quarter, amount=s.amount)
        for s in source.stated_sums.all()
    )


# --- priorities and objectives


@transaction.atomic
def add_priority(
    *,
    plan: Plan,
    title: str,
    why: str = "",
    figure_keys: Sequence[str] = (),
    lead_agency_id: int | None = None,
    lead_agency_name: str = "",
    victims: str = "",
    offenders: str = "",
    locations: str = "",
    times: str = "",
    key: str = "",
    by: Actor,
) -> Priority:
    """Add a priority at the end. ``key`` is made from the title where none is given; it never changes afterwards.

    Raises RuleBroken for a title the plan has already and for a figure that does not exist.
    """
    permissions.check_can_edit_plan(by)
    plan = _open_plan(plan)
    fields = _priority_fields(title, why, figure_keys, lead_agency_id, lead_agency_name, victims, offenders,
                              locations, times)  # fmt: skip
    key = slugify(key or title)[:KEY] or "priority"
    if Priority.objects.filter(plan=plan, key=key).exists():
        raise RuleBroken(f"The plan has a priority “{fields['title']}” already.")
    found = Priority.objects.create(plan=plan, key=key, order=_next(plan.priorities), **fields)
    _note(Act.COLLECTION, f"added the priority “{found.title}”", found, by)
    return found


@transaction.atomic
def change_priority(
    *,
    priority: Priority,
    title: str,
    why: str,
    figure_keys: Sequence[str],
    lead_agency_id: int | None = None,
    lead_agency_name: str = "",
    victims: str = "",
    offenders: str = "",
    locations: str = "",
    times: str = "",
    by: Actor,
) -> Priority:
    """Correct a priority. Its key stays."""
    permissions.check_can_edit_plan(by)
    _open_plan(priority.plan)
    fields = _priority_fields(title, why, figure_keys, lead_agency_id, lead_agency_name, victims, offenders,
                              locations, times)  # fmt: skip
    priority = _locked(Priority, priority.pk)
    changed = [name for name, value in fields.items() if getattr(priority, name) != value]
    for name in changed:
        setattr(priority, name, fields[name])
    if changed:
        priority.save(update_fields=changed)
        _note(Act.ALTERATION, f"changed the priority “{priority.title}”", priority, by, {"fields": changed})
    return priority


def _priority_fields(
    title: str,
    why: str,
    figure_keys: Sequence[str],
    lead_agency_id: int | None,
    lead_agency_name: str,
    victims: str,
    offenders: str,
    locations: str,
    times: str,
) -> dict[str, Any]:
    keys = rules.words_of(figure_keys)
    held = indicators.figures(keys, reader=Reader.software()) if keys else {}
    for key in keys:
        if key not in held:
            raise RuleBroken(f"There is no figure {key}. Look its key up on the page of figures.")
    name = lead_agency_name
    if lead_agency_id is not None and not name:
        name = next((one.name for one in agencies.agencies() if one.pk == lead_agency_id), "")
    texts = {"why": why, "victims": victims, "offenders": offenders, "locations": locations, "times": times}
    return {
        "title": rules.needed(storable(title), NAME, "The priority’s title"),
        "figure_keys": keys,
        "lead_agency_id": lead_agency_id,
        "lead_agency_name": rules.fitting(storable(name), NAME, "The lead agency’s name"),
        **{field: rules.fitting(storable(text), LONG, field.capitalize()) for field, text in texts.items()},
    }


@transaction.atomic
def add_objective(
    *, priority: Priority, title: str, subject: str = "", aim: Aim | str = Aim.NEITHER, by: Actor
) -> Objective:
    """Add an objective. ``subject`` and ``aim`` (more or fewer of it) let conflicts between objectives be found."""
    permissions.check_can_edit_plan(by)
    _open_plan(priority.plan)
    found = Objective.objects.create(
        priority=priority,
        title=rules.needed(storable(title), SENTENCE, "The objective"),
        subject=rules.fitting(storable(subject), KEY, "The subject"),
        aim=Aim(aim).value,
        order=_next(priority.objectives),
    )
    _note(Act.COLLECTION, f"added the objective “{found.title}”", found, by)
    return found


@transaction.atomic
def change_objective(*, objective: Objective, title: str, subject: str, aim: Aim | str, by: Actor) -> Objective:
    """Correct an objective."""
    permissions.check_can_edit_plan(by)
    _open_plan(objective.priority.plan)
    objective.title = rules.needed(storable(title), SENTENCE, "The objective")
    objective.subject = rules.fitting(storable(subject), KEY, "The subject")
    objective.aim = Aim(aim).value
    objective.save(update_fields=["title", "subject", "aim"])
    _note(Act.ALTERATION, f"changed the objective “{objective.title}”", objective, by)
    return objective


# --- targets, profiles, reviews


class TargetTerms(TypedDict, total=False):
    """What a target says. The baseline is a figure (its key) or, for a plan typed from a document, a stated value."""

    title: Required[str]
    indicator_id: int | None
    baseline_figure_key: str
    value: Number
    change_percent: Number
    due_on: date | None
    sense: TargetSense | str | None
    unit: str
    baseline_value: Number
    baseline_last_on: date | None
    baseline_words: str
    denominator: Number
    denominator_words: str
    is_rate: bool


@transaction.atomic
def add_target(*, objective: Objective, by: Actor, **terms: Unpack[TargetTerms]) -> Target:
    """Set a target: a ``value``, a ``change_percent`` of its baseline, or neither (a direction only, which is listed).

    Raises RuleBroken for a percentage without a baseline and for a date before the baseline's end.
    """
    permissions.check_can_edit_plan(by)
    _open_plan(objective.priority.plan)
    fields = _target_fields(objective, terms)
    found = Target.objects.create(objective=objective, order=_next(objective.targets), **fields)
    _note(Act.COLLECTION, f"set the target “{found.title}”", found, by, {"value": str(found.value)})
    return found


@transaction.atomic
def change_target(*, target: Target, by: Actor, **terms: Unpack[TargetTerms]) -> Target:
    """Correct a target before it is in force. Of a plan in force, a review changes it, with a reason.

    Terms that are not given are emptied. Raises RuleBroken as ``add_target`` does.
    """
    permissions.check_can_edit_plan(by)
    plan = _open_plan(target.objective.priority.plan)
    fields = _target_fields(target.objective, terms)
    target = _locked(Target, target.pk)
    if plan.state == PlanState.CURRENT and (fields["value"], fields["due_on"]) != (target.value, target.due_on):
        raise RuleBroken("This plan is in force: change the number or the date of a target in a review, with a reason.")
    for name, given in fields.items():
        setattr(target, name, given)
    target.save()
    _note(Act.ALTERATION, f"changed the target “{target.title}”", target, by, {"value": str(target.value)})
    return target


_UNSAID: TargetTerms = {
    "title": "", "indicator_id": None, "baseline_figure_key": "", "value": None, "change_percent": None,
    "due_on": None, "sense": None, "unit": "", "baseline_value": None, "baseline_last_on": None, "baseline_words": "",
    "denominator": None, "denominator_words": "", "is_rate": False,
}  # fmt: skip


def _target_fields(objective: Objective, terms: TargetTerms) -> dict[str, Any]:
    if strange := terms.keys() - _UNSAID.keys():
        raise TypeError(f"a target has no {', '.join(sorted(strange))}")
    given: dict[str, Any] = {**_UNSAID, **terms}
    baseline, taken = _baseline(given)
    percent = _number(given["change_percent"])
    value = rules.target_value(value=_number(given["value"]), change_percent=percent, baseline=baseline)
    rules.check_target_date(given["due_on"], baseline)
    indicator = indicators.indicator(given["indicator_id"]) if given["indicator_id"] else None
    if given["indicator_id"] and indicator is None:
        raise RuleBroken("That indicator does not exist any more. Choose another.")
    unit = given["unit"] or taken["unit"] or ("" if indicator is None else str(indicator.unit))
    sense = TargetSense(given["sense"] or rules.sense_of(value, baseline, Aim(objective.aim)))
    if value is not None and percent is not None and unit == Unit.COUNT:
        value = rules.whole_count(value, sense)
    return {
        "title": rules.needed(storable(given["title"]), SENTENCE, "The target"),
        "indicator_id": None if indicator is None else indicator.pk,
        "indicator_name": "" if indicator is None else indicator.name[:NAME],
        "unit": rules.fitting(storable(unit), 60, "The unit"),
        "sense": sense.value,
        "value": value,
        "change_percent": percent,
        "due_on": given["due_on"],
        "baseline_figure_key": given["baseline_figure_key"].strip(),
        "baseline_value": None if baseline is None else baseline.value,
        "baseline_last_on": None if baseline is None else baseline.last_on,
        "baseline_words": rules.fitting(storable(taken["words"]), SENTENCE, "What is said of the baseline"),
        "denominator": _number(given["denominator"]) or taken["denominator"],
        "denominator_words": rules.fitting(
            storable(given["denominator_words"] or taken["denominator_words"]), NAME, "The denominator"
        ),
        "is_rate": bool(given["is_rate"]) or unit.startswith("per 1,000"),
    }


def _baseline(given: Mapping[str, Any]) -> tuple[rules.Baseline | None, dict[str, Any]]:
    """The baseline, and what a figure adds to the target: its unit, denominator and words."""
    taken = {"unit": "", "words": given["baseline_words"], "denominator": None, "denominator_words": ""}
    key = given["baseline_figure_key"].strip()
    if key:
        figure = indicators.figure(key, reader=Reader())
        if figure is None:
            raise RuleBroken(f"There is no figure {key}, so it cannot be the baseline. Look its key up first.")
        if figure.is_hidden:
            raise RuleBroken(
                f"Figure {key} rests on records of {figure.ask} and is not released yet, and a plan shows its "
                "baselines to everybody. Have it released first."
            )
        if figure.value is None:
            raise RuleBroken(f"Figure {key} is still to be confirmed, so it cannot be a baseline yet.")
        taken |= {"unit": str(figure.unit), "words": taken["words"] or figure.name[:SENTENCE]}
        taken |= {"denominator": figure.denominator, "denominator_words": figure.denominator_edition}
        return rules.Baseline(figure.value, figure.last_on, str(figure.unit), figure.name), taken
    value = _number(given["baseline_value"])
    if value is None:
        return None, taken
    return rules.Baseline(value, given["baseline_last_on"], given["unit"], given["baseline_words"]), taken


def _number(value: Number) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@transaction.atomic
def set_profile(
    *, target: Target, values: Mapping[int, Mapping[int, Decimal | int | float]], method: str = "", by: Actor
) -> Target:
    """Replace a target's profile: ``values[year][quarter]``, quarter 0 for a year alone, in the target's unit.

    Raises RuleBroken for a year outside the plan, a quarter there is not, or a value below nought.
    """
    permissions.check_can_edit_plan(by)
    plan = _open_plan(target.objective.priority.plan)
    rows = []
    for year, quarters in values.items():
        _check_year(plan, year)
        for quarter, value in quarters.items():
            if not 0 <= quarter <= 4:
                raise RuleBroken(f"There is no quarter {quarter}. Quarters are 1 (April to June) to 4.")
            number = Decimal(str(value))
            if number < 0:
                raise RuleBroken(f"The profile of {rules.year_label(year)} holds {number:f}, which is below nought.")
            rows.append(Profile(target=target, year=year, quarter=quarter, value=number))
    target = _locked(Target, target.pk)
    Profile.objects.filter(target=target).delete()
    Profile.objects.bulk_create(rows)
    target.profile_method = rules.fitting(storable(method), LONG, "The method")
    target.save(update_fields=["profile_method"])
    _note(Act.ALTERATION, f"set the profile of “{target.title}”", target, by, {"quarters": len(rows)})
    return target


@transaction.atomic
def review_target(
    *,
    target: Target,
    outcome: ReviewOutcome | str,
    reason: str,
    value: Decimal | int | float | None = None,
    due_on: date | None = None,
    reviewed_on: date,
    by: Actor,
) -> Review:
    """The yearly review of a target: keep, change (a new ``value`` or ``due_on``) or drop it, with the reason."""
    permissions.check_can_edit_plan(by)
    outcome = ReviewOutcome(outcome)
    reason = rules.fitting(rules.check_reason(storable(reason), "why"), LONG, "The reason")
    target = _locked(Target, target.pk)
    if target.dropped:
        raise RuleBroken("This target was dropped already.")
    before = (target.value, target.due_on)
    if outcome is ReviewOutcome.CHANGE:
        if (value is None and due_on is None) or (_number(value) or before[0], due_on or before[1]) == before:
            raise RuleBroken("A change needs a new value or a new date.")
        target.value, target.due_on = _number(value) or target.value, due_on or target.due_on
        target.change_percent = None
        rules.check_target_date(target.due_on, rules.Baseline(target.baseline_value, target.baseline_last_on))
    target.dropped = outcome is ReviewOutcome.DROP
    target.save(update_fields=["value", "due_on", "change_percent", "dropped"])
    found = Review.objects.create(
        target=target,
        reviewed_on=reviewed_on,
        outcome=outcome.value,
        reason=reason,
        value_before=before[0],
        due_before=before[1],
        value_after=target.value,
        due_after=target.due_on,
        by_name=storable(by.name)[:NAME],
    )
    _note(Act.ALTERATION, f"reviewed the target “{target.title}”: {outcome.value}", target, by, purpose=reason)
    return found


# --- milestones and matrix


@transaction.atomic
def add_milestone(
    *,
    plan: Plan,
    title: str,
    key_action: str = "",
    due_on: date | None = None,
    due_text: str = "",
    ongoing: bool = False,
    priority: Priority | None = None,
    agency_id: int | None = None,
    agency_name: str = "",
    owner_id: int | None = None,
    owner_name: str = "",
    by: Actor,
) -> Milestone:
    """Add a milestone. ``due_text`` keeps what a document says where that is no date ("Ongoing", "April 2002")."""
    permissions.check_can_edit_plan(by)
    plan = _open_plan(plan)
    found = Milestone.objects.create(
        plan=plan,
        priority=priority,
        order=_next(plan.milestones),
        **_milestone_fields(title, key_action, due_on, due_text, ongoing, agency_id, agency_name, owner_id, owner_name),
    )
    _note(Act.COLLECTION, f"added the milestone “{found.title}”", found, by)
    return found


@transaction.atomic
def change_milestone(
    *,
    milestone: Milestone,
    title: str,
    key_action: str = "",
    due_on: date | None = None,
    due_text: str = "",
    ongoing: bool = False,
    priority: Priority | None = None,
    agency_id: int | None = None,
    agency_name: str = "",
    owner_id: int | None = None,
    owner_name: str = "",
    by: Actor,
) -> Milestone:
    """Correct a milestone."""
    permissions.check_can_edit_plan(by)
    milestone = _locked(Milestone, milestone.pk)
    fields = _milestone_fields(
        title, key_action, due_on, due_text, ongoing, agency_id, agency_name, owner_id, owner_name
    )
    for name, given in (*fields.items(), ("priority", priority)):
        setattr(milestone, name, given)
    milestone.save()
    _note(Act.ALTERATION, f"changed the milestone “{milestone.title}”", milestone, by)
    return milestone


def _milestone_fields(
    title: str,
    key_action: str,
    due_on: date | None,
    due_text: str,
    ongoing: bool,
    agency_id: int | None,
    agency_name: str,
    owner_id: int | None,
    owner_name: str,
) -> dict[str, Any]:
    return {
        "title": rules.needed(storable(title), SENTENCE, "The milestone"),
        "key_action": rules.fitting(storable(key_action), LONG, "The key action"),
        "due_on": due_on,
        "due_text": rules.fitting(storable(due_text), KEY, "When it is due"),
        "ongoing": ongoing,
        "agency_id": agency_id,
        "agency_name": rules.fitting(storable(agency_name), NAME, "The agency’s name"),
        "owner_id": owner_id,
        "owner_name": rules.fitting(storable(owner_name), NAME, "The owner’s name"),
    }


@transaction.atomic
def settle_milestone(
    *, milestone: Milestone, state: MilestoneState | str, done_on: date | None = None, note: str = "", by: Actor
) -> Milestone:
    """Say that a milestone is done (with its day), dropped, or open again. Dropping needs a note that says why."""
    permissions.check_can_edit_plan(by)
    state = MilestoneState(state)
    milestone = _locked(Milestone, milestone.pk)
    if state is MilestoneState.DONE and done_on is None:
        raise RuleBroken("Say on which day the milestone was reached.")
    if state is MilestoneState.DROPPED:
        rules.check_reason(note, "why the milestone is dropped")
    milestone.state = state.value
    milestone.done_on = done_on if state is MilestoneState.DONE else None
    milestone.note = rules.fitting(storable(note), SENTENCE, "The note")
    milestone.save(update_fields=["state", "done_on", "note"])
    _note(Act.ALTERATION, f"milestone “{milestone.title}” is {state.value}", milestone, by)
    return milestone


@transaction.atomic
def add_wider_aim(*, plan: Plan, title: str, body: str = "", by: Actor) -> WiderAim:
    """Add an aim of another strategy, a column of the priorities matrix. The same aim twice is given back."""
    permissions.check_can_edit_plan(by)
    plan = _open_plan(plan)
    title = rules.needed(storable(title), NAME, "The aim")
    found = WiderAim.objects.filter(plan=plan, title=title).first()
    if found is not None:
        return found
    body = rules.fitting(storable(body), NAME, "Whose aim it is")
    found = WiderAim.objects.create(plan=plan, title=title, body=body, order=_next(plan.wider_aims))
    _note(Act.COLLECTION, f"added the wider aim “{title}”", found, by)
    return found


@transaction.atomic
def link_aim(
    *, objective: Objective, aim: WiderAim, way: LinkWay | str | None, note: str = "", by: Actor
) -> AimLink | None:
    """Fill a cell of the priorities matrix, or with no ``way`` empty it. Raises RuleBroken across two plans."""
    permissions.check_can_edit_plan(by)
    if objective.priority.plan_id != aim.plan_id:
        raise RuleBroken("The objective and the aim belong to two plans.")
    note = rules.fitting(storable(note), SENTENCE, "The note")
    if way is None:
        AimLink.objects.filter(objective=objective, aim=aim).delete()
        found = None
    else:
        values = {"way": LinkWay(way).value, "note": note}
        found = AimLink.objects.update_or_create(objective=objective, aim=aim, defaults=values)[0]
    _note(Act.ALTERATION, f"linked “{objective.title}” and “{aim.title}”: {way or 'no more'}", objective, by)
    return found


# --- shared


def _open_plan(plan: Plan) -> Plan:
    """The plan, which can still be written: a superseded version is history."""
    found = selectors.plan(plan.pk)
    if found is None or found.state == PlanState.SUPERSEDED:
        raise RuleBroken("This version of the plan is history. Change the newest version instead.")
    return found


def _check_year(plan: Plan, year: int) -> None:
    if year not in plan.year_numbers:
        first, last = (rules.year_label(plan.year_numbers[at]) for at in (0, -1))
        raise RuleBroken(f"{rules.year_label(year)} lies outside the plan, which runs from {first} to {last}.")


def _locked(model: Any, key: int) -> Any:
    return model.objects.select_for_update().get(pk=key)


def _next(rows: Any) -> int:
    return (rows.aggregate(last=Max("order"))["last"] or 0) + 1


def _note(
    act: Act, what: str, row: Model, by: Actor, details: Mapping[str, Any] | None = None, purpose: str | None = None
) -> None:
    subject = f"plan:{row._meta.model_name} {row.pk}"
    audit.record(act=act, what=what, subject=subject, by=by, details=details, purpose=purpose)
