"""Which processes a person may begin himself, and how he does.

The start event says who: its property ``started_by`` lists roles. What begins knows ``starter``, his user
name, and ``unit_code``, the unit for which he acts (empty: the whole city).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances, people
from engine.diagram import Diagram
from engine.errors import NotFoundError
from engine.ingest.variables import STARTED_BY
from engine.models import DefinitionVersion, Person, ProcessInstance, VersionState
from engine.people import Authority


@dataclass(frozen=True)
class Beginning:
    """A way in that a person may take."""

    key: str
    name: str
    name_en: str
    element_id: str
    unit_codes: tuple[str, ...]
    """The units for which he may begin it; an empty code is the whole city."""


def find_beginnings(session: Session, authority: Authority) -> list[Beginning]:
    """Return what this person may begin, by name; the versions in use alone."""
    used = select(DefinitionVersion).where(DefinitionVersion.state == VersionState.PUBLISHED)
    found: list[Beginning] = []
    for version in session.scalars(used):
        for diagram in definitions.program_of(session, version.id).diagrams.values():
            found += _ways_in(version, diagram, authority)
    return sorted(found, key=lambda one: one.name)


def begin(  # noqa: PLR0913  # who begins what, for whom
    session: Session,
    key: str,
    element_id: str,
    *,
    unit_code: str,
    starter: Person,
    authority: Authority,
    now: datetime,
) -> ProcessInstance:
    """Begin a process for a unit. Flushes.

    Raises:
        NotFoundError: it is not for this person to begin it there.
        StepFailedError: a first step failed; nothing is left.

    """
    for one in find_beginnings(session, authority):
        if (one.key, one.element_id) == (key, element_id) and unit_code in one.unit_codes:
            return instances.start(
                session,
                key,
                variables={"starter": starter.username, "unit_code": unit_code},
                title=f"{one.name} · {starter.full_name}",
                unit=people.find_unit(session, unit_code) if unit_code else None,
                start_element_id=element_id,
                actor=starter,
                now=now,
            )
    raise NotFoundError(f"person {starter.id} may not begin {key} at {element_id} for {unit_code!r}")


def _ways_in(version: DefinitionVersion, diagram: Diagram, authority: Authority) -> list[Beginning]:
    found: list[Beginning] = []
    for element in diagram.elements.values():
        if element.kind != "startEvent" or element.scope_id != version.key:
            continue
        codes = {code for role in element.listed(STARTED_BY) for code in authority.units_of(role)}
        if codes:
            units = tuple(sorted(codes))
            found.append(Beginning(version.key, version.name, version.name_en, element.id, units))
    return found
