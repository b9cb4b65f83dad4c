"""Changes an approved plan: a unit is dropped or moved, with the reason, and is told."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine import history, outbox, people
from engine.errors import NotAllowedError
from engine.mail import Notice
from engine.models import Person
from engine.people import Authority, local_day
from engine.text import nfc
from processes.awards import permissions
from processes.awards.errors import AnswerError
from processes.awards.models import PlannedInspection, PlanState
from processes.inspection.telling import UNIT_ROLES
from processes.inspection_plan.days import check_days
from processes.inspection_plan.progress import throw_if_closed
from processes.inspection_plan.starts import arrange_starts, has_begun


@dataclass(frozen=True)
class By:
    """Who changes the plan, with what he may do, and why."""

    actor: Person
    authority: Authority
    reason: str


def drop_line(session: Session, line: PlannedInspection, *, by: By, now: datetime) -> None:
    """Take a unit out of an approved plan: nothing is started there; the unit is told. Flushes.

    Raises:
        NotAllowedError: the person plans no inspections.
        AnswerError: the plan is not approved, the unit was told already or is out, or there is no reason.

    """
    reason = _check(session, line, by)
    line.dropped_at, line.drop_reason = now, reason
    arrange_starts(session, line.plan, actor=by.actor, now=now)
    _note(session, line, "inspection_dropped", by=by, now=now, reason=reason)
    _tell(session, line, now=now, said=("Không kiểm tra theo kế hoạch", "Taken out of the inspection plan"))
    throw_if_closed(session, line.plan, now=now)


def move_line(  # noqa: PLR0913  # which line, to what days, by whom
    session: Session, line: PlannedInspection, *, notice_on: date, visit_on: date, by: By, now: datetime
) -> None:
    """Give a unit of an approved plan other days; the unit is told. Flushes.

    Raises:
        NotAllowedError: the person plans no inspections.
        AnswerError: as ``drop_line``, or a day cannot be taken.

    """
    reason = _check(session, line, by)
    days = check_days(session, line.plan, unit=line.unit, notice_on=notice_on, visit_on=visit_on, now=now)
    before = f"{line.visit_on:%d/%m/%Y}"
    line.notice_on, line.visit_on = days
    line.move_reason = reason
    arrange_starts(session, line.plan, actor=by.actor, now=now)
    _note(session, line, "inspection_moved", by=by, now=now, reason=reason)
    moved = (f"{before} → {visit_on:%d/%m/%Y}",)
    _tell(session, line, now=now, said=("Đổi ngày kiểm tra", "Inspection moved"), moved=moved)


def _check(session: Session, line: PlannedInspection, by: By) -> str:
    """Return the reason, once it is clear that the line may be changed."""
    if not permissions.can_manage_inspections(by.authority):
        raise NotAllowedError(f"person {by.actor.id} may not change plan {line.plan_id}")
    if line.plan.state is not PlanState.APPROVED:
        raise AnswerError("Kế hoạch chưa được phê duyệt hoặc đã tổng kết.", "The plan is not in force.")
    if line.dropped_at is not None:
        raise AnswerError("Đơn vị đã được đưa ra khỏi kế hoạch.", "The unit is out of the plan already.")
    if has_begun(session, line):
        raise AnswerError(
            "Cuộc kiểm tra đã mở. Đổi ngày hoặc hủy ở trang của cuộc kiểm tra.",
            "The inspection has begun. Change its day or cancel it on its own page.",
        )
    reason = nfc(by.reason).strip()
    if not reason:
        raise AnswerError("Ghi lý do thay đổi.", "Give the reason for the change.")
    return reason


def _note(  # noqa: PLR0913  # what happened, to what, by whom
    session: Session, line: PlannedInspection, kind: str, *, by: By, now: datetime, reason: str
) -> None:
    session.flush()
    history.append(
        session,
        instance_id=line.plan.instance_id,
        kind=kind,
        actor=by.actor,
        now=now,
        details={
            "unit": line.unit.code,
            "name": line.unit.name,
            "notice_on": line.notice_on.isoformat(),
            "visit_on": line.visit_on.isoformat(),
            "reason": reason,
        },
    )


def _tell(
    session: Session,
    line: PlannedInspection,
    *,
    now: datetime,
    said: tuple[str, str],
    moved: tuple[str, ...] = (),
) -> None:
    """Tell the head and the officer of the unit, though no notice has gone out yet."""
    unit, on = line.unit, local_day(now)
    days = [("Ngày kiểm tra", "Day of the visit", text) for text in moved]
    outbox.notify(
        session,
        kind="notice",
        recipients=dict.fromkeys(
            person for role in UNIT_ROLES for person in people.people_holding(session, role, unit.code, on=on)
        ),
        facts=Notice(
            subject_vi=f"{said[0]} {line.plan.code}: {unit.name}",
            subject_en=f"{said[1]} {line.plan.code}: {unit.name_en or unit.name}",
            lines_vi=(f"{said[0]}, năm {line.plan.year}.",),
            lines_en=(f"{said[1]}, {line.plan.year}.",),
            rows=(*days, ("Lý do", "Reason", line.move_reason if moved else line.drop_reason)),
            path="/inspections",
        ),
        dedupe=f"changed:planned_inspection:{line.id}:{now.isoformat()}",
        now=now,
        instance_id=line.plan.instance_id,
    )
