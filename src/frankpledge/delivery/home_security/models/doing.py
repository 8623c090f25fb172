"""What is fitted, by whom, from which stock: the catalogue, crews and vans, visits and what each left behind."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.home_security.models.asking import Cocoon, HomeRequest
from frankpledge.delivery.home_security.models.columns import (
    NAME_LENGTH,
    TEXT_LENGTH,
    UPRN_LENGTH,
    WORD_LENGTH,
    choices,
)
from frankpledge.delivery.home_security.vocabulary import (
    KitFate,
    MeasureKind,
    MemberPart,
    MoveReason,
    OrderState,
    PlaceKind,
    VisitState,
)


class StockItem(models.Model):
    """A thing that is bought, kept and fitted."""

    key = models.SlugField(max_length=WORD_LENGTH, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    supplier_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    lead_days = models.PositiveSmallIntegerField(default=5)  # working days from order to delivery
    order_size = models.PositiveIntegerField(default=1)  # it is sold in boxes of so many
    price = models.DecimalField(max_digits=8, decimal_places=2)  # pounds each

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="homes_item_price_no_less_than_0"),
            models.CheckConstraint(condition=Q(order_size__gte=1), name="homes_item_order_of_one_or_more"),
        ]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """What a crew may fit or give. ``evidence`` says what is known of it, combinations before single devices."""

    key = models.SlugField(max_length=WORD_LENGTH, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=30, choices=choices(MeasureKind))
    funder = models.CharField(max_length=NAME_LENGTH)
    price = models.DecimalField(max_digits=8, decimal_places=2)  # pounds the funder pays for one
    resident_pays = models.DecimalField(max_digits=8, decimal_places=2, default=0)  # for the part; fitting is free
    stock_item = models.ForeignKey(StockItem, null=True, on_delete=models.PROTECT, related_name="measures")
    minutes = models.PositiveSmallIntegerField()  # to fit one
    skill = models.CharField(max_length=WORD_LENGTH, blank=True)  # what a crew must be able to do; empty: any crew
    needs_serial = models.BooleanField(default=False)
    evidence = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Crew(models.Model):
    """Two people and a van. ``skills`` are words of ``Measure.skill``."""

    name = models.CharField(max_length=WORD_LENGTH, unique=True)  # "A"
    area_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    skills = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"crew {self.name}"


class CrewMember(models.Model):
    """Somebody who works in a crew, or a supervisor who stands in for anybody (then without a crew of their own)."""

    crew = models.ForeignKey(Crew, null=True, on_delete=models.PROTECT, related_name="members")
    # Another room: no foreign key. Empty for somebody without an account.
    person_id = models.BigIntegerField(null=True, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    part = models.CharField(max_length=20, choices=choices(MemberPart), default=MemberPart.FITTER.value)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["crew__name", "name"]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Holiday, sickness or a course: days, both included, on which somebody is not there."""

    member = models.ForeignKey(CrewMember, on_delete=models.PROTECT, related_name="absences")
    first_on = models.DateField()
    last_on = models.DateField()
    why = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["first_on"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="homes_absence_forwards")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.first_on} to {self.last_on}"


class Van(models.Model):
    """A van, usually one crew's."""

    name = models.CharField(max_length=WORD_LENGTH, unique=True)  # "Van A"
    registration = models.CharField(max_length=12, blank=True)
    crew = models.OneToOneField(Crew, null=True, on_delete=models.PROTECT, related_name="van")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """A crew's working day. Without one the crew does not work on that day."""

    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    break_from = models.TimeField(null=True)  # earliest
    break_minutes = models.PositiveSmallIntegerField(default=0)
    names = models.JSONField(default=list)  # who works, cover included
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    last_heard_at = models.DateTimeField(null=True)  # when a phone of this crew last reached the server, to the minute

    class Meta:
        ordering = ["day", "crew__name"]
        constraints = [
            models.UniqueConstraint(fields=["crew", "day"], name="homes_one_shift_a_crew_and_day"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="homes_shift_forwards"),
        ]

    def __str__(self) -> str:
        return f"crew {self.crew_id} on {self.day}"


class Visit(models.Model):
    """A crew's call at a home: planned, done, or why not. ``version`` grows with every change."""

    request = models.ForeignKey(HomeRequest, null=True, on_delete=models.PROTECT, related_name="visits")
    cocoon = models.ForeignKey(Cocoon, null=True, on_delete=models.PROTECT, related_name="visits")
    uprn = models.CharField(max_length=UPRN_LENGTH)
    day = models.DateField()
    crew = models.ForeignKey(Crew, null=True, on_delete=models.PROTECT, related_name="visits")
    window_from = models.TimeField(null=True)  # what the resident was promised
    window_until = models.TimeField(null=True)
    planned_start = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=45)  # how long it is planned to take
    order = models.PositiveSmallIntegerField(null=True)  # place in the crew's day, from 1
    plan = models.JSONField(default=list)  # what is to be fitted: [{"measure": key, "quantity": n}]
    state = models.CharField(max_length=20, choices=choices(VisitState), default=VisitState.PLANNED.value)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    client_key = models.UUIDField(unique=True, null=True)  # what a phone sent it under: sent twice, done once
    version = models.PositiveIntegerField(default=1)
    audit_sheet = models.JSONField(default=dict)
    advice = models.TextField(blank=True, max_length=TEXT_LENGTH)
    note = models.TextField(blank=True, max_length=TEXT_LENGTH)
    signed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    signature = models.TextField(blank=True)  # strokes, as the path of an SVG
    not_signed_because = models.CharField(max_length=NAME_LENGTH, blank=True)
    consent_onward = models.BooleanField(null=True)

    class Meta:
        ordering = ["day", "crew__name", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__isnull=True)
                | Q(finished_at__isnull=True)
                | Q(finished_at__gte=F("started_at")),
                name="homes_visit_forwards",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.DONE.value) | Q(finished_at__isnull=False),
                name="homes_done_visit_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "state"], name="homes_visits_by_day"),
            models.Index(fields=["uprn"], name="homes_visits_of_home"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} on {self.day}: {self.state}"


class Fitted(models.Model):
    """A measure put into a home, which has it from ``fitted_on``: the start of protection is worked out from these."""

    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="fitted")
    uprn = models.CharField(max_length=UPRN_LENGTH)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="fitted")
    quantity = models.PositiveSmallIntegerField(default=1)
    serial = models.CharField(max_length=WORD_LENGTH, blank=True)
    funder = models.CharField(max_length=NAME_LENGTH)
    fitted_on = models.DateField()
    removed_on = models.DateField(null=True)

    class Meta:
        ordering = ["fitted_on", "pk"]
        verbose_name_plural = "fitted"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="homes_fitted_one_or_more"),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("fitted_on")), name="homes_removed_later"
            ),
        ]
        indexes = [
            models.Index(fields=["uprn", "fitted_on"], name="homes_fitted_in_home"),
            models.Index(fields=["fitted_on"], name="homes_fitted_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of measure {self.measure_id}"


class VisitPhoto(models.Model):
    """A photo of the work, encoded anew when it came in: nothing of where or when it was taken is left inside it."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    client_key = models.UUIDField(unique=True)
    caption = models.CharField(max_length=NAME_LENGTH, blank=True)
    image = models.BinaryField()  # JPEG
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"photo {self.pk} of visit {self.visit_id}"


class MarkingKit(models.Model):
    """A property-marking kit: its code names one home and is worth something only once the database has it."""

    code = models.CharField(max_length=WORD_LENGTH, unique=True)
    brand = models.CharField(max_length=NAME_LENGTH)
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="kits")
    issued_on = models.DateField(null=True)
    exported_at = models.DateTimeField(null=True)
    registered_on = models.DateField(null=True)
    gone_on = models.DateField(null=True)  # damaged or lost: the code is out of use
    gone_because = models.CharField(max_length=20, blank=True, choices=choices(KitFate))

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_on__isnull=True) | Q(issued_on__isnull=False), name="homes_kit_issued_first"
            ),
        ]
        indexes = [models.Index(fields=["uprn"], name="homes_kits_of_home")]

    def __str__(self) -> str:
        return f"kit {self.code}"


class StockPlace(models.Model):
    """The store, or a van."""

    kind = models.CharField(max_length=10, choices=choices(PlaceKind))
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    van = models.OneToOneField(Van, null=True, on_delete=models.PROTECT, related_name="stock_place")
    # metres on the national grid: routes begin and end at the store
    easting = models.FloatField(null=True)
    northing = models.FloatField(null=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PlaceKind.VAN.value, van__isnull=False)
                | Q(kind=PlaceKind.STORE.value, van__isnull=True),
                name="homes_van_place_has_a_van",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """How many of an item lie in a place. Never below nought: a move that would make it so is refused."""

    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="levels")
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="levels")
    count = models.IntegerField(default=0)

    class Meta:
        ordering = ["item__name", "place__name"]
        constraints = [
            models.UniqueConstraint(fields=["place", "item"], name="homes_one_level_a_place_and_item"),
            models.CheckConstraint(condition=Q(count__gte=0), name="homes_stock_no_less_than_0"),
        ]

    def __str__(self) -> str:
        return f"{self.count} of item {self.item_id}"


class StockOrder(models.Model):
    """An order to a supplier."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="orders")
    count = models.PositiveIntegerField()
    cost = models.DecimalField(max_digits=10, decimal_places=2)  # pounds, all together
    supplier_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    # why it went to somebody who was not approved on that day
    because = models.CharField(max_length=NAME_LENGTH, blank=True)
    state = models.CharField(max_length=12, choices=choices(OrderState), default=OrderState.ORDERED.value)
    ordered_on = models.DateField()
    due_on = models.DateField()
    delivered_on = models.DateField(null=True)
    delivered_count = models.PositiveIntegerField(null=True)
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-ordered_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="homes_order_of_one_or_more")]

    def __str__(self) -> str:
        return f"order {self.pk}: {self.count} of item {self.item_id}"


class StockMove(models.Model):
    """Items going from one place to another; without a place they come from outside or are used up."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="moves")
    from_place = models.ForeignKey(StockPlace, null=True, on_delete=models.PROTECT, related_name="moves_out")
    to_place = models.ForeignKey(StockPlace, null=True, on_delete=models.PROTECT, related_name="moves_in")
    count = models.PositiveIntegerField()
    why = models.CharField(max_length=30, choices=choices(MoveReason))
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="stock_moves")
    order = models.ForeignKey(StockOrder, null=True, on_delete=models.PROTECT, related_name="moves")
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="homes_move_of_one_or_more"),
            models.CheckConstraint(
                condition=Q(from_place__isnull=False) | Q(to_place__isnull=False), name="homes_move_from_or_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} of item {self.item_id}: {self.why}"
