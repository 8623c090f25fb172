"""What a person may be allowed to do. Which role may do which is decided in ``foundation.agencies.policy`` alone."""

from enum import StrEnum


class Role(StrEnum):
    """The parts people play in a partnership."""

    ANALYST = "analyst"
    COORDINATOR = "coordinator"
    OFFICER = "officer"
    CREW = "crew"
    REPRESENTATIVE = "representative"
    MANAGER = "manager"
    SCRUTINY = "scrutiny"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Verb and thing. The value is what the audit trail prints."""

    OWN_ACCOUNT = "use own account"
    VIEW_MY_WORK = "view own work"
    VIEW_PICTURE = "view aggregate picture"
    VIEW_EVIDENCE = "view evidence catalogue"
    ADD_EVIDENCE = "add evidence"
    WITHDRAW_EVIDENCE = "withdraw evidence"
    VIEW_QUARANTINE = "view quarantined rows"
    VIEW_JOB = "view progress of work"
    MANAGE_PEOPLE = "manage people and roles"
    MANAGE_AGREEMENTS = "manage sharing agreements"
    VIEW_AUDIT = "view audit trail"
