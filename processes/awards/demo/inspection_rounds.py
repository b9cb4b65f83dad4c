"""Leads the inspections of the demo through their steps, each by whoever does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from engine.calendar import at_local_time, load_calendar
from engine.models import Person, ProcessInstance, Unit
from engine.people import local_day
from processes.awards.checklist import TOPICS
from processes.awards.demo.moves import Moves
from processes.awards.models import Inspection

INSPECTOR: Final = "kiemtra"
SECRETARY: Final = "thamdinh2"
HEAD: Final = "truongban"
_LOGINS: Final[Mapping[str, str]] = {
    "so_y_te": "soyte",
    "so_giao_duc": "sogiaoduc",
    "so_khoa_hoc": "sokhoahoc",
    "phuong_hong_bang": "hongbang",
    "xa_kien_thuy": "kienthuy",
    "dac_khu_cat_hai": "cathai",
    "lien_doan_lao_dong": "liendoan",
    "cong_ty_song_xanh": "songxanh",
}
"""The units whose people are in the demo, and how their log-ins end."""


@dataclass(frozen=True)
class Case:
    """One inspection of the demo, and how far it goes."""

    unit: str
    to: str
    """report, review, visit, minutes, remedies or closed."""
    notice_days: int
    """How many days before the end of the story the unit is told."""
    shortcomings: Mapping[str, str] | None = None
    """Topic of the checklist -> what the team finds wanting."""
    objections: str = ""
    conclusion: str = "Đơn vị thực hiện nghiêm túc công tác thi đua, khen thưởng; không phải khắc phục."
    remedies: Sequence[tuple[str, int, str]] = ()
    """What is to be mended, until how many days after the end of the story, and how far it is: open,
    reported or verified."""
    hold: str = ""
    """Why the unit's awards are held; empty: they are not."""


_ANSWERS: Final[Mapping[str, str]] = {
    "direction": "Ban hành kế hoạch thi đua năm, 03 văn bản hướng dẫn; giao một phó thủ trưởng phụ trách.",
    "movements": "Phát động 02 đợt thi đua theo chủ đề, 100% phòng, tổ đăng ký tham gia.",
    "models": "Phát hiện 05 gương điển hình, nhân rộng 02 mô hình trong toàn đơn vị.",
    "nominations": "Bình xét từ tổ, đội; biên bản, tỷ lệ phiếu lưu đủ; không có hồ sơ gửi quá hạn.",
    "grassroots": "Khen 21 tập thể nhỏ và 48 người trực tiếp lao động, sản xuất.",
    "record_keeping": "Hồ sơ khen thưởng lưu theo năm tại văn phòng, có sổ theo dõi.",
    "staffing": "01 cán bộ kiêm nhiệm, đã dự lớp bồi dưỡng do Ban Thi đua - Khen thưởng mở.",
    "council": "Hội đồng họp 02 phiên, có biên bản và kết quả bỏ phiếu từng phiên.",
    "fund": "Trích quỹ đúng quy định, đã chi 78% cho tiền thưởng kèm theo.",
    "complaints": "Không có đơn thư khiếu nại, phản ánh trong năm.",
    "difficulties": "Đề nghị tập huấn thêm về lập hồ sơ khen thưởng người trực tiếp lao động.",
}


class Rounds:
    """Leads the inspections of the demo through their steps, each by whoever does it."""

    def __init__(self, moves: Moves, *, end: datetime) -> None:
        self.moves = moves
        self.end = end

    def day(self, days: int) -> date:
        """Return the working day on or after the one so many days after the end of the story."""
        return self.working_day(local_day(self.end) + timedelta(days=days))

    def working_day(self, day: date) -> date:
        """Return the day, or the next one on which offices work."""
        with self.moves.factory() as session:
            return load_calendar(session).next_working_day(day)

    def day_after_now(self, days: int) -> date:
        """Return the so many-th working day after the present of the story."""
        with self.moves.factory() as session:
            return load_calendar(session).add_working_days(local_day(self.moves.now), days)

    def hand_in(self, username: str, element_id: str, unit: str, nth: int = 0, **answers: object) -> None:
        """Hand in the ``nth`` open task of an element in the youngest inspection of a unit."""
        self.hand_in_all(username, element_id, unit, answers, nth=nth)

    def hand_in_all(
        self, username: str, element_id: str, unit: str, answers: Mapping[str, object], *, nth: int = 0
    ) -> None:
        """Do the same with answers that have names of their own."""
        with self.moves.factory() as session:
            query = select(ProcessInstance.id).join(Unit, Unit.id == ProcessInstance.unit_id)
            query = query.where(ProcessInstance.key == "inspection", Unit.code == unit)
            instance_id = session.scalars(query.order_by(ProcessInstance.id.desc())).first()
        self.moves.hand_in(username, element_id, instance_id or 0, answers, nth=nth)

    def report(self, case: Case) -> None:
        """Let the unit write, prove and sign its self-report."""
        officer, head = self.people(case.unit)
        self.moves.wait(30)
        proofs = {
            f"{topic}_files": [self.moves.add_paper(officer, f"Minh chứng {number:02d}.pdf")]
            for number, topic in enumerate(TOPICS, start=1)
            if topic in {"direction", "nominations", "record_keeping"}
        }
        answers = {**_ANSWERS, **proofs, "direct_worker_percent": 62}
        self.hand_in_all(officer, "submit_self_report", case.unit, answers)
        self.moves.wait(8)
        self.hand_in(head, "sign_self_report", case.unit, report_outcome="sign")

    def people(self, unit: str) -> tuple[str, str]:
        """Return the log-ins of a unit's officer and head."""
        return f"canbo.{_LOGINS[unit]}", f"thutruong.{_LOGINS[unit]}"

    def team(self, case: Case) -> tuple[str, str]:
        """Return the log-ins of the leader and the secretary: the agency's, or the inspecting unit's."""
        with self.moves.factory() as session:
            found = session.scalars(
                select(Inspection).join(Unit, Unit.id == Inspection.unit_id).where(Unit.code == case.unit)
            ).all()[-1]
            inspecting = found.inspecting_unit
            if inspecting is None:
                return INSPECTOR, SECRETARY
            officer, head = self.people(inspecting.code)
            return head, officer

    def prepare_visit(self, case: Case, visit_at: datetime) -> None:
        """Let the report be accepted and the team be appointed."""
        leader, secretary = self.team(case)
        self.moves.wait(12)
        self.hand_in(leader, "review_self_report", case.unit, review_outcome="accept")
        self.moves.wait(6)
        with self.moves.factory() as session:
            ids = {one.username: str(one.id) for one in session.scalars(select(Person))}
        self.hand_in(
            HEAD,
            "appoint_team",
            case.unit,
            team_leader=ids[leader],
            team_secretary=ids[secretary],
            team_members=[ids["thamdinh"]] if leader == INSPECTOR else [],
            visit_at=visit_at,
            visit_place="Trụ sở đơn vị",
        )

    def visit(self, case: Case) -> None:
        """Let the team write the minutes and the unit sign them."""
        _officer, head = self.people(case.unit)
        _leader, secretary = self.team(case)
        self.moves.wait(7)
        wanting = case.shortcomings or {}
        self.hand_in(
            secretary,
            "write_minutes",
            case.unit,
            visit_outcome="done",
            attendance="Thủ trưởng đơn vị; cán bộ thi đua, khen thưởng; kế toán.",
            findings=[
                {
                    "topic": topic,
                    "text": wanting.get(topic, "Hồ sơ, số liệu khớp báo cáo tự kiểm tra."),
                    "is_shortcoming": topic in wanting,
                }
                for topic in TOPICS
            ],
            minutes="Đoàn nghe báo cáo, xem hồ sơ lưu và trao đổi với ba tổ chuyên môn.",
        )
        self.moves.wait(20)
        self.hand_in(head, "sign_minutes_unit", case.unit, objections=case.objections)

    def conclude(self, case: Case) -> None:
        """Let the team sign and the head of the agency conclude."""
        leader, _secretary = self.team(case)
        self.moves.wait(5)
        self.hand_in(leader, "sign_minutes_team", case.unit, minutes_outcome="sign")
        self.moves.wait(26)
        today = local_day(self.moves.now)
        self.hand_in(
            HEAD,
            "conclude_inspection",
            case.unit,
            conclusion=case.conclusion,
            recommendations="Tiếp tục quan tâm khen thưởng người trực tiếp lao động, tập thể nhỏ.",
            remedies=[
                {"text": text, "due_on": max(self.day(days), today + timedelta(days=10))}
                for text, days, _state in case.remedies
            ],
            holds_awards=bool(case.hold),
            hold_reason=case.hold,
        )

    def mend(self, case: Case) -> None:
        """Let the unit report the remedies that it has mended, and the inspector verify them."""
        officer, _head = self.people(case.unit)
        leader, _secretary = self.team(case)
        for _text, _days, state in case.remedies:
            if state != "open":
                self._mend(case, officer, leader, state)

    def _mend(self, case: Case, officer: str, leader: str, state: str) -> None:
        nth = [one for _text, _days, one in case.remedies].index(state)
        self.moves.wait(30)
        self.hand_in(
            officer,
            "report_remedy",
            case.unit,
            nth=nth,
            remedy_note="Đơn vị đã thực hiện xong, kèm văn bản và chứng từ.",
            remedy_files=[self.moves.add_paper(officer, "Minh chứng khắc phục.pdf")],
        )
        if state == "verified":
            self.moves.wait(10)
            self.hand_in(leader, "verify_remedy", case.unit, remedy_outcome="verify")


def walk(rounds: Rounds, case: Case) -> None:
    """Bring an inspection that has begun as far as its case says."""
    if case.to == "report":
        return
    rounds.report(case)
    if case.to == "review":
        return
    visit_at = at_local_time(rounds.day(1), time(8, 30))
    if case.to != "visit":
        visit_at = at_local_time(rounds.day_after_now(5), time(8, 30))
    rounds.prepare_visit(case, visit_at)
    if case.to == "visit":
        return
    rounds.moves.wait_until(visit_at)
    rounds.visit(case)
    if case.to == "minutes":
        return
    rounds.conclude(case)
    rounds.mend(case)
