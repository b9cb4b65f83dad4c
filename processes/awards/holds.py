"""Holds on awards: while remedies of an inspection are open, dossiers of the unit are not approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine import history, outbox, people
from engine.errors import ConflictError, NotAllowedError
from engine.mail import Notice
from engine.models import Person, Unit
from engine.people import Authority, local_day
from engine.text import nfc
from processes.awards import permissions
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, Remedy, RemedyState

MAX_REASON = 2000


@dataclass(frozen=True)
class Hold:
    """A hold in force: the inspection that asked for it, and what is still to be mended."""

    inspection: Inspection
    open_remedies: Sequence[Remedy]


def is_in_force(inspection: Inspection) -> bool:
    """Whether the inspection holds the unit's awards now: not lifted, and something still to be mended."""
    return inspection.holds_awards and inspection.hold_lifted_at is None and bool(open_remedies(inspection))


def open_remedies(inspection: Inspection) -> list[Remedy]:
    """Return what the unit has still to mend, or what is still to be verified."""
    return [remedy for remedy in inspection.remedies if remedy.state is not RemedyState.VERIFIED]


def find_holds(session: Session, unit: Unit, *, on: date) -> list[Hold]:
    """Return the holds in force on a unit, also those of the units it has succeeded; the oldest first."""
    bodies = [unit, *people.predecessors_of(session, unit, on=on)]
    query = (
        select(Inspection)
        .where(
            Inspection.unit_id.in_([body.id for body in bodies]),
            Inspection.holds_awards,
            Inspection.hold_lifted_at.is_(None),
        )
        .options(selectinload(Inspection.remedies))
        .order_by(Inspection.id)
    )
    return [Hold(one, open_remedies(one)) for one in session.scalars(query) if is_in_force(one)]


def refuse_while_held(session: Session, unit: Unit, *, on: date) -> None:
    """Let the caller go on unless a hold on the unit is in force.

    Raises:
        AnswerError: one is; it says which remedy is open and who can end the hold.

    """
    for hold in find_holds(session, unit, on=on):
        code, name, name_en = hold.inspection.code, unit.name, unit.name_en or unit.name
        raise AnswerError(
            f"Chưa duyệt được: hồ sơ khen thưởng của {name} đang bị giữ theo kết luận kiểm tra {code}."
            f" Chưa khắc phục xong: {_told(hold, on=on, english=False)}."
            " Duyệt được khi cán bộ kiểm tra xác minh đã khắc phục xong, hoặc khi Trưởng ban Thi đua - Khen"
            f" thưởng dừng giữ hồ sơ trên trang cuộc kiểm tra {code}.",
            f"It cannot be approved yet: the conclusion of inspection {code} holds the awards of {name_en}."
            f" Still to be mended: {_told(hold, on=on, english=True)}."
            " It can be approved once the inspectors have verified the remedies, or once the head of the"
            f" standing agency lifts the hold on the page of inspection {code}.",
        )


def _told(hold: Hold, *, on: date, english: bool) -> str:
    told = [f"“{remedy.text}” ({_until(remedy, on=on, english=english)})" for remedy in hold.open_remedies]
    return "; ".join(told)


def _until(remedy: Remedy, *, on: date, english: bool) -> str:
    day = f"{remedy.due_on:%d/%m/%Y}"
    if remedy.state is RemedyState.REPORTED:
        return "reported, to be verified" if english else "đã báo cáo, chờ xác minh"
    if remedy.due_on < on:
        return f"was due on {day}" if english else f"quá hạn từ {day}"
    return f"due by {day}" if english else f"hạn {day}"


def lift_hold(  # noqa: PLR0913  # who lifts what, and why
    session: Session,
    inspection: Inspection,
    *,
    actor: Person,
    authority: Authority,
    reason: str,
    now: datetime,
) -> None:
    """End a hold before all is mended, with a reason that stays; the unit is told. Flushes.

    Raises:
        NotAllowedError: the actor is not the head of the standing agency.
        ConflictError: there is no hold in force.
        AnswerError: no reason is given.

    """
    if not permissions.can_lift_hold(authority):
        raise NotAllowedError(f"person {actor.id} may not lift the hold of inspection {inspection.id}")
    if not is_in_force(inspection):
        raise ConflictError(f"inspection {inspection.id} holds nothing now")
    text = nfc(reason).strip()
    if not text or len(text) > MAX_REASON:
        raise AnswerError(
            "Ghi lý do dừng giữ hồ sơ, tối đa 2.000 ký tự.",
            "Give the reason for lifting the hold, at most 2,000 characters.",
        )
    inspection.hold_lifted_at = now
    inspection.hold_lifted_by_id = actor.id
    inspection.hold_lifted_reason = text
    if inspection.instance_id is not None:
        history.append(
            session,
            instance_id=inspection.instance_id,
            kind="hold_lifted",
            actor=actor,
            now=now,
            details={"reason": text},
        )
    _tell(session, inspection, now)
    session.flush()


def _tell(session: Session, inspection: Inspection, now: datetime) -> None:
    unit, on = inspection.unit, local_day(now)
    name_en = unit.name_en or unit.name
    reason = inspection.hold_lifted_reason
    receivers = [
        person
        for role in permissions.UNIT_ROLES
        for person in people.people_holding(session, role, unit.code, on=on)
    ]
    outbox.notify(
        session,
        kind="notice",
        recipients=list(dict.fromkeys(receivers)),
        facts=Notice(
            subject_vi=f"Dừng giữ hồ sơ khen thưởng của {unit.name}",
            subject_en=f"Hold on awards of {name_en} lifted",
            lines_vi=(
                f"Từ nay hồ sơ khen thưởng của {unit.name} được xét tiếp. Lý do: {reason}",
                "Các việc khắc phục còn lại vẫn phải làm đúng hạn.",
            ),
            lines_en=(
                f"Dossiers of {name_en} go on from now. Reason: {reason}",
                "What is still to be mended stays due.",
            ),
            path=f"/inspections/{inspection.id}",
        ),
        dedupe=f"hold_lifted:inspection:{inspection.id}",
        now=now,
        instance_id=inspection.instance_id,
    )
