"""Tables of the plan. Other rooms' things (figures, indicators, people, agencies) are named by key only."""

from typing import Any

from django.db import models
from django.db.models import Q

from frankpledge.records.plan.vocabulary import (
    Aim,
    Kind,
    LinkWay,
    MilestoneState,
    PlanState,
    ReviewOutcome,
    Side,
    TargetSense,
    VirementState,
)

NAME = 200
KEY = 80
SENTENCE = 400
PERIOD = Q(quarter__gte=0, quarter__lte=4)


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _pounds(**options: Any) -> Any:
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


def _figure(**options: Any) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=4, null=True, **options)


class Plan(models.Model):
    """One version of a plan. Versions of one plan share their ``series``; one of them is current."""

    series = models.SlugField(max_length=KEY)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=NAME)
    label = models.CharField(max_length=NAME, blank=True)
    area_name = models.CharField(max_length=NAME, blank=True)
    aim = models.TextField(blank=True)
    first_year = models.PositiveSmallIntegerField()
    years = models.PositiveSmallIntegerField(default=3)
    state = models.CharField(max_length=12, choices=_choices(PlanState), default=PlanState.DRAFT.value)
    # A worked example typed from a published document, and which.
    is_example = models.BooleanField(default=False)
    document = models.CharField(max_length=SENTENCE, blank=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=NAME)

    class Meta:
        ordering = ["is_example", "series", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state=PlanState.CURRENT.value), name="plan_one_current_version"
            ),
            models.CheckConstraint(condition=Q(years__gte=1), name="plan_covers_a_year"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def year_numbers(self) -> tuple[int, ...]:
        """The first calendar year of each financial year it covers."""
        return tuple(range(self.first_year, self.first_year + self.years))

    @property
    def query(self) -> str:
        """How an address names this version."""
        return f"?plan={self.pk}"


class Priority(models.Model):
    """What the partnership puts first, why, and who leads. Its key stays the same from version to version."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priorities")
    key = models.SlugField(max_length=KEY)
    title = models.CharField(max_length=NAME)
    why = models.TextField(blank=True)
    figure_keys = models.JSONField(default=list)
    lead_agency_id = models.BigIntegerField(null=True)
    lead_agency_name = models.CharField(max_length=NAME, blank=True)
    victims = models.TextField(blank=True)
    offenders = models.TextField(blank=True)
    locations = models.TextField(blank=True)
    times = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["plan", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_priority_key_once")]

    def __str__(self) -> str:
        return self.title


class Objective(models.Model):
    """What a priority wants to change. ``subject`` and ``aim`` let two objectives be seen to pull apart."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="objectives")
    title = models.CharField(max_length=SENTENCE)
    subject = models.CharField(max_length=KEY, blank=True)
    aim = models.CharField(max_length=8, choices=_choices(Aim), default=Aim.NEITHER.value)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["priority", "order", "pk"]

    def __str__(self) -> str:
        return self.title


class Target(models.Model):
    """A number to reach by a date, on a baseline; or, without a number, only a direction (and then it is listed)."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="targets")
    title = models.CharField(max_length=SENTENCE)
    indicator_id = models.BigIntegerField(null=True)
    indicator_name = models.CharField(max_length=NAME, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    sense = models.CharField(max_length=8, choices=_choices(TargetSense))
    value = _figure()
    change_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    due_on = models.DateField(null=True)
    baseline_figure_key = models.CharField(max_length=20, blank=True)
    baseline_value = _figure()
    baseline_last_on = models.DateField(null=True)
    baseline_words = models.CharField(max_length=SENTENCE, blank=True)
    # What turns a count into a rate and back: households, residents ... with its edition.
    denominator = _figure()
    denominator_words = models.CharField(max_length=NAME, blank=True)
    is_rate = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    profile_method = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["objective__priority__order", "objective__order", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(change_percent__isnull=True) | Q(baseline_value__isnull=False),
                name="plan_percentage_has_baseline",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True)
                | Q(baseline_last_on__isnull=True)
                | Q(due_on__gt=models.F("baseline_last_on")),
                name="plan_target_after_baseline",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_number(self) -> bool:
        """It says how much, not only which way."""
        return self.value is not None


class Profile(models.Model):
    """One quarter of a target's way through a year, in the target's unit; quarter 0 is the year as a whole."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="profile")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["target", "year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["target", "year", "quarter"], name="plan_profile_quarter_once"),
            models.CheckConstraint(condition=PERIOD, name="plan_profile_quarter_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.year} {self.quarter}"


class Review(models.Model):
    """What the yearly review decided about a target, and why: published with the refreshed plan."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="reviews")
    reviewed_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=_choices(ReviewOutcome))
    reason = models.TextField()
    value_before = _figure()
    value_after = _figure()
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    by_name = models.CharField(max_length=NAME)

    class Meta:
        ordering = ["-reviewed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.outcome}"


class Milestone(models.Model):
    """A dated step, or one that goes on. ``due_text``: what the source says where that is no date."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="milestones")
    priority = models.ForeignKey(Priority, null=True, on_delete=models.SET_NULL, related_name="milestones")
    title = models.CharField(max_length=SENTENCE)
    key_action = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    due_text = models.CharField(max_length=KEY, blank=True)
    ongoing = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=_choices(MilestoneState), default=MilestoneState.OPEN.value)
    done_on = models.DateField(null=True)
    note = models.CharField(max_length=SENTENCE, blank=True)
    agency_id = models.BigIntegerField(null=True)
    agency_name = models.CharField(max_length=NAME, blank=True)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=NAME, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["plan", models.F("due_on").asc(nulls_last=True), "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MilestoneState.DONE.value, done_on__isnull=False)
                | (~Q(state=MilestoneState.DONE.value) & Q(done_on__isnull=True)),
                name="plan_milestone_done_has_date",
            )
        ]

    def __str__(self) -> str:
        return self.title


class WiderAim(models.Model):
    """A column of the priorities matrix: an aim of another strategy."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="wider_aims")
    title = models.CharField(max_length=NAME)
    body = models.CharField(max_length=NAME, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["plan", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "title"], name="plan_wider_aim_once")]

    def __str__(self) -> str:
        return self.title


class AimLink(models.Model):
    """A filled cell of the priorities matrix."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="aim_links")
    aim = models.ForeignKey(WiderAim, on_delete=models.CASCADE, related_name="links")
    way = models.CharField(max_length=40, choices=_choices(LinkWay))
    note = models.CharField(max_length=SENTENCE, blank=True)

    class Meta:
        ordering = ["objective", "aim"]
        constraints = [models.UniqueConstraint(fields=["objective", "aim"], name="plan_aim_link_once")]

    def __str__(self) -> str:
        return f"{self.objective_id} {self.aim_id}"


class Fund(models.Model):
    """A pot of money: where from, on what conditions, and who controls it from when."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="funds")
    name = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=8, choices=_choices(Kind))
    source = models.CharField(max_length=NAME, blank=True)
    conditions = models.TextField(blank=True)
    controller = models.CharField(max_length=NAME, blank=True)
    next_controller = models.CharField(max_length=NAME, blank=True)
    controller_changes_on = models.DateField(null=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["plan", "kind", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name", "kind"], name="plan_fund_once"),
            models.CheckConstraint(
                condition=Q(next_controller="", controller_changes_on__isnull=True)
                | (~Q(next_controller="") & Q(controller_changes_on__isnull=False)),
                name="plan_fund_change_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MoneyLine(models.Model):
    """A row of the money tables: funding from a fund, or expenditure on a category."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="money_lines")
    side = models.CharField(max_length=12, choices=_choices(Side))
    kind = models.CharField(max_length=8, choices=_choices(Kind))
    title = models.CharField(max_length=NAME)
    fund = models.ForeignKey(Fund, null=True, on_delete=models.PROTECT, related_name="lines")
    priority_key = models.CharField(max_length=KEY, blank=True)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=NAME, blank=True)
    note = models.CharField(max_length=SENTENCE, blank=True)
    stated_total = _pounds(null=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["plan", "side", "kind", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "side", "kind", "title"], name="plan_money_line_once"),
        ]

    def __str__(self) -> str:
        return self.title


class MoneyCell(models.Model):
    """An amount for a quarter (1 to 4) or a whole year (0). No amount: to be confirmed. ``edition`` counts changes."""

    line = models.ForeignKey(MoneyLine, on_delete=models.CASCADE, related_name="cells")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=0)
    amount = _pounds(null=True)
    edition = models.PositiveIntegerField(default=1)
    changed_by_name = models.CharField(max_length=NAME, blank=True)

    class Meta:
        ordering = ["line", "year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["line", "year", "quarter"], name="plan_money_cell_once"),
            models.CheckConstraint(condition=PERIOD, name="plan_money_cell_period"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.year} {self.quarter}"


class StatedSum(models.Model):
    """A total as the plan prints it, to be held against the lines. No kind: both; no year: all years."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="stated_sums")
    side = models.CharField(max_length=12, choices=_choices(Side))
    kind = models.CharField(max_length=8, choices=_choices(Kind), blank=True)
    year = models.PositiveSmallIntegerField(default=0)
    quarter = models.PositiveSmallIntegerField(default=0)
    amount = _pounds()

    class Meta:
        ordering = ["plan", "side", "kind", "year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "side", "kind", "year", "quarter"], name="plan_stated_sum_once"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.kind} {self.year} {self.quarter}: {self.amount}"


class Spend(models.Model):
    """What a line really cost in a quarter, and what is promised but not yet paid."""

    line = models.ForeignKey(MoneyLine, on_delete=models.CASCADE, related_name="spending")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    spent = _pounds()
    committed = _pounds(default=0)

    class Meta:
        ordering = ["line", "year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["line", "year", "quarter"], name="plan_spend_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="plan_spend_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.year} {self.quarter}: {self.spent}"


class Virement(models.Model):
    """A move of money between two lines: asked for, decided by somebody else, and able to be put back."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="virements")
    source = models.ForeignKey(MoneyLine, on_delete=models.CASCADE, related_name="moved_out")
    target = models.ForeignKey(MoneyLine, on_delete=models.CASCADE, related_name="moved_in")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=0)
    amount = _pounds()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=_choices(VirementState), default=VirementState.ASKED.value)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=NAME)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=NAME, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_virement_moves_something"),
            models.CheckConstraint(
                condition=Q(state=VirementState.ASKED.value, decided_at__isnull=True)
                | (~Q(state=VirementState.ASKED.value) & Q(decided_at__isnull=False)),
                name="plan_virement_decided_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"
