"""Records the team, the visit and its minutes, which both sides sign; the unit's silence holds up nobody."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from engine import calendar_entries, files, setup
from engine.clock import CITY_ZONE
from engine.models import Person
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.answers import flag_of, moment_of, rows_of, text_of
from processes.awards.calls import actor_of, inspection_of
from processes.awards.checklist import TOPICS
from processes.awards.errors import AnswerError
from processes.awards.inspection_words import DUTY_NAMES
from processes.awards.models import Inspection, InspectionFinding, InspectionState, TeamDuty
from processes.awards.registry import action
from processes.inspection import document, teams
from processes.inspection.days import check_visit
from processes.inspection.telling import UNIT_ROLES, Said, team_people, tell, unit_people

LADDER: Final = "before:3,before:1,due"
UNIT_SILENT: Final = (
    "Đơn vị không ký biên bản trong 5 ngày làm việc. Biên bản ghi “đơn vị không ký” và vẫn có giá trị.",
    "The unit did not sign within five working days. The minutes say so and stand.",
)
VISIT_PREPARED: Final = (
    (
        "Đề nghị đơn vị chuẩn bị tài liệu về các nội dung đã báo cáo; thủ trưởng và cán bộ phụ trách làm "
        "việc với đoàn."
    ),
    "Have the documents on what was reported at hand; the head and the officer in charge meet the team.",
)


@action("inspection.record_team")
def record_team(call: ActionCall) -> ActionResult:
    """Write who visits the unit, when and where."""
    inspection = inspection_of(call)
    teams.appoint(call, inspection)
    leader = teams.member_of(inspection, TeamDuty.LEADER)
    if leader is not None and leader.id == actor_of(call).id:
        raise AnswerError(
            "Người kết luận không làm trưởng đoàn. Chọn trưởng đoàn khác.",
            "Who concludes does not lead the team. Choose another leader.",
        )
    _set_visit(inspection, check_visit(call, moment_of(call.variables, "visit_at")), call)
    secretary = teams.member_of(inspection, TeamDuty.SECRETARY)
    return {
        "team_leader_name": leader.username if leader else "",
        "team_secretary_name": secretary.username if secretary else "",
        "visit_on": local_day(inspection.visit_at or call.now),
    }


def _set_visit(inspection: Inspection, moment: datetime, call: ActionCall) -> None:
    place = text_of(call.variables, "visit_place")
    if not place:
        raise AnswerError("Ghi địa điểm kiểm tra.", "Say where the visit takes place.")
    inspection.visit_at = moment
    inspection.visit_place = place
    inspection.state = InspectionState.AWAITING_VISIT


@action("inspection.announce_visit")
def announce_visit(call: ActionCall) -> ActionResult:
    """Put the visit into the calendars of unit and team and tell both; a moved one is told again."""
    inspection = inspection_of(call)
    moment = inspection.visit_at or call.now
    when = f"{moment.astimezone(CITY_ZONE):%H:%M, %d/%m/%Y}"
    unit = inspection.unit
    calendar_entries.put_entry(
        call.session,
        key=entry_key(inspection),
        title=f"Kiểm tra {inspection.code}: {unit.name}",
        title_en=f"Inspection {inspection.code}: {unit.name_en or unit.name}",
        starts_at=moment,
        place=inspection.visit_place,
        path=f"/inspections/{inspection.id}",
        audience=[
            *(f"{role}@{unit.code}" for role in UNIT_ROLES),
            *(f"person:{person.id}" for person in team_people(inspection)),
        ],
        instance=call.instance,
        ladder=LADDER,
        tells=False,
        now=call.now,
    )
    postponed = text_of(call.variables, "visit_outcome") == "postpone"
    tell(call, inspection, _visit_said(inspection, when, postponed=postponed), _concerned(call, inspection))
    return None


def entry_key(inspection: Inspection) -> str:
    """Return the key of the visit in the calendars."""
    return f"inspection_visit:{inspection.id}"


def _concerned(call: ActionCall, inspection: Inspection) -> list[Person]:
    return [*unit_people(call, inspection.unit), *team_people(inspection)]


def _visit_said(inspection: Inspection, when: str, *, postponed: bool) -> Said:
    team = ", ".join(
        f"{member.person.full_name} ({DUTY_NAMES[member.duty][0]})" for member in inspection.team
    )
    moved = (("Lý do hoãn", "Why postponed", inspection.review_note),) if postponed else ()
    return Said(
        about=f"visit:{when}",
        subject=("Hoãn kiểm tra sang ngày khác", "Visit postponed")
        if postponed
        else ("Lịch kiểm tra", "Visit of the inspection team"),
        lines=(VISIT_PREPARED,),
        rows=(
            ("Thời gian", "Time", when),
            ("Địa điểm", "Place", inspection.visit_place),
            ("Đoàn kiểm tra", "Team", team),
            *moved,
        ),
    )


@action("inspection.record_minutes")
def record_minutes(call: ActionCall) -> ActionResult:
    """Write what the team found at the unit, or that the visit is put off to another day."""
    inspection = inspection_of(call)
    if text_of(call.variables, "visit_outcome") != "done":
        return _postpone(call, inspection)
    if inspection.visit_at is not None and call.now < inspection.visit_at:
        raise AnswerError(
            "Chưa đến giờ kiểm tra. Nếu đổi lịch, chọn “Hoãn sang ngày khác”.",
            "The visit has not begun. To change its day choose “Postpone”.",
        )
    inspection.attendance = text_of(call.variables, "attendance")
    inspection.minutes = text_of(call.variables, "minutes")
    if not inspection.attendance:
        raise AnswerError("Ghi người của đơn vị dự làm việc.", "Say who was there for the unit.")
    _write_findings(call, inspection)
    inspection.unit_signed_at = inspection.unit_signed_by_id = inspection.unit_silent_at = None
    inspection.state = InspectionState.AWAITING_SIGNATURES
    return {"visit_outcome": "done", "visit_on": local_day(inspection.visit_at or call.now)}


def _postpone(call: ActionCall, inspection: Inspection) -> ActionResult:
    reason = text_of(call.variables, "postpone_reason")
    if not reason:
        raise AnswerError("Ghi lý do hoãn.", "Say why the visit is postponed.")
    moment = check_visit(call, moment_of(call.variables, "visit_at"))
    if moment == inspection.visit_at:
        raise AnswerError("Chọn ngày, giờ khác lịch cũ.", "Choose another day or hour than before.")
    _set_visit(inspection, moment, call)
    inspection.review_note = reason
    return {"visit_outcome": "postpone", "visit_on": local_day(moment)}


def _write_findings(call: ActionCall, inspection: Inspection) -> None:
    """Replace the findings: one for each topic the team has written on, in the order of the checklist."""
    said = {text_of(row, "topic"): row for row in rows_of(call.variables, "findings")}
    found = [
        InspectionFinding(
            position=position, topic=topic, is_shortcoming=flag_of(row, "is_shortcoming"), text=text
        )
        for position, topic in enumerate(TOPICS, start=1)
        if (row := said.get(topic)) is not None and (text := text_of(row, "text"))
    ]
    unsaid = [
        topic for topic, row in said.items() if flag_of(row, "is_shortcoming") and not text_of(row, "text")
    ]
    if unsaid:
        vi, en = TOPICS[unsaid[0]]
        raise AnswerError(f"Ghi hạn chế ở nội dung “{vi}”.", f"Say what falls short under “{en}”.")
    if not found:
        raise AnswerError(
            "Ghi kết quả kiểm tra của ít nhất một nội dung.", "Write what was found on one topic at least."
        )
    inspection.findings[:] = found
    call.session.flush()


@action("inspection.record_unit_signature")
def record_unit_signature(call: ActionCall) -> ActionResult:
    """Sign the minutes for the unit, with its objections where it has any."""
    inspection = inspection_of(call)
    inspection.objections = text_of(call.variables, "objections")
    inspection.unit_signed_at = call.now
    inspection.unit_signed_by_id = actor_of(call).id
    return {"is_unit_signed": True}


@action("inspection.record_silence")
def record_silence(call: ActionCall) -> ActionResult:
    """Note that the unit has not signed in its days; the minutes say so and go on."""
    inspection = inspection_of(call)
    inspection.unit_silent_at = call.now
    said = Said(
        about=f"silence:{local_day(call.now):%Y%m%d}",
        subject=("Hết hạn ký biên bản kiểm tra", "The days to sign the minutes are over"),
        lines=(UNIT_SILENT,),
    )
    tell(call, inspection, said, _concerned(call, inspection))
    return None


@action("inspection.record_team_signature")
def record_team_signature(call: ActionCall) -> ActionResult:
    """Sign the minutes for the team, or have them amended after what the unit objects to."""
    inspection, actor = inspection_of(call), actor_of(call)
    if actor.id not in {member.person_id for member in inspection.team}:
        raise AnswerError(
            "Chỉ người trong đoàn kiểm tra ký biên bản.", "Only somebody of the team signs the minutes."
        )
    if text_of(call.variables, "minutes_outcome") != "sign":
        return {"minutes_outcome": "amend"}
    inspection.team_signed_at = call.now
    inspection.team_signed_by_id = actor.id
    return {"minutes_outcome": "sign"}


@action("inspection.make_minutes")
def make_minutes(call: ActionCall) -> ActionResult:
    """Keep the signed minutes as a PDF, which belongs to the instance and so to all who may see it."""
    inspection = inspection_of(call)
    pdf = document.minutes_pdf(
        document.minutes_document(inspection), fonts=setup.of(call.session).fonts, dated=call.now
    )
    name = f"BB-{inspection.code}.pdf"
    signer = inspection.team_signed_by or actor_of(call)
    upload = files.store_upload(call.session, pdf, name, person=signer, now=call.now, instance=call.instance)
    inspection.minutes_upload_id = upload.id
    inspection.state = InspectionState.CONCLUDING
    return {"minutes_upload_id": Decimal(upload.id)}
