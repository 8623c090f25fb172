"""Partners' own dated records: the police extract, council anti-social behaviour reports and fire service incidents.

Each is a CSV file named ``SOURCE-PUBLISHER-YYYY-MM.csv`` (``police-extract-brackenshire-2025-04.csv``), UTF-8, the
header on the first line. The name says who publishes it and for which month. Dates are ``dd/mm/yyyy``, times ``HH:MM``
by the clock on the wall in London. Columns, words and what becomes of them are declared below, one ``DatedSource`` a
file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from frankpledge.vocabulary.columns import PlacePrecision
from frankpledge.vocabulary.crime_types import CrimeType

# The police's words for an offence (Home Office counting rules titles, shortened) and ours.
OFFENCES: dict[str, CrimeType] = {
    "Burglary - residential": CrimeType.BURGLARY,
    "Burglary - residential - attempt": CrimeType.BURGLARY,
    "Burglary - business and community": CrimeType.BURGLARY,
    "Burglary - business and community - attempt": CrimeType.BURGLARY,
    "Theft of a motor vehicle": CrimeType.VEHICLE_CRIME,
    "Theft from a motor vehicle": CrimeType.VEHICLE_CRIME,
    "Vehicle interference": CrimeType.VEHICLE_CRIME,
    "Theft of a pedal cycle": CrimeType.BICYCLE_THEFT,
    "Theft from the person": CrimeType.THEFT_FROM_THE_PERSON,
    "Shoplifting": CrimeType.SHOPLIFTING,
    "Other theft": CrimeType.OTHER_THEFT,
    "Robbery - personal": CrimeType.ROBBERY,
    "Robbery - business": CrimeType.ROBBERY,
    "Violence with injury": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Violence without injury": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Stalking and harassment": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Sexual offence": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Criminal damage": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Criminal damage to a dwelling": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Criminal damage to a vehicle": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Arson": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Drug possession": CrimeType.DRUGS,
    "Drug trafficking": CrimeType.DRUGS,
    "Possession of weapons": CrimeType.POSSESSION_OF_WEAPONS,
    "Public order": CrimeType.PUBLIC_ORDER,
    "Other crime": CrimeType.OTHER_CRIME,
    "Anti-social behaviour": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
}

# The council's words. Environmental crime is a crime type of its own in the statutory exchange.
COUNCIL_CATEGORIES: dict[str, CrimeType] = {
    "Noise": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Rowdy or inconsiderate behaviour": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Neighbour dispute": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Nuisance vehicles": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Street drinking": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Begging": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Animal nuisance": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Fireworks": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Drug paraphernalia": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Fly-tipping": CrimeType.ENVIRONMENTAL_CRIME,
    "Graffiti": CrimeType.ENVIRONMENTAL_CRIME,
    "Litter": CrimeType.ENVIRONMENTAL_CRIME,
    "Dog fouling": CrimeType.ENVIRONMENTAL_CRIME,
    "Abandoned vehicle": CrimeType.ENVIRONMENTAL_CRIME,
    "Fly-posting": CrimeType.ENVIRONMENTAL_CRIME,
}

# The fire service's words. A fire set on purpose in a home counts as deliberate.
FIRE_TYPES: dict[str, CrimeType] = {
    "Accidental dwelling fire": CrimeType.DWELLING_FIRE,
    "Deliberate dwelling fire": CrimeType.DELIBERATE_FIRE,
    "Deliberate primary fire": CrimeType.DELIBERATE_FIRE,
    "Deliberate secondary fire": CrimeType.DELIBERATE_FIRE,
    "Deliberate vehicle fire": CrimeType.DELIBERATE_FIRE,
}


@dataclass(frozen=True)
class DatedSource:
    """What the columns of one kind of partner file mean. A role that the file does not have is None.

    ``private`` columns are read and go no further: not into events, not into the text of a quarantined row.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    reference: str
    type_column: str
    types: Mapping[str, CrimeType]
    from_date: str
    from_time: str
    to_date: str | None = None
    to_time: str | None = None
    easting: str = "easting"
    northing: str = "northing"
    small_area: str = "lsoa"
    premises: str | None = None
    position_precision: PlacePrecision = PlacePrecision.STREET  # of a position without a premises number
    private: tuple[str, ...] = ()


POLICE_EXTRACT = DatedSource(
    name="police-extract",
    label="police extract",
    columns=(
        "crime_ref",
        "offence",
        "hocode",
        "from_date",
        "from_time",
        "to_date",
        "to_time",
        "uprn",
        "address",
        "postcode",
        "easting",
        "northing",
        "lsoa",
        "victim_ref",
        "mo",
    ),
    reference="crime_ref",
    type_column="offence",
    types=OFFENCES,
    from_date="from_date",
    from_time="from_time",
    to_date="to_date",
    to_time="to_time",
    premises="uprn",
    private=("address", "postcode", "victim_ref", "mo"),
)

COUNCIL_ASB = DatedSource(
    name="council-asb",
    label="council anti-social behaviour reports",
    columns=("report_ref", "category", "reported_on", "reported_time", "easting", "northing", "lsoa"),
    reference="report_ref",
    type_column="category",
    types=COUNCIL_CATEGORIES,
    from_date="reported_on",
    from_time="reported_time",
)

FIRE_INCIDENTS = DatedSource(
    name="fire-incidents",
    label="fire service incidents",
    columns=("incident_no", "type", "alarm_date", "alarm_time", "easting", "northing", "lsoa", "uprn"),
    reference="incident_no",
    type_column="type",
    types=FIRE_TYPES,
    from_date="alarm_date",
    from_time="alarm_time",
    premises="uprn",
)

DATED_SOURCES: tuple[DatedSource, ...] = (POLICE_EXTRACT, COUNCIL_ASB, FIRE_INCIDENTS)
