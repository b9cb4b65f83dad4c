"""Giving, ending and lending of roles."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history, setup
from engine.errors import InvalidInputError, NotFoundError
from engine.models import Delegation, Person, RoleHolding, Unit
from engine.people.authority import local_day
from engine.people.heirs import is_abolished
from engine.text import nfc


class AppointmentError(InvalidInputError):
    """A role cannot be given or lent so.

    ``code`` of a role: unknown_role, needs_unit (it is held in a unit), has_no_unit (it is held in the whole
    city), unit_gone, reversed (the days), past (its end), held_already. Of a delegation: reversed, past,
    no_reason, to_oneself, taker_inactive, not_held (by the giver himself).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def give_role(  # noqa: PLR0913  # who, what, where, when, by whom
    session: Session,
    person: Person,
    role: str,
    *,
    now: datetime,
    unit: Unit | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: Person | None = None,
) -> RoleHolding:
    """Let a person hold a role from a day on (today by default), in a unit or in the whole city. Flushes.

    Raises:
        AppointmentError: no such role, a unit where there may be none or none where there must be one, an
            abolished one, an end before the start or past, or the role held already on one of the days.

    """
    first = starts_on or local_day(now)
    _check_role(session, role, unit)
    if unit is not None and is_abolished(unit, on=max(first, local_day(now))):
        raise AppointmentError("unit_gone", f"unit {unit.code} ended on {unit.valid_until}")
    if ends_on is not None and ends_on < first:
        raise AppointmentError("reversed", f"role {role} would end on {ends_on}, before it starts on {first}")
    if ends_on is not None and ends_on < local_day(now):
        raise AppointmentError("past", f"role {role} would have ended on {ends_on}")
    if _is_held(session, person, role, unit=unit, first=first, last=ends_on):
        raise AppointmentError("held_already", f"person {person.id} holds role {role} in that time already")
    holding = RoleHolding(person=person, role=role, unit=unit, starts_on=first, ends_on=ends_on)
    session.add(holding)
    session.flush()
    _record(session, "role_given", holding, actor=actor, now=now)
    return holding


def end_role(
    session: Session, holding: RoleHolding, *, last_day: date, now: datetime, actor: Person | None = None
) -> None:
    """Let a role end with ``last_day``; a day before its start takes it back altogether. Flushes."""
    if last_day < holding.starts_on:
        session.delete(holding)
    else:
        holding.ends_on = last_day
    session.flush()
    _record(session, "role_ended", holding, actor=actor, now=now)


def delegate(  # noqa: PLR0913  # who, to whom, what, when, why
    session: Session,
    *,
    giver: Person,
    taker: Person,
    role: str,
    starts_on: date,
    ends_on: date,
    reason: str,
    now: datetime,
    unit: Unit | None = None,
    actor: Person | None = None,
) -> Delegation:
    """Let ``taker`` act for ``giver`` in one of his roles, both days included. Flushes.

    Raises:
        AppointmentError: the days are in the wrong order or past, the giver holds no such role himself on the
            first day, the taker is the giver or inactive, or the reason is missing.

    """
    today = local_day(now)
    if ends_on < starts_on:
        raise AppointmentError("reversed", f"a delegation from {starts_on} to {ends_on}")
    if ends_on < today:
        raise AppointmentError("past", f"a delegation that ended on {ends_on}")
    if not reason.strip():
        raise AppointmentError("no_reason", "a delegation without a reason")
    if taker.id == giver.id:
        raise AppointmentError("to_oneself", f"person {taker.id} cannot act for himself")
    if not taker.is_active:
        raise AppointmentError("taker_inactive", f"person {taker.id} is inactive")
    first = max(starts_on, today)
    if not giver.is_active or not _is_held(session, giver, role, unit=unit, first=first, last=first):
        raise AppointmentError("not_held", f"person {giver.id} does not hold role {role} himself on {first}")
    delegation = Delegation(
        giver=giver,
        taker=taker,
        role=role,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=nfc(reason),
    )
    session.add(delegation)
    session.flush()
    _record(session, "role_delegated", delegation, actor=actor or giver, now=now)
    return delegation


def end_delegation(session: Session, delegation: Delegation, *, actor: Person, now: datetime) -> None:
    """Take a delegation back at once: it held until yesterday, or never. Flushes."""
    yesterday = date.fromordinal(local_day(now).toordinal() - 1)
    if yesterday < delegation.starts_on:
        session.delete(delegation)
    else:
        delegation.ends_on = min(delegation.ends_on, yesterday)
    session.flush()
    _record(session, "delegation_ended", delegation, actor=actor, now=now)


def delegations_of(session: Session, person: Person, *, on: date) -> list[Delegation]:
    """Return what a person lends or has been lent, running or to come."""
    mine = (Delegation.giver_id == person.id) | (Delegation.taker_id == person.id)
    found = (
        select(Delegation).where(mine, Delegation.ends_on >= on).order_by(Delegation.starts_on, Delegation.id)
    )
    return list(session.scalars(found))


def get_delegation(session: Session, delegation_id: int, *, reader: Person) -> Delegation:
    """Return a delegation its giver or taker may see.

    Raises:
        NotFoundError: there is none, or it is between others.

    """
    delegation = session.get(Delegation, delegation_id)
    if delegation is None or reader.id not in (delegation.giver_id, delegation.taker_id):
        raise NotFoundError(f"delegation {delegation_id} for person {reader.id}")
    return delegation


def _check_role(session: Session, role: str, unit: Unit | None) -> None:
    roles = setup.of(session).roles
    known = roles.get(role)
    if roles and known is None:
        raise AppointmentError("unknown_role", f"there is no role {role!r}")
    if known is not None and known.per_unit and unit is None:
        raise AppointmentError("needs_unit", f"role {role} is held in a unit")
    if known is not None and not known.per_unit and unit is not None:
        raise AppointmentError("has_no_unit", f"role {role} is held in the whole city")


def _is_held(  # noqa: PLR0913  # who, what, where, when
    session: Session, person: Person, role: str, *, unit: Unit | None, first: date, last: date | None
) -> bool:
    held = select(RoleHolding.id).where(
        RoleHolding.person_id == person.id,
        RoleHolding.role == role,
        RoleHolding.unit_id.is_(None) if unit is None else RoleHolding.unit_id == unit.id,
        RoleHolding.ends_on.is_(None) | (RoleHolding.ends_on >= first),
    )
    if last is not None:
        held = held.where(RoleHolding.starts_on <= last)
    return session.scalar(held.limit(1)) is not None


def _record(
    session: Session, kind: str, what: RoleHolding | Delegation, *, actor: Person | None, now: datetime
) -> None:
    holder = what.person_id if isinstance(what, RoleHolding) else what.taker_id
    details = {
        "person_id": holder,
        "role": what.role,
        "unit_id": what.unit_id,
        "starts_on": what.starts_on.isoformat(),
        "ends_on": what.ends_on.isoformat() if what.ends_on else None,
    }
    history.append(session, instance_id=None, kind=kind, actor=actor, now=now, details=details)
