"""Words of the audit trail."""

from enum import StrEnum


class Act(StrEnum):
    """What was done: the six verbs of the Data Protection Act 2018, s.62, and what happens at the door."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SIGN_IN = "sign-in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGN_OUT = "sign-out"
    REFUSAL = "refusal"
