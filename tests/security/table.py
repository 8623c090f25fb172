"""Who may do what, as data. It repeats the policy on purpose: whoever changes one must mean it and change both."""

from frankpledge.ui.guards import ANONYMOUS
from frankpledge.vocabulary.permissions import Permission as P
from frankpledge.vocabulary.permissions import Role as R

YES, NO = True, False

# One row for each permission, one column for each role.
ROLES = (
    R.ANALYST,
    R.COORDINATOR,
    R.OFFICER,
    R.CREW,
    R.REPRESENTATIVE,
    R.MANAGER,
    R.SCRUTINY,
    R.ADMINISTRATOR,
)
MAY: dict[P, tuple[bool, ...]] = {
    #                     analyst coord offic crew  repr  manag scrut admin
    P.OWN_ACCOUNT:       (YES,    YES,  YES,  YES,  YES,  YES,  YES,  YES),
    P.VIEW_MY_WORK:      (YES,    YES,  YES,  YES,  YES,  YES,  YES,  YES),
    P.VIEW_PICTURE:      (YES,    YES,  YES,  NO,   YES,  YES,  YES,  NO),
    P.VIEW_EVIDENCE:     (YES,    YES,  NO,   NO,   NO,   YES,  NO,   NO),
    P.ADD_EVIDENCE:      (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.WITHDRAW_EVIDENCE: (YES,    NO,   NO,   NO,   NO,   NO,   NO,   NO),
    P.VIEW_QUARANTINE:   (YES,    NO,   NO,   NO,   NO,   NO,   NO,   NO),
    P.VIEW_JOB:          (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.MANAGE_PEOPLE:     (NO,     NO,   NO,   NO,   NO,   NO,   NO,   YES),
    P.MANAGE_AGREEMENTS: (NO,     YES,  NO,   NO,   NO,   NO,   NO,   YES),
    P.VIEW_AUDIT:        (NO,     NO,   NO,   NO,   NO,   NO,   NO,   YES),
    P.VIEW_EVENTS:       (YES,    NO,   NO,   NO,   NO,   NO,   NO,   NO),
    P.SETTLE_QUARANTINE: (YES,    NO,   NO,   NO,   NO,   NO,   NO,   NO),
    P.MANAGE_PROFILES:   (YES,    NO,   NO,   NO,   NO,   NO,   NO,   NO),
    P.MATCH_ADDRESSES:   (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.VIEW_PEOPLE:       (NO,     YES,  YES,  NO,   NO,   NO,   NO,   NO),
    P.MATCH_PEOPLE:      (NO,     YES,  YES,  NO,   NO,   NO,   NO,   NO),
    P.VIEW_ALERTS:       (YES,    YES,  YES,  NO,   NO,   YES,  NO,   NO),
    P.DECIDE_ALERTS:     (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.VIEW_ASSESSMENT:   (YES,    YES,  YES,  NO,   YES,  YES,  YES,  NO),
    P.WRITE_ASSESSMENT:  (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.APPROVE_ASSESSMENT:(NO,     YES,  NO,   NO,   NO,   YES,  NO,   NO),
    P.VIEW_PLAN:         (YES,    YES,  YES,  NO,   YES,  YES,  YES,  NO),
    P.EDIT_PLAN:         (NO,     YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.EDIT_MONEY:        (NO,     YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.APPROVE_MONEY:     (NO,     NO,   NO,   NO,   NO,   YES,  NO,   NO),
    P.EDIT_INDICATORS:   (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.FILL_FIGURES:      (YES,    YES,  YES,  NO,   YES,  NO,   NO,   NO),
    P.VIEW_ACTIONS:      (YES,    YES,  YES,  NO,   YES,  YES,  YES,  NO),
    P.EDIT_ACTIONS:      (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.VIEW_PERFORMANCE:  (YES,    YES,  YES,  NO,   YES,  YES,  YES,  NO),
    P.MAKE_PACK:         (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.VIEW_CLAIMS:       (YES,    YES,  YES,  NO,   YES,  YES,  YES,  NO),
    P.EDIT_CLAIMS:       (YES,    YES,  NO,   NO,   NO,   NO,   NO,   NO),
    P.SIGN_CLAIMS:       (NO,     YES,  NO,   NO,   NO,   YES,  NO,   NO),
}  # fmt: skip

# Every address and what it asks for.
ROUTES: dict[str, str | P] = {
    "health": ANONYMOUS,
    "set_language": ANONYMOUS,
    "overview:colours": ANONYMOUS,
    "account_login": ANONYMOUS,
    "account_logout": ANONYMOUS,
    "account_reset_password": ANONYMOUS,
    "account_reset_password_done": ANONYMOUS,
    "account_reset_password_from_key": ANONYMOUS,
    "account_reset_password_from_key_done": ANONYMOUS,
    "mfa_authenticate": ANONYMOUS,
    "account_reauthenticate": P.OWN_ACCOUNT,
    "account_change_password": P.OWN_ACCOUNT,
    "account_set_password": P.OWN_ACCOUNT,
    "mfa_index": P.OWN_ACCOUNT,
    "mfa_reauthenticate": P.OWN_ACCOUNT,
    "mfa_reauthenticate_webauthn": P.OWN_ACCOUNT,
    "mfa_activate_totp": P.OWN_ACCOUNT,
    "mfa_deactivate_totp": P.OWN_ACCOUNT,
    "mfa_view_recovery_codes": P.OWN_ACCOUNT,
    "mfa_generate_recovery_codes": P.OWN_ACCOUNT,
    "mfa_download_recovery_codes": P.OWN_ACCOUNT,
    "mfa_list_webauthn": P.OWN_ACCOUNT,
    "mfa_add_webauthn": P.OWN_ACCOUNT,
    "mfa_edit_webauthn": P.OWN_ACCOUNT,
    "mfa_remove_webauthn": P.OWN_ACCOUNT,
    "agencies:my_account": P.OWN_ACCOUNT,
    "agencies:second_factor": P.OWN_ACCOUNT,
    "agencies:people": P.MANAGE_PEOPLE,
    "agencies:add_person": P.MANAGE_PEOPLE,
    "agencies:person": P.MANAGE_PEOPLE,
    "agencies:correct_person": P.MANAGE_PEOPLE,
    "agencies:add_role": P.MANAGE_PEOPLE,
    "agencies:end_role": P.MANAGE_PEOPLE,
    "agencies:change_account": P.MANAGE_PEOPLE,
    "agencies:add_agency": P.MANAGE_PEOPLE,
    "agencies:agreements": P.MANAGE_AGREEMENTS,
    "agencies:add_agreement": P.MANAGE_AGREEMENTS,
    "agencies:agreement": P.MANAGE_AGREEMENTS,
    "agencies:end_agreement": P.MANAGE_AGREEMENTS,
    "audit:trail": P.VIEW_AUDIT,
    "overview:my_work": P.VIEW_MY_WORK,
    "overview:mark_as_read": P.VIEW_MY_WORK,
    "overview:partnership": P.MANAGE_PEOPLE,
    "assessment:assess": P.VIEW_PICTURE,
    "exploring:picture": P.VIEW_PICTURE,
    "exploring:picture_table": P.VIEW_PICTURE,
    "incidents:evidence": P.VIEW_EVIDENCE,
    "incidents:batch": P.VIEW_EVIDENCE,
    "incidents:upload": P.ADD_EVIDENCE,
    "incidents:quarantine": P.VIEW_QUARANTINE,
    "incidents:withdraw": P.WITHDRAW_EVIDENCE,
    "jobs:job": P.VIEW_JOB,
    "jobs:stop": P.VIEW_JOB,
}


def may(role: R, permission: P) -> bool:
    """The table's answer."""
    return MAY[permission][ROLES.index(role)]
