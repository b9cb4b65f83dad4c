"""Arranges what tests need: people, units and published definitions."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from engine import definitions, people
from engine.models import DefinitionVersion, Person, RoleHolding, Unit

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Nine in the morning in Hải Phòng, on a working day."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

_HEADER = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    ' id="definitions" targetNamespace="http://example.org"'
    ' modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.5.0">'
)


def unit(session: Session, code: str) -> Unit:
    """Return the unit of that code; it is made where there is none."""
    return people.find_unit(session, code) or people.create_unit(
        session, code=code, name=code, kind="department"
    )


def person(
    session: Session, username: str, roles: Iterable[tuple[str, str]] = (), *, home: str = ""
) -> Person:
    """Make a person who has held ``roles`` for long: pairs of role and unit code ("" is the whole city).

    Roles are given as they are, whether or not the session's setup knows them.
    """
    found = people.create_person(
        session,
        username=username,
        full_name=username.replace("_", " ").title(),
        email=f"{username}@example.org",
        unit=unit(session, home) if home else None,
    )
    for role, unit_code in roles:
        where = unit(session, unit_code) if unit_code else None
        session.add(RoleHolding(person=found, role=role, unit=where, starts_on=date(2026, 1, 1)))
    session.flush()
    return found


def bpmn(key: str, *body: str, declarations: str = "") -> bytes:
    """Return a diagram with one executable process; ``declarations`` are messages, errors and the like."""
    process = f'<process id="{key}" name="{key}" isExecutable="true">{"".join(body)}</process>'
    return f"{_HEADER}{declarations}{process}</definitions>".encode()


def flow(*path: str) -> str:
    """Return sequence flows along a path of elements, with ids ``source__target``."""
    return "".join(
        f'<sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairwise(path)
    )


def start_and_end() -> str:
    """Return the start event ``start`` and the end event ``end``."""
    return '<startEvent id="start"/><endEvent id="end"/>'


def user_task(  # noqa: PLR0913  # what a user task may have
    element_id: str,
    groups: str = "officer",
    *,
    assignee: str = "",
    due: str = "",
    properties: Mapping[str, str] | None = None,
    mappings: str = "",
) -> str:
    """Return a user task for candidate groups (text, or FEEL with ``=``), with a page in place of a form."""
    assignment = f' assignee="{assignee}"' if assignee else ""
    candidates = f' candidateGroups="{groups}"' if groups else ""
    schedule = f'<zeebe:taskSchedule dueDate="{due}"/>' if due else ""
    facts = "".join(
        f'<zeebe:property name="{name}" value="{value}"/>'
        for name, value in {"page": "plain", **(properties or {})}.items()
    )
    return (
        f'<userTask id="{element_id}" name="{element_id}"><extensionElements><zeebe:userTask/>'
        f"<zeebe:assignmentDefinition{assignment}{candidates}/>{schedule}{mappings}"
        f"<zeebe:properties>{facts}</zeebe:properties></extensionElements></userTask>"
    )


def service_task(element_id: str, action: str) -> str:
    """Return a service task that calls an action."""
    return (
        f'<serviceTask id="{element_id}" name="{element_id}"><extensionElements>'
        f'<zeebe:taskDefinition type="{action}"/></extensionElements></serviceTask>'
    )


def publish(
    session: Session, key: str, diagram: bytes, *, files: Mapping[str, bytes] | None = None
) -> DefinitionVersion:
    """Publish a bundle of one diagram and other files, four eyes included."""
    author = people.create_person(session, username=f"author.{key}", full_name="Author")
    publisher = people.create_person(session, username=f"publisher.{key}", full_name="Publisher")
    content = {f"{key}.bpmn": diagram, **(files or {})}
    version = definitions.create_draft(session, key, content, author=author, now=LONG_AGO, comment="")
    definitions.publish(session, version, publisher=publisher, now=LONG_AGO)
    return version
