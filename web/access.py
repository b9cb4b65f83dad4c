"""Which areas of the site a person may open: pure predicates that routes and the menu share."""

from collections.abc import Collection, Mapping

from engine.people import Authority
from processes.awards.permissions import can_see_council, sees_everything
from processes.awards.roles import ADMINISTERS

__all__ = [
    "administers_schedules",
    "can_edit_definitions",
    "can_manage_people",
    "can_mend",
    "can_operate",
    "can_plan_inspections",
    "can_publish",
    "can_see_catalogue",
    "can_see_council",
    "can_see_decisions",
    "can_see_definitions",
    "can_see_directives",
    "can_see_incidents",
    "can_see_inspections",
    "can_see_mails",
    "can_see_people",
    "can_see_schedules",
    "schedules_managed",
    "schedules_seen",
]

SCHEDULED_BY: Mapping[str, tuple[str, ...]] = {
    "inspection": ("inspector", "agency_head"),
    "inspection_plan": ("inspector", "agency_head"),
    "directive_report": ("appraisal_officer", "agency_head"),
}
"""Processes whose schedules are not the process administrators' alone: who sees and manages them too."""
INSPECTION_ROLES = ("inspector", "unit_officer", "unit_head")
ADMINISTRATOR_ROLES = tuple(sorted(ADMINISTERS))


def can_see_decisions(authority: Authority) -> bool:
    """Whether decisions are shown; drafts are a matter of the service."""
    return bool(authority.roles)


def can_see_inspections(authority: Authority) -> bool:
    """Whether inspections are shown: to inspectors, the agency, auditors, and units about themselves."""
    return sees_everything(authority) or _holds(authority, *INSPECTION_ROLES)


def can_plan_inspections(authority: Authority) -> bool:
    """Whether recurring inspections may be set up."""
    return _holds(authority, "inspector", "agency_head")


def schedules_seen(authority: Authority) -> Collection[str] | None:
    """Return the processes whose schedules are shown; None stands for all."""
    if _holds(authority, *ADMINISTRATOR_ROLES, "auditor"):
        return None
    return _scheduled_by(authority)


def schedules_managed(authority: Authority) -> Collection[str] | None:
    """Return the processes whose schedules may be set up and changed; None stands for all."""
    return None if _holds(authority, "process_administrator") else _scheduled_by(authority)


def can_see_schedules(authority: Authority) -> bool:
    """Whether there is a schedule that may be shown."""
    return schedules_seen(authority) != frozenset()


def can_see_directives(authority: Authority) -> bool:
    """Whether directives are shown; which ones is a matter of the service."""
    return bool(authority.roles)


def administers_schedules(authority: Authority) -> bool:
    """Whether schedules are shown among what is administered, not among one's own work."""
    return schedules_seen(authority) is None


def can_see_definitions(authority: Authority) -> bool:
    """Whether processes and their versions are shown."""
    return _holds(authority, *ADMINISTRATOR_ROLES, "agency_head", "auditor")


def can_edit_definitions(authority: Authority) -> bool:
    """Whether drafts of processes may be opened, changed and submitted."""
    return _holds(authority, "process_administrator")


def can_publish(authority: Authority) -> bool:
    """Whether a draft may be published; that the author may not is the service's rule."""
    return _holds(authority, "process_administrator")


def can_operate(authority: Authority) -> bool:
    """Whether running instances may be moved to another version, suspended, moved on and cancelled."""
    return can_publish(authority)


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


def _scheduled_by(authority: Authority) -> frozenset[str]:
    return frozenset(key for key, roles in SCHEDULED_BY.items() if _holds(authority, *roles))


def _holds(authority: Authority, *roles: str) -> bool:
    return any(authority.holds_any(role) for role in roles)
