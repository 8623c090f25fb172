"""Named reads of the register of marking kits. Lists hold codes and days, never addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from frankpledge.delivery.home_security.models import Fitted, KitQuestion, MarkingKit, Measure
from frankpledge.delivery.home_security.rules.crew import plain_code
from frankpledge.delivery.home_security.rules.kits import Held
from frankpledge.delivery.home_security.vocabulary import MeasureKind

AT_ONCE = 1_000
GIVEN_OUT = Q(gone_on__isnull=True) & ~Q(uprn="")
UNREGISTERED = GIVEN_OUT & Q(registered_on__isnull=True)


@dataclass(frozen=True, slots=True)
class Register:
    """How the register stands: kits homes have, how many the national database knows, and how long others wait."""

    given_out: int
    registered: int
    sent: int  # not registered yet, but sent to the database
    gone: int
    in_store: int  # known codes that no home has
    oldest: date | None  # the day on which the unregistered kit that waits longest was given out
    sent_at: datetime | None  # when unregistered codes were last sent

    @property
    def unregistered(self) -> int:
        """Kits homes have that are worth nothing yet."""
        return self.given_out - self.registered


def register() -> Register:
    """The register in numbers. One query."""
    row = MarkingKit.objects.aggregate(
        given_out=Count("pk", filter=GIVEN_OUT),
        registered=Count("pk", filter=GIVEN_OUT & Q(registered_on__isnull=False)),
        sent=Count("pk", filter=UNREGISTERED & Q(exported_at__isnull=False)),
        gone=Count("pk", filter=Q(gone_on__isnull=False)),
        in_store=Count("pk", filter=Q(gone_on__isnull=True, uprn="")),
        oldest=Min("issued_on", filter=UNREGISTERED),
        sent_at=Max("exported_at", filter=UNREGISTERED),
    )
    return Register(**row)


def unregistered() -> QuerySet[MarkingKit]:
    """Kits homes have that the national database does not know, those that wait longest first. Lazy."""
    return MarkingKit.objects.filter(UNREGISTERED).order_by("issued_on", "pk")


def homes_without_code() -> int:
    """Homes that got a kit whose code nobody wrote down: it can never lead to them. One query."""
    own = MarkingKit.objects.filter(uprn=OuterRef("uprn"), gone_on__isnull=True)
    fitted = Fitted.objects.filter(measure__kind=MeasureKind.MARKING.value, removed_on__isnull=True)
    return fitted.filter(~Exists(own)).order_by().values("uprn").distinct().count()


def kit(code: str) -> MarkingKit | None:
    """The kit of exactly this code, as people write it: capitals, gaps, O and I do not matter. One query."""
    return MarkingKit.objects.filter(code=plain_code(code)).first()


def held(codes: Collection[str]) -> dict[str, Held]:
    """What the register says of these codes. One query a thousand."""
    wanted = sorted({plain_code(code) for code in codes})
    found: dict[str, Held] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = MarkingKit.objects.filter(code__in=wanted[start : start + AT_ONCE])
        for code, uprn, registered, gone in rows.values_list("code", "uprn", "registered_on", "gone_on"):
            found[code] = Held(bool(uprn), registered is not None, gone is not None)
    return found


def open_questions() -> QuerySet[KitQuestion]:
    """Codes a person has to settle, the oldest first. Lazy."""
    return KitQuestion.objects.filter(settled_at__isnull=True).select_related("kit").order_by("asked_at", "pk")


def question(key: int) -> KitQuestion | None:
    """One question about a code. One query."""
    return KitQuestion.objects.select_related("kit", "visit__request").filter(pk=key).first()


def is_in_doubt(kit: MarkingKit) -> bool:
    """Whether two homes were given this code and nobody has settled whose it is. One query."""
    return KitQuestion.objects.filter(kit=kit, settled_at__isnull=True).exists()


def brand() -> str:
    """What the catalogue calls the kits; empty if it has none. One query."""
    names = Measure.objects.filter(kind=MeasureKind.MARKING.value, is_offered=True).values_list("name", flat=True)
    return names.first() or ""


def kits_fitted() -> QuerySet[Fitted]:
    """Kits that crews gave to homes, as their reports say, the earliest first, each with its visit. Lazy."""
    fitted = Fitted.objects.filter(measure__kind=MeasureKind.MARKING.value, removed_on__isnull=True)
    return fitted.select_related("visit").order_by("fitted_on", "pk")
