"""Ends an inspection before its conclusion, with the reason: unit and team are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine import history, instances, outbox, people
from engine.errors import NotAllowedError
from engine.mail import Notice
from engine.models import Person, ProcessInstance
from engine.people import Authority, local_day
from engine.text import nfc
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, InspectionState
from processes.inspection.telling import UNIT_ROLES, team_people
from processes.inspection_plan.progress import tell_plan_of


def can_cancel(authority: Authority, inspection: Inspection) -> bool:
    """Whether the person may end the inspection: the head of the agency, before it is concluded."""
    is_open = inspection.concluded_at is None and inspection.cancelled_at is None
    return is_open and authority.holds_any("agency_head")


def cancel_inspection(  # noqa: PLR0913  # which one, by whom, why
    session: Session,
    inspection: Inspection,
    *,
    actor: Person,
    authority: Authority,
    reason: str,
    now: datetime,
) -> None:
    """End an inspection where it stands: its tasks and its visit are dropped. Flushes.

    Raises:
        NotAllowedError: the person may not end it, or it is concluded.
        AnswerError: there is no reason.

    """
    if not can_cancel(authority, inspection):
        raise NotAllowedError(f"person {actor.id} may not cancel inspection {inspection.id}")
    said = nfc(reason).strip()
    if not said:
        raise AnswerError("Ghi lý do hủy cuộc kiểm tra.", "Say why the inspection is cancelled.")
    instance = session.get_one(ProcessInstance, inspection.instance_id)
    instances.cancel(session, instance, actor=None, reason=said, now=now)
    details = {"reason": said}
    history.append(
        session, instance_id=instance.id, kind="inspection_cancelled", actor=actor, now=now, details=details
    )
    inspection.state = InspectionState.CANCELLED
    inspection.cancelled_at, inspection.cancel_reason = now, said
    _tell(session, inspection, now=now)
    tell_plan_of(session, inspection, now=now)


def _tell(session: Session, inspection: Inspection, *, now: datetime) -> None:
    unit = inspection.unit
    concerned = [
        person
        for role in UNIT_ROLES
        for person in people.people_holding(session, role, unit.code, on=local_day(now))
    ]
    outbox.notify(
        session,
        kind="notice",
        recipients=dict.fromkeys([*concerned, *team_people(inspection)]),
        facts=Notice(
            subject_vi=f"Hủy cuộc kiểm tra {inspection.code}: {unit.name}",
            subject_en=f"Inspection cancelled {inspection.code}: {unit.name_en or unit.name}",
            lines_vi=("Cuộc kiểm tra không tiến hành nữa. Đơn vị không phải nộp báo cáo.",),
            lines_en=("The inspection does not take place. No report is due.",),
            rows=(("Lý do", "Reason", inspection.cancel_reason),),
            path=f"/inspections/{inspection.id}",
        ),
        dedupe=f"cancelled:inspection:{inspection.id}",
        now=now,
        instance_id=inspection.instance_id,
    )
