"""How much of each offence there is, where, and at what hour: believable for a district of its size, and nothing more.

Rates are per 1,000 residents a year in an area of middling hardship. They are set by eye from data.police.uk totals of
shire districts; no method is to be checked against them. Only burglary of homes has a modelled truth.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence as the police extract words it, its police.uk type, and where and when it gathers."""

    title: str
    code: str  # Home Office counting rules classification
    police_uk_type: str
    rate: float
    hardship: float  # ratio of the hardest-up area to the most comfortable
    centre: float  # ratio of the town centre to elsewhere
    hours: str  # a key of parameters.HOURS
    place: str  # home, shop, workplace or street
    unknown_start: float = 0.0  # share found later: the record has an interval of hours


OFFENCES: tuple[Offence, ...] = (
    Offence("Violence without injury", "105A", "Violence and sexual offences", 8.6, 5, 4, "evening", "home"),
    Offence("Violence with injury", "8N", "Violence and sexual offences", 6.8, 5, 7, "evening", "street"),
    Offence("Stalking and harassment", "8L", "Violence and sexual offences", 6.1, 4, 2, "day", "home"),
    Offence("Sexual offence", "20A", "Violence and sexual offences", 1.9, 3, 3, "night", "home"),
    Offence("Public order", "9A", "Public order", 5.0, 4, 9, "evening", "street"),
    Offence("Criminal damage to a vehicle", "58C", "Criminal damage and arson", 1.9, 4, 2, "night", "street", 0.6),
    Offence("Criminal damage to a dwelling", "58A", "Criminal damage and arson", 1.4, 5, 2, "night", "home", 0.4),
    Offence("Criminal damage", "58D", "Criminal damage and arson", 1.7, 4, 6, "night", "street", 0.4),
    Offence("Arson", "56A", "Criminal damage and arson", 0.25, 6, 2, "night", "street"),
    Offence("Other theft", "49A", "Other theft", 4.7, 2.5, 5, "day", "street", 0.5),
    Offence("Shoplifting", "46", "Shoplifting", 5.4, 2, 30, "shop", "shop"),
    Offence("Theft from a motor vehicle", "45", "Vehicle crime", 1.9, 2, 2, "night", "street", 0.8),
    Offence("Theft of a motor vehicle", "48", "Vehicle crime", 1.1, 2, 1.5, "night", "street", 0.7),
    Offence("Vehicle interference", "126", "Vehicle crime", 0.58, 2, 1.5, "night", "street", 0.5),
    Offence("Theft of a pedal cycle", "44", "Bicycle theft", 0.72, 2, 9, "day", "street", 0.7),
    Offence("Theft from the person", "39", "Theft from the person", 0.58, 2, 20, "evening", "street"),
    Offence("Robbery - personal", "34B", "Robbery", 0.54, 5, 9, "evening", "street"),
    Offence("Robbery - business", "34A", "Robbery", 0.07, 3, 10, "evening", "shop"),
    Offence("Drug possession", "92D", "Drugs", 1.4, 4, 8, "evening", "street"),
    Offence("Drug trafficking", "92A", "Drugs", 0.50, 5, 3, "day", "home"),
    Offence("Possession of weapons", "10D", "Possession of weapons", 0.72, 4, 7, "evening", "street"),
    Offence("Other crime", "99", "Other crime", 1.4, 3, 3, "day", "home"),
    Offence("Anti-social behaviour", "", "Anti-social behaviour", 15.1, 4, 6, "evening", "street"),
)
HOME_BURGLARY = Offence("Burglary - residential", "28E", "Burglary", 0, 1, 1, "home working day", "home")
HOME_BURGLARY_ATTEMPT = Offence(
    "Burglary - residential - attempt", "28F", "Burglary", 0, 1, 1, "home working day", "home"
)
BUSINESS_BURGLARY = Offence("Burglary - business and community", "30C", "Burglary", 0, 1, 1, "business", "workplace")
ALL_OFFENCES: tuple[Offence, ...] = (*OFFENCES, HOME_BURGLARY, HOME_BURGLARY_ATTEMPT, BUSINESS_BURGLARY)

# Summer for what happens outdoors; everything else is level. January to December, mean 1.
OUTDOOR_SEASON = (0.86, 0.86, 0.94, 1.0, 1.06, 1.12, 1.16, 1.14, 1.06, 1.0, 0.92, 0.88)
LEVEL_SEASON = (0.97, 0.97, 1.0, 1.0, 1.02, 1.02, 1.03, 1.02, 1.0, 1.0, 0.99, 0.98)
OUTDOOR_TYPES = ("Anti-social behaviour", "Public order", "Violence and sexual offences", "Criminal damage and arson")
WEEK = {
    "evening": (0.88, 0.86, 0.88, 0.94, 1.14, 1.3, 1.0),
    "night": (0.94, 0.92, 0.94, 0.98, 1.08, 1.12, 1.02),
    "business": (1.02, 0.96, 0.96, 0.98, 1.0, 1.04, 1.04),
    "day": (1.06, 1.06, 1.06, 1.04, 1.06, 0.92, 0.8),
    "shop": (1.0, 1.0, 1.02, 1.04, 1.12, 1.1, 0.72),
}

# Last outcome as data.police.uk words it, with shares. Anti-social behaviour has none.
_NO_SUSPECT, _UNABLE = "Investigation complete; no suspect identified", "Unable to prosecute suspect"
_COURT = "Court result unavailable"
OUTCOMES: dict[str, tuple[tuple[str, float], ...]] = {
    "Violence and sexual offences": (
        (_UNABLE, 0.68),
        (_NO_SUSPECT, 0.15),
        (_COURT, 0.08),
        ("Local resolution", 0.05),
        ("Action to be taken by another organisation", 0.04),
    ),
    "Drugs": (("Local resolution", 0.4), (_UNABLE, 0.3), (_COURT, 0.18), ("Offender given a caution", 0.12)),
    "Shoplifting": ((_NO_SUSPECT, 0.6), (_UNABLE, 0.18), (_COURT, 0.16), ("Local resolution", 0.06)),
    "Public order": ((_UNABLE, 0.55), (_NO_SUSPECT, 0.33), (_COURT, 0.07), ("Local resolution", 0.05)),
    "Possession of weapons": ((_UNABLE, 0.4), (_COURT, 0.4), ("Offender given a caution", 0.2)),
    "Burglary": ((_NO_SUSPECT, 0.78), (_UNABLE, 0.15), (_COURT, 0.05), ("Awaiting court outcome", 0.02)),
}
OTHER_OUTCOMES: tuple[tuple[str, float], ...] = (
    (_NO_SUSPECT, 0.76),
    (_UNABLE, 0.18),
    (_COURT, 0.06),
)
UNDER_INVESTIGATION = "Under investigation"

# Council: category, reports a month in the district, hours, hardship
COUNCIL_CATEGORIES: tuple[tuple[str, float, str, float], ...] = (
    ("Noise", 62, "night", 3),
    ("Rowdy or inconsiderate behaviour", 48, "evening", 4),
    ("Neighbour dispute", 26, "day", 3),
    ("Nuisance vehicles", 14, "evening", 2),
    ("Street drinking", 11, "evening", 4),
    ("Animal nuisance", 12, "day", 2),
    ("Drug paraphernalia", 6, "day", 6),
    ("Fly-tipping", 118, "day", 4),
    ("Graffiti", 15, "day", 4),
    ("Litter", 34, "day", 2),
    ("Dog fouling", 28, "day", 2),
    ("Abandoned vehicle", 21, "day", 2),
)
# Fire service: type, incidents a year in the district, hours, hardship, in a home
FIRE_TYPES: tuple[tuple[str, float, str, float, bool], ...] = (
    ("Accidental dwelling fire", 46, "evening", 3, True),
    ("Deliberate dwelling fire", 5, "night", 6, True),
    ("Deliberate primary fire", 19, "night", 5, False),
    ("Deliberate secondary fire", 104, "evening", 5, False),
    ("Deliberate vehicle fire", 22, "night", 5, False),
)
FIRE_SEASON = (0.8, 0.8, 0.95, 1.15, 1.1, 1.1, 1.15, 1.1, 0.95, 1.1, 1.1, 0.7)
