"""Who may see and do what with dossiers, sessions, decisions and inspections: pure predicates."""

from sqlalchemy import ColumnElement, false, or_, select, true

from engine.models import Unit
from engine.people import Authority
from processes.awards.models import Dossier, DossierStage, Inspection
from processes.awards.roles import SEES_EVERYTHING

UNIT_ROLES = ("unit_officer", "unit_head")
COUNCIL_ROLES = ("council_member", "council_chair", "council_secretary")
AGENCY_ROLES = ("appraisal_officer", "agency_head")

SEEN_BY_COUNCIL = frozenset(
    {
        DossierStage.AWAITING_COUNCIL,
        DossierStage.VOTING,
        DossierStage.AWAITING_DECISION,
        DossierStage.AWAITING_CHAIRMAN,
        DossierStage.GRANTED,
        DossierStage.REFUSED,
    }
)

BEFORE_THE_DECISION = frozenset(DossierStage) - {
    DossierStage.GRANTED,
    DossierStage.REFUSED,
    DossierStage.WITHDRAWN,
}


def sees_everything(authority: Authority) -> bool:
    """Whether one of the person's roles may read every dossier, session and decision."""
    return any(role in SEES_EVERYTHING for role, _ in authority.roles)


def holds_one_of(authority: Authority, roles: tuple[str, ...], unit_code: str | None = None) -> bool:
    """Whether the person holds one of ``roles``, in that unit (or its successor) where one is named."""
    return any(
        role in roles and (unit_code is None or held_in == unit_code) for role, held_in in authority.reach
    )


def units_of(authority: Authority) -> frozenset[str]:
    """Return the codes of the units, past ones too, whose dossiers the person prepares or signs."""
    return frozenset(code for role, code in authority.reach if role in UNIT_ROLES and code)


def can_see_dossier(authority: Authority, dossier: Dossier) -> bool:
    """Whether the person may read a dossier: his unit's, the council's once it is there, or all."""
    if sees_everything(authority) or dossier.unit.code in units_of(authority):
        return True
    return holds_one_of(authority, COUNCIL_ROLES) and dossier.stage in SEEN_BY_COUNCIL


def dossiers_visible_to(authority: Authority) -> ColumnElement[bool]:
    """Return the condition on ``Dossier`` that says the same as ``can_see_dossier``."""
    if sees_everything(authority):
        return true()
    codes = units_of(authority)
    own = Dossier.unit_id.in_(select(Unit.id).where(Unit.code.in_(codes))) if codes else false()
    council = holds_one_of(authority, COUNCIL_ROLES)
    return or_(own, Dossier.stage.in_(SEEN_BY_COUNCIL) if council else false())


def can_nominate(authority: Authority, unit: Unit) -> bool:
    """Whether the person may begin a dossier of the unit; nobody does for one that was abolished."""
    return unit.code in authority.units_of("unit_officer")


def can_withdraw(authority: Authority, dossier: Dossier) -> bool:
    """Whether the person may withdraw the dossier: his unit's, before anything is decided."""
    return (
        dossier.withdrawn_at is None
        and dossier.stage in BEFORE_THE_DECISION
        and holds_one_of(authority, UNIT_ROLES, dossier.unit.code)
    )


def can_manage_council(authority: Authority) -> bool:
    """Whether the person may call sessions of the council."""
    return authority.holds_any("council_secretary")


def can_see_council(authority: Authority) -> bool:
    """Whether the person may read sessions of the council: its people, and those who see everything."""
    return sees_everything(authority) or holds_one_of(authority, COUNCIL_ROLES)


def can_draft_decision(authority: Authority) -> bool:
    """Whether the person may gather awards into a draft decision."""
    return holds_one_of(authority, (*AGENCY_ROLES, "clerk"))


def can_see_drafts(authority: Authority) -> bool:
    """Whether the person may read decisions before they are issued."""
    return sees_everything(authority)


def can_see_inspections_of(authority: Authority, unit: Unit) -> bool:
    """Whether the person may read inspections of the unit."""
    return (
        sees_everything(authority)
        or authority.holds_any("inspector")
        or holds_one_of(authority, UNIT_ROLES, unit.code)
    )


def can_see_inspection(authority: Authority, inspection: Inspection) -> bool:
    """Whether the person may read one: of his unit, by his unit, or any."""
    inspecting = inspection.inspecting_unit
    return can_see_inspections_of(authority, inspection.unit) or (
        inspecting is not None and can_see_inspections_of(authority, inspecting)
    )


def inspections_visible_to(authority: Authority) -> ColumnElement[bool]:
    """Return the condition on ``Inspection`` that says the same as ``can_see_inspection``."""
    if sees_everything(authority) or authority.holds_any("inspector"):
        return true()
    own = select(Unit.id).where(Unit.code.in_(units_of(authority)))
    return or_(Inspection.unit_id.in_(own), Inspection.inspecting_unit_id.in_(own))


def can_see_plans(authority: Authority) -> bool:
    """Whether the person may read yearly plans of inspections: the agency and those above it, no unit."""
    return sees_everything(authority) or authority.holds_any("inspector")


def can_lift_hold(authority: Authority) -> bool:
    """Whether the person may end a hold on awards before everything is mended."""
    return authority.holds_any("agency_head")


def can_manage_inspections(authority: Authority) -> bool:
    """Whether the person may order inspections and change what is planned."""
    return holds_one_of(authority, ("inspector", "agency_head"))


def can_change_clusters(authority: Authority) -> bool:
    """Whether the person may say which units form a cluster."""
    return authority.holds_any("agency_head")
