"""Which areas of the site a person may open: pure predicates that routes and the menu share."""

from engine.people import Authority

COUNCIL_ROLES = ("council_secretary", "council_member", "council_chair")
AGENCY_ROLES = ("appraisal_officer", "agency_head", "home_affairs_director", "council_secretary")
UNIT_ROLES = ("unit_officer", "unit_head")
ADMINISTRATOR_ROLES = ("process_administrator", "system_administrator")
SEES_EVERYTHING = frozenset(
    {"appraisal_officer", "agency_head", "home_affairs_director", "council_secretary", "clerk", "chairman"}
    | {"city_office", "auditor", *ADMINISTRATOR_ROLES}
)
"""Roles whose work crosses all units, so that they read every instance (never a ballot)."""


def can_see_council(authority: Authority) -> bool:
    """Whether sessions of the council are shown: to its members, the agency, the chairman and auditors."""
    return _holds(authority, *COUNCIL_ROLES, *AGENCY_ROLES, "chairman", "auditor")


def can_see_decisions(authority: Authority) -> bool:
    """Whether decisions are shown; drafts are a matter of the service."""
    return bool(authority.roles)


def can_see_inspections(authority: Authority) -> bool:
    """Whether inspections are shown: to inspectors, the agency, auditors, and units about themselves."""
    return _holds(authority, "inspector", *AGENCY_ROLES, *UNIT_ROLES, "chairman", "auditor")


def can_plan_inspections(authority: Authority) -> bool:
    """Whether recurring inspections may be set up."""
    return _holds(authority, "inspector", "agency_head", "process_administrator")


def can_see_definitions(authority: Authority) -> bool:
    """Whether processes and their versions are shown."""
    return _holds(authority, *ADMINISTRATOR_ROLES, "agency_head", "auditor")


def can_publish(authority: Authority) -> bool:
    """Whether a draft may be published; that the author may not is the service's rule."""
    return _holds(authority, "process_administrator")


def can_see_people(authority: Authority) -> bool:
    """Whether the list of people, units and roles is shown."""
    return _holds(authority, "system_administrator", "auditor")


def can_manage_people(authority: Authority) -> bool:
    """Whether people may be added and given roles."""
    return _holds(authority, "system_administrator")


def can_see_catalogue(authority: Authority) -> bool:
    """Whether the catalogue and the rule sets are shown: to everybody who has a role."""
    return bool(authority.roles)


def can_see_mails(authority: Authority) -> bool:
    """Whether sent mails are shown."""
    return _holds(authority, *ADMINISTRATOR_ROLES, "auditor")


def can_see_incidents(authority: Authority) -> bool:
    """Whether incidents are shown."""
    return _holds(authority, *ADMINISTRATOR_ROLES, "auditor")


def can_mend(authority: Authority) -> bool:
    """Whether a failed step may be tried again and a mail be sent again."""
    return _holds(authority, *ADMINISTRATOR_ROLES)


def _holds(authority: Authority, *roles: str) -> bool:
    return any(authority.holds_any(role) for role in roles)
