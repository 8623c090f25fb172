"""Words of agencies and their agreements. The value stored is the word on the form."""

import re
from enum import StrEnum

HOUSE_COLOUR = "#17315c"  # until a partnership chooses its own
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class AgencyKind(StrEnum):
    """What sort of body an agency is (Crime and Disorder Act 1998, s.5 names the responsible authorities)."""

    POLICE = "police"
    COUNCIL = "council"
    FIRE = "fire and rescue"
    PROBATION = "probation"
    HEALTH = "health"
    HOUSING = "housing provider"
    CHARITY = "charity"
    OTHER = "other"


class DataClass(StrEnum):
    """What may be shared under an agreement."""

    DEPERSONALISED = "depersonalised records"
    CRIME = "crime records"
    ANTI_SOCIAL_BEHAVIOUR = "anti-social behaviour records"
    FIRE = "fire and rescue records"
    COUNCIL_SERVICES = "council service records"
    VICTIMS = "details of victims"
    OFFENDERS = "details of offenders"
    HEALTH = "health records"


class Purpose(StrEnum):
    """What shared data may be used for."""

    ASSESSMENT = "strategic assessment"
    CRIME_REDUCTION = "reducing crime and disorder"
    HOME_SECURITY = "home security"
    OFFENDER_MANAGEMENT = "offender management"
    SAFEGUARDING = "safeguarding"
    ANTI_SOCIAL_BEHAVIOUR = "anti-social behaviour case work"


class AgreementState(StrEnum):
    """Where an agreement is in its life."""

    DRAFT = "draft"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    ENDED = "ended"
