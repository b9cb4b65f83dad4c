"""People begin what their roles let them begin, for the units in which they hold them."""

import pytest
from factories import MONDAY, bpmn, flow, person, publish, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances, people, starting
from engine.errors import NotFoundError
from engine.ingest import Severity, Surroundings, check_files
from engine.models import Person, Task
from engine.people import Authority


def request(started_by: str) -> bytes:
    """Return a process that people with a role may begin; its task goes to the head of the unit."""
    start = (
        '<startEvent id="start" name="start"><extensionElements><zeebe:properties>'
        f'<zeebe:property name="started_by" value="{started_by}"/></zeebe:properties></extensionElements>'
        "</startEvent>"
    )
    task = user_task("decide", "=&quot;unit_head@&quot; + unit_code")
    return bpmn("request", start, '<endEvent id="end"/>', task, flow("start", "decide", "end"))


def authority(session: Session, who: Person) -> Authority:
    """Return what a person may act as."""
    return people.authority_of(session, who, on=people.local_day(MONDAY))


def test_a_person_begins_for_the_unit_of_his_role(session: Session) -> None:
    publish(session, "request", request("unit_head, officer"))
    chi = person(session, "chi", [("unit_head", "sales"), ("unit_head", "stock")])
    (way,) = starting.find_beginnings(session, authority(session, chi))
    assert (way.key, way.element_id, way.unit_codes) == ("request", "start", ("sales", "stock"))
    begun = starting.begin(
        session,
        "request",
        "start",
        unit_code="stock",
        starter=chi,
        authority=authority(session, chi),
        now=MONDAY,
    )
    assert begun.unit is not None
    assert begun.unit.code == "stock"
    assert instances.variables_at(session, begun.id, None) == {"starter": "chi", "unit_code": "stock"}
    assert session.scalars(select(Task)).one().element_id == "decide"


@pytest.mark.parametrize(
    ("roles", "unit_code", "started_by"),
    [
        ([("unit_head", "sales")], "stock", "unit_head"),
        ([("unit_head", "sales")], "", "unit_head"),
        ([("officer", "")], "", "unit_head"),
        ([], "", "unit_head"),
        ([("officer", "")], "", ""),
    ],
)
def test_nobody_begins_what_is_not_his(
    session: Session, roles: list[tuple[str, str]], unit_code: str, started_by: str
) -> None:
    publish(session, "request", request(started_by))
    who = person(session, "who", roles)
    with pytest.raises(NotFoundError):
        starting.begin(
            session,
            "request",
            "start",
            unit_code=unit_code,
            starter=who,
            authority=authority(session, who),
            now=MONDAY,
        )


@pytest.mark.parametrize(
    ("started_by", "codes"),
    [("unit_head", set[str]()), ("nobody", {"role_unknown"}), ("A B", {"role_malformed"})],
)
def test_who_may_begin_is_checked(started_by: str, codes: set[str]) -> None:
    surroundings = Surroundings(roles={"unit_head"}, actions=())
    found = check_files({"request.bpmn": request(started_by)}, surroundings, isolated=False)
    problems = [one for listed in found.values() for one in listed if one.severity is not Severity.NOTE]
    assert {one.code for one in problems} == codes
