"""What to doubt about a picture as a whole: its source, its months, its places and its denominator."""

from frankpledge.analysis.change import touches_lockdowns
from frankpledge.analysis.funnel import Funnel
from frankpledge.analysis.picture_material import YEAR, PictureMaterial
from frankpledge.analysis.rates import crude_rate
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.geography import Denominator
from frankpledge.vocabulary.periods import LOCKDOWNS, MonthSpan
from frankpledge.vocabulary.wording import Phrase, decimal, whole, word

OLD_DENOMINATOR = 5  # years between the denominator and the counts from which a reader is told
POLICE_UK = "police-uk"  # sources whose name starts so publish months and snap points only


def picture_doubts(
    material: PictureMaterial,
    period: MonthSpan,
    span: MonthSpan,
    crime_type: CrimeType,
    source: str,
    balance: Balance,
    denominator: Denominator | None,
    wards: bool,
    tested: Funnel | None,
) -> list[Doubt]:
    """What to doubt about the picture as a whole."""
    doubts = _source_doubts(source, crime_type)
    if touches_lockdowns(period):
        doubts.append(
            Doubt(
                DoubtKind.COVID_PERIOD,
                Phrase(
                    "From {first} to {last} recorded crime moved with the lockdowns, "
                    "not with what police or partners did.",
                    first=LOCKDOWNS.first,
                    last=LOCKDOWNS.last,
                ),
            )
        )
    missing = tuple(month for month in period if month not in material.present)
    if missing:
        doubts.append(
            Doubt(
                DoubtKind.MISSING_MONTHS,
                Phrase("These months are missing, which is not nought: {months}.", months=missing),
            )
        )
    doubtful = tuple(month for month in period if month in material.doubtful)
    if doubtful:
        doubts.append(
            Doubt(
                DoubtKind.ROWS_WITHOUT_PLACE,
                Phrase(
                    "In {months} nearly none was placed in {area}, while {count} {events} in the files have no place: "
                    "most likely its own are among them. The count stands as published and other months are not judged "
                    "by it.",
                    months=doubtful,
                    area=material.area.name,
                    count=whole(sum(material.counts.unplaced(MonthSpan(month, month)) for month in doubtful)),
                    events=Phrase(crime_type.plural),
                ),
            )
        )
    if len(span) < YEAR:
        doubts.append(
            Doubt(
                DoubtKind.SHORT_HISTORY,
                Phrase(
                    "Fewer than twelve months are counted ({period}), so these are not rates for a year.",
                    period=span,
                ),
            )
        )
    if "expected" in material.refused:
        doubts.append(
            Doubt(
                DoubtKind.SHORT_HISTORY,
                Phrase("No expected range is shown. {reason}", reason=material.refused["expected"]),
            )
        )
    unplaced = material.counts.unplaced(period)
    if unplaced:
        doubts.append(
            Doubt(
                DoubtKind.ROWS_WITHOUT_PLACE,
                Phrase(
                    "{count} {events} in the files have no place and are in no area's count.",
                    count=whole(unplaced),
                    events=Phrase(crime_type.plural),
                ),
            )
        )
    if balance.quarantined:
        doubts.append(
            Doubt(
                DoubtKind.ROWS_IN_QUARANTINE,
                Phrase("{count} rows could not be used and wait in quarantine.", count=whole(balance.quarantined)),
            )
        )
    if denominator is not None and (age := _age(denominator, span)) >= OLD_DENOMINATOR:
        doubts.append(_old_denominator(material, denominator, span, age))
    if wards and AreaLevel.WARD in material.geography.best_fit_levels:
        doubts.append(
            Doubt(
                DoubtKind.BEST_FIT_AREAS,
                Phrase(
                    "Wards are made of whole small areas, by best fit; a ward that cuts through one is approximate."
                ),
            )
        )
    if tested and tested.standing_out():
        doubts.append(
            Doubt(
                DoubtKind.CHOSEN_FOR_BEING_HIGH,
                Phrase("Areas picked out for being high tend to be less high the next year, whatever anyone does."),
            )
        )
    return doubts


def _old_denominator(material: PictureMaterial, denominator: Denominator, span: MonthSpan, age: int) -> Doubt:
    """How old it is, and what the rate would be by the latest edition that covers the place, where there is one."""
    unit = denominator.edition.unit
    values = {"unit": Phrase(unit.value), "label": word(denominator.edition.label), "age": whole(age)}
    others = [other for other in material.geography.denominators.values() if other.edition.unit is unit]
    latest = max(others, key=lambda other: (other.edition.label, other.edition.key))
    total = latest.total(material.small_areas)
    if latest.edition.label <= denominator.edition.label or not total:
        return Doubt(
            DoubtKind.DENOMINATOR_AGE,
            Phrase("The number of {unit} is that of the {label}, {age} years before these counts.", **values),
        )
    rate = crude_rate(material.counts.of(material.small_areas, span), total)
    return Doubt(
        DoubtKind.DENOMINATOR_AGE,
        Phrase(
            "The number of {unit} is that of the {label}, {age} years before these counts. "
            "By the {latest} ({total}) the rate would be {rate}.",
            **values,
            latest=word(latest.edition.label),
            total=whole(total),
            rate=decimal(rate.value),
        ),
    )


def _source_doubts(source: str, crime_type: CrimeType) -> list[Doubt]:
    if not source.startswith(POLICE_UK):
        return []
    doubts = [
        Doubt(DoubtKind.MONTH_PRECISION, Phrase("Police.uk publishes the month, not the day or the hour.")),
        Doubt(
            DoubtKind.SNAP_POINTS,
            Phrase(
                "Police.uk publishes a point on or near the street, not the address: "
                "near an edge it can be the next area's."
            ),
        ),
    ]
    if crime_type is CrimeType.BURGLARY:
        doubts.append(
            Doubt(DoubtKind.MIXED_BURGLARY, Phrase("Burglary here mixes homes with sheds, shops and offices."))
        )
    return doubts


def _age(denominator: Denominator, span: MonthSpan) -> int:
    """Years between the year named in the edition's key (0 when it names none) and the end of ``span``."""
    years = [int(part) for part in denominator.edition.key.split("-") if part.isdigit() and len(part) == 4]
    return span.last.year - years[0] if years else 0
