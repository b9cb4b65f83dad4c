"""Who may be in the team of an inspection, and who is."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from engine import people
from engine.models import Person, Unit
from engine.people import local_day
from engine.setup import ActionCall, FormCall
from processes.awards.answers import whole_of, wholes_of
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, TeamDuty, TeamMember

AGENCY_ROLES = ("inspector", "appraisal_officer")
UNIT_ROLES = ("unit_officer", "unit_head")


def find_candidates(call: ActionCall | FormCall, inspection: Inspection) -> list[Person]:
    """Return who may be appointed: the agency's people, in a cross-inspection those of the other unit.

    Nobody of the inspected unit is among them.
    """
    inspecting, on = inspection.inspecting_unit, local_day(call.now)
    roles, unit_code = (UNIT_ROLES, inspecting.code) if inspecting else (AGENCY_ROLES, "")
    found = [
        person for role in roles for person in people.people_holding(call.session, role, unit_code, on=on)
    ]
    free = [person for person in dict.fromkeys(found) if not _is_of_unit(call, person, inspection.unit)]
    return sorted(free, key=lambda person: person.sort_key)


def appoint(call: ActionCall, inspection: Inspection) -> None:
    """Write the team as it was chosen: one leader, one secretary, members. Flushes.

    Raises:
        AnswerError: leader or secretary is missing, one person has two duties, or somebody may not be in it.

    """
    leader, secretary = whole_of(call.variables, "team_leader"), whole_of(call.variables, "team_secretary")
    if leader is None:
        raise AnswerError("Chọn trưởng đoàn.", "Choose the leader of the team.")
    if secretary is None or secretary == leader:
        raise AnswerError("Chọn thư ký đoàn, khác trưởng đoàn.", "Choose a secretary who is not the leader.")
    others = [
        number for number in wholes_of(call.variables, "team_members") if number not in {leader, secretary}
    ]
    duties = {leader: TeamDuty.LEADER, secretary: TeamDuty.SECRETARY} | dict.fromkeys(others, TeamDuty.MEMBER)
    _check_members(call, inspection, list(duties))
    inspection.team.clear()
    call.session.flush()
    for position, (person_id, duty) in enumerate(duties.items(), start=1):
        person = call.session.get_one(Person, person_id)
        inspection.team.append(TeamMember(person=person, duty=duty, position=position))
    call.session.flush()


def member_of(inspection: Inspection, duty: TeamDuty) -> Person | None:
    """Return who has a duty in the team."""
    return next((member.person for member in inspection.team if member.duty is duty), None)


def _check_members(call: ActionCall, inspection: Inspection, person_ids: Sequence[int]) -> None:
    allowed = {person.id for person in find_candidates(call, inspection)}
    for person_id in person_ids:
        person = call.session.get(Person, person_id)
        name = person.full_name if person else str(person_id)
        if person is not None and _is_of_unit(call, person, inspection.unit):
            raise AnswerError(
                f"{name} thuộc đơn vị được kiểm tra nên không tham gia đoàn. Chọn người khác.",
                f"{name} belongs to the inspected unit and cannot be in the team. Choose somebody else.",
            )
        if person_id not in allowed:
            raise AnswerError(
                f"{name} không có vai trò để tham gia đoàn kiểm tra này. Chọn người trong danh sách.",
                f"{name} holds no role for this team. Choose somebody on the list.",
            )


def _is_of_unit(call: ActionCall | FormCall, person: Person, unit: Unit) -> bool:
    """Whether somebody works in the unit or acts for it today, under its present or an earlier name."""
    on = local_day(call.now)
    authority = people.authority_of(call.session, person, on=on)
    acts_for = Unit.code.in_({code for _, code in authority.roles if code})
    units = call.session.scalars(select(Unit).where(or_(acts_for, Unit.id == person.unit_id)))
    return any(people.is_same_body(one, unit, on=on) for one in units)
