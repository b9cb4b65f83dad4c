"""Invents the people of a dry run: for each role that the diagrams name, in each unit, two of them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people
from engine.dry_runs.demands import Demands
from engine.errors import InvalidInputError
from engine.models import Person, RoleHolding, Unit
from engine.setup import Role

PLAYER_ROLE: Final = "dry_run_player"
"""Held by the player: he may try a failed step again."""
PLAYER: Final = "dry_run.player"
INVENTED_UNITS: Final = {"unit_a": ("Đơn vị A", "Unit A"), "unit_b": ("Đơn vị B", "Unit B")}
_LONG_AGO: Final = timedelta(days=36_500)
_EACH: Final = 2
"""Two, so that a step which another person has to do finds one."""


@dataclass(frozen=True)
class Part:
    """A role to be held: in a unit, or (empty) in the whole city."""

    role: str
    unit_code: str = ""


def roles_of(demands: Demands, known: Mapping[str, Role]) -> dict[str, Role]:
    """Return the known roles, those the diagrams name besides, and the player's."""
    unknown = {
        role: Role(role, role, role, per_unit=bool(unit))
        for role, unit in demands.groups
        if role not in known
    }
    return {**known, **unknown, PLAYER_ROLE: Role(PLAYER_ROLE, "Người chạy thử", "Player of the dry run")}


def units_of(demands: Demands) -> list[str]:
    """Return the codes of the units there are: the invented ones first, then those the diagrams name."""
    named = sorted({unit for _, unit in demands.groups if unit not in {"", "@"}})
    return [*INVENTED_UNITS, *(code for code in named if code not in INVENTED_UNITS)]


def invent(
    session: Session, demands: Demands, roles: Mapping[str, Role], *, language: str, now: datetime
) -> None:
    """Add units and people; mails to them are worded in ``language``. Flushes."""
    english = language == "en"
    units = {code: _add_unit(session, code) for code in units_of(demands)}
    player = people.create_person(session, username=PLAYER, full_name="–", language=language)
    _give(session, player, Part(PLAYER_ROLE), None, now)
    for username in sorted(demands.usernames):
        # A name that nobody can have stays without a person: the step that asks for it fails, as it will.
        with suppress(InvalidInputError):
            email = f"{username}@example.org"
            people.create_person(
                session, username=username, full_name=username, email=email, language=language
            )
    for part in sorted(_parts(demands, roles), key=lambda part: (part.role, part.unit_code)):
        role, unit = roles[part.role], units.get(part.unit_code)
        name = role.name_en if english else role.name_vi
        for number in range(1, _EACH + 1):
            _add_person(session, part, f"{name} {number}", number, unit=unit, language=language, now=now)


def player_of(session: Session) -> Person:
    """Return the player, as a person of the run."""
    return session.scalars(select(Person).where(Person.username == PLAYER)).one()


def _add_unit(session: Session, code: str) -> Unit:
    name, name_en = INVENTED_UNITS.get(code, (code, code))
    return people.create_unit(session, code=code, name=name, name_en=name_en, kind="invented")


def _add_person(  # noqa: PLR0913  # who it is
    session: Session, part: Part, name: str, number: int, *, unit: Unit | None, language: str, now: datetime
) -> None:
    where = f".{part.unit_code}" if part.unit_code else ""
    username = f"{part.role[:30]}{where[:25]}.{number}"
    person = people.create_person(
        session,
        username=username,
        full_name=name,
        job_title=(unit.name_en if language == "en" else unit.name) if unit else "",
        email=f"{username}@example.org",
        unit=unit,
        language=language,
    )
    _give(session, person, part, unit, now)


def _give(session: Session, person: Person, part: Part, unit: Unit | None, now: datetime) -> None:
    """Let a person hold a role where the diagram asks for it, even if it is no place for that role."""
    starts_on = people.local_day(now) - _LONG_AGO
    session.add(RoleHolding(person=person, role=part.role, unit=unit, starts_on=starts_on))


def _parts(demands: Demands, roles: Mapping[str, Role]) -> set[Part]:
    """All parts the diagrams name, and those of the heads who are told of what is late."""
    named = {Part(role, code) for role, unit in demands.groups for code in _codes(demands, unit)}
    return named | set(_heads(named, roles))


def _heads(parts: Iterable[Part], roles: Mapping[str, Role]) -> Iterator[Part]:
    for part in parts:
        head = roles.get(roles[part.role].head_role or "")
        if head is not None:
            yield Part(head.code, part.unit_code if head.per_unit else "")


def _codes(demands: Demands, unit: str) -> list[str]:
    return units_of(demands) if unit == "@" else [unit]
