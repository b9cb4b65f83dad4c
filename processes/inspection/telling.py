"""Tells a unit, a team and the agency what an inspection brings, each once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine import outbox, people
from engine.mail import Notice
from engine.models import Person, Unit
from engine.people import local_day
from engine.setup import ActionCall
from processes.awards.models import Inspection

UNIT_ROLES = ("unit_head", "unit_officer")


@dataclass(frozen=True)
class Said:
    """What is told, in Vietnamese and English. ``about`` names the cause: it is told once for each."""

    about: str
    subject: tuple[str, str]
    lines: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, str], ...] = ()


def tell(call: ActionCall, inspection: Inspection, said: Said, recipients: Iterable[Person]) -> None:
    """Mail people something about an inspection."""
    unit = inspection.unit
    outbox.notify(
        call.session,
        kind="notice",
        recipients=list(dict.fromkeys(recipients)),
        facts=Notice(
            subject_vi=f"{said.subject[0]} {inspection.code}: {unit.name}",
            subject_en=f"{said.subject[1]} {inspection.code}: {unit.name_en or unit.name}",
            lines_vi=tuple(line[0] for line in said.lines),
            lines_en=tuple(line[1] for line in said.lines),
            rows=said.rows,
            path=f"/inspections/{inspection.id}",
        ),
        dedupe=f"{said.about}:inspection:{inspection.id}",
        now=call.now,
        instance_id=call.instance.id,
    )


def unit_people(call: ActionCall, unit: Unit) -> list[Person]:
    """Return the heads and officers of a unit today."""
    return holders(call, UNIT_ROLES, unit.code)


def holders(call: ActionCall, roles: Sequence[str], unit_code: str = "") -> list[Person]:
    """Return who holds one of the roles today, in a unit or in the whole city."""
    on = local_day(call.now)
    return [
        person for role in roles for person in people.people_holding(call.session, role, unit_code, on=on)
    ]


def team_people(inspection: Inspection) -> list[Person]:
    """Return the members of the team."""
    return [member.person for member in inspection.team]
