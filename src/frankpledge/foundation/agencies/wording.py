"""Words of this room said in the reader's language. The stored word is the English one."""

from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies.vocabulary import AgencyKind, AgreementState, DataClass, Purpose
from frankpledge.vocabulary.permissions import Role

ROLES = {
    Role.ANALYST: _("Analyst"),
    Role.COORDINATOR: _("Coordinator"),
    Role.OFFICER: _("Officer"),
    Role.CREW: _("Crew"),
    Role.REPRESENTATIVE: _("Representative"),
    Role.MANAGER: _("Manager"),
    Role.SCRUTINY: _("Scrutiny"),
    Role.ADMINISTRATOR: _("Administrator"),
}
ROLES_IN_FULL = {
    Role.ANALYST: _("Analyst: pictures, evidence and quarantined rows; adds and withdraws evidence"),
    Role.COORDINATOR: _("Coordinator: pictures and evidence; adds evidence; keeps the agreements"),
    Role.OFFICER: _("Officer: pictures, and own work"),
    Role.CREW: _("Crew: own work only"),
    Role.REPRESENTATIVE: _("Representative: pictures, and own work"),
    Role.MANAGER: _("Manager: pictures and the catalogue of evidence"),
    Role.SCRUTINY: _("Scrutiny: pictures only"),
    Role.ADMINISTRATOR: _("Administrator: people, agreements and the audit trail; no evidence"),
}
AGENCY_KINDS = {
    AgencyKind.POLICE: _("Police"),
    AgencyKind.COUNCIL: _("Council"),
    AgencyKind.FIRE: _("Fire and rescue"),
    AgencyKind.PROBATION: _("Probation"),
    AgencyKind.HEALTH: _("Health"),
    AgencyKind.HOUSING: _("Housing provider"),
    AgencyKind.CHARITY: _("Charity"),
    AgencyKind.OTHER: _("Another body"),
}
DATA_CLASSES = {
    DataClass.DEPERSONALISED: _("Depersonalised records"),
    DataClass.CRIME: _("Crime records"),
    DataClass.ANTI_SOCIAL_BEHAVIOUR: _("Anti-social behaviour records"),
    DataClass.FIRE: _("Fire and rescue records"),
    DataClass.COUNCIL_SERVICES: _("Council service records"),
    DataClass.VICTIMS: _("Details of victims"),
    DataClass.OFFENDERS: _("Details of offenders"),
    DataClass.HEALTH: _("Health records"),
}
PURPOSES = {
    Purpose.ASSESSMENT: _("Strategic assessment"),
    Purpose.CRIME_REDUCTION: _("Reducing crime and disorder"),
    Purpose.HOME_SECURITY: _("Home security"),
    Purpose.OFFENDER_MANAGEMENT: _("Offender management"),
    Purpose.SAFEGUARDING: _("Safeguarding"),
    Purpose.ANTI_SOCIAL_BEHAVIOUR: _("Anti-social behaviour case work"),
}
AGREEMENT_STATES = {
    AgreementState.DRAFT: _("Draft"),
    AgreementState.IN_FORCE: _("In force"),
    AgreementState.SUSPENDED: _("Suspended"),
    AgreementState.ENDED: _("Ended"),
}
