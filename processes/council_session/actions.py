"""What the tasks of a council session record, and what the session itself does."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from engine import calendar_entries, instances, outbox
from engine.clock import CITY_ZONE
from engine.errors import BpmnError
from engine.mail import Notice
from engine.setup import ActionCall, ActionResult
from processes.awards import ballots, council, counting, rules
from processes.awards.answers import moment_of, text_of, wholes_of
from processes.awards.ballot_keys import BallotKeyLostError
from processes.awards.calls import actor_of, meeting_of
from processes.awards.errors import AnswerError
from processes.awards.models import CouncilSession, CouncilState, Dossier
from processes.awards.registry import action

LONGEST_BALLOT: Final = timedelta(days=14)


@action("council.record_agenda")
def record_agenda(call: ActionCall) -> ActionResult:
    """Write when and where the council meets and what it votes on."""
    meeting = meeting_of(call)
    meets_at, closes_at = moment_of(call.variables, "meets_at"), moment_of(call.variables, "closes_at")
    if meets_at is None or closes_at is None or not meets_at < closes_at <= meets_at + LONGEST_BALLOT:
        raise AnswerError(
            "Giờ đóng bỏ phiếu phải sau giờ họp, trong vòng 14 ngày.",
            "The ballot closes after the meeting begins, within 14 days.",
        )
    if closes_at <= call.now:
        raise AnswerError("Giờ đóng bỏ phiếu đã qua.", "The closing hour has passed.")
    meeting.meets_at, meeting.closes_at = meets_at, closes_at
    meeting.place = text_of(call.variables, "place")
    council.set_agenda(call.session, meeting, _chosen(call, meeting))
    _enter_date(call, meeting, meets_at)
    return {"meets_at": meets_at, "closes_at": closes_at}


def _enter_date(call: ActionCall, meeting: CouncilSession, meets_at: datetime) -> None:
    """Put the meeting into the calendars of its members; of another day the invitation tells them."""
    calendar_entries.put_entry(
        call.session,
        key=f"council_session:{meeting.id}",
        title=f"Họp Hội đồng {meeting.code}",
        title_en=f"Council session {meeting.code}",
        starts_at=meets_at,
        place=meeting.place,
        path=f"/council/{meeting.id}",
        audience=["council_secretary", *(f"person:{member.person_id}" for member in meeting.members)],
        instance=call.instance,
        tells=False,
        now=call.now,
    )


def _chosen(call: ActionCall, meeting: CouncilSession) -> list[Dossier]:
    waiting = {dossier.id: dossier for dossier in council.waiting_dossiers(call.session)}
    present = {line.dossier_id: line.dossier for line in meeting.lines}
    choice = wholes_of(call.variables, "dossiers")
    known = present | waiting
    if any(dossier_id not in known for dossier_id in choice):
        raise AnswerError(
            "Một hồ sơ không còn chờ họp Hội đồng. Tải lại trang.",
            "A dossier no longer waits for the council. Load the page again.",
        )
    return [known[dossier_id] for dossier_id in choice]


@action("council.send_invitations")
def send_invitations(call: ActionCall) -> ActionResult:
    """Invite the members, each once per date of the meeting."""
    meeting = meeting_of(call)
    when = meeting.meets_at.astimezone(CITY_ZONE) if meeting.meets_at else None
    day = f"{when:%H:%M, %d/%m/%Y}" if when else ""
    outbox.notify(
        call.session,
        kind="invitation",
        recipients=[member.person for member in meeting.members],
        facts=Notice(
            subject_vi=f"Giấy mời họp Hội đồng {meeting.code}",
            subject_en=f"Invitation to council session {meeting.code}",
            lines_vi=(
                "Kính mời dự phiên họp Hội đồng Thi đua - Khen thưởng thành phố.",
                "Nếu có xung đột lợi ích với trường hợp nào, khai báo trước giờ mở bỏ phiếu.",
            ),
            lines_en=(
                "You are invited to a session of the city's Emulation and Commendation Council.",
                "Declare any conflict of interest before the ballot opens.",
            ),
            rows=(
                ("Thời gian", "Time", day),
                ("Địa điểm", "Place", meeting.place),
                ("Số trường hợp", "Cases", str(len(meeting.lines))),
            ),
            path=f"/council/{meeting.id}",
        ),
        dedupe=f"invitation:council_session:{meeting.id}:{day}",
        now=call.now,
        instance_id=call.instance.id,
    )
    meeting.state = CouncilState.INVITED
    return None


@action("council.record_attendance")
def record_attendance(call: ActionCall) -> ActionResult:
    """Note who is present and whether that is a quorum; without one the council meets again."""
    meeting = meeting_of(call)
    present = set(wholes_of(call.variables, "present_members"))
    council.record_attendance(call.session, meeting, present)
    needed = rules.quorum(len(meeting.members), meeting.quorum_percent)
    is_quorate = sum(member.is_present is True for member in meeting.members) >= needed
    if is_quorate and meeting.closes_at is not None and meeting.closes_at <= call.now:
        raise AnswerError(
            "Giờ đóng bỏ phiếu đã qua. Ghi không đủ thành viên để họp lại vào ngày khác.",
            "The closing hour has passed. Record no quorum to meet on another day.",
        )
    return {"is_quorate": is_quorate}


@action("council.open_ballot")
def open_ballot(call: ActionCall) -> ActionResult:
    """Freeze the electorate and open the box; after a lost key it is opened again under a new one."""
    meeting = meeting_of(call)
    council.freeze_electorate(call.session, meeting, now=call.now)
    ballots.open_ballot(call.session, meeting, now=call.now)
    meeting.state = CouncilState.VOTING
    _tell_members(call, meeting)
    return None


def _tell_members(call: ActionCall, meeting: CouncilSession) -> None:
    closes = f"{meeting.closes_at.astimezone(CITY_ZONE):%H:%M, %d/%m/%Y}" if meeting.closes_at else ""
    outbox.notify(
        call.session,
        kind="notice",
        recipients=[member.person for member in meeting.members],
        facts=Notice(
            subject_vi=f"Mở bỏ phiếu kín, phiên họp {meeting.code}",
            subject_en=f"The secret ballot of {meeting.code} is open",
            lines_vi=("Phiếu đã nộp thay được bằng phiếu mới đến khi đóng bỏ phiếu.",),
            lines_en=("A sheet can be replaced by a new one until the ballot closes.",),
            rows=(("Đóng bỏ phiếu", "Closes", closes),),
            path=f"/council/{meeting.id}/ballot",
        ),
        dedupe=f"ballot:council_session:{meeting.id}:{call.now.isoformat()}",
        now=call.now,
        instance_id=call.instance.id,
    )


@action("council.record_closing")
def record_closing(call: ActionCall) -> ActionResult:
    """Let the secretary close the ballot before its hour only when there is something to count."""
    meeting = meeting_of(call)
    if not ballots.voters(call.session, meeting):
        raise AnswerError("Chưa có phiếu nào trong hòm.", "The box is empty.")
    return None


@action("council.count_ballot")
def count_ballot(call: ActionCall) -> ActionResult:
    """Open all envelopes, count each line by its own rule.

    Raises:
        BpmnError: ``ballot_key_lost``; members vote again.

    """
    meeting = meeting_of(call)
    try:
        ballots.close_ballot(call.session, meeting, now=call.now)
    except BallotKeyLostError as failure:
        if meeting.closes_at is not None and meeting.closes_at <= call.now + timedelta(hours=1):
            meeting.closes_at = call.now + timedelta(days=1)
        raise BpmnError("ballot_key_lost", str(failure)) from failure
    counting.count_lines(call.session, meeting, now=call.now)
    return None


@action("council.record_minutes")
def record_minutes(call: ActionCall) -> ActionResult:
    """Sign the minutes."""
    meeting = meeting_of(call)
    meeting.minutes_note = text_of(call.variables, "minutes_note")
    meeting.signed_at = call.now
    meeting.signed_by = actor_of(call)
    meeting.state = CouncilState.SIGNED
    return None


@action("council.send_results")
def send_results(call: ActionCall) -> ActionResult:
    """Settle what the vote means for each nominee and send every dossier its result."""
    meeting = meeting_of(call)
    for dossier_id, passed in counting.settle_dossiers(call.session, meeting).items():
        dossier = call.session.get_one(Dossier, dossier_id)
        instances.throw_message(
            call.session,
            "council_result",
            dossier.code,
            {"passed_count": Decimal(passed)},
            now=call.now,
            thrown_by=call.instance,
        )
    return None
