"""What has happened in the demo to dossiers: some in every state, three sessions, two decisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from engine.clock import CITY_ZONE
from engine.people import local_day
from processes.awards.demo.cases import Case, cases, nominee_row
from processes.awards.demo.moves import Moves, in_office

LOOKING_BACK: Final = timedelta(days=16)
"""The story takes eleven working days."""
_PAPERS: Final = (
    ("achievement_reports", "Báo cáo thành tích.pdf"),
    ("unit_minutes", "Biên bản bình xét.pdf"),
)
_WITH_CERTIFICATE: Final = frozenset({"cstd_tinh"})
_AFTER_RECEIPT: Final = ("appraising", "supplement", "approval", "refused")
_BEFORE_RECEIPT: Final = ("preparing", "signature", "sent")
_TO_COUNCIL: Final = ("issued", "chairman", "voting", "waiting")
_AFTERNOON: Final = 14
_UNDECIDED_MEMBERS: Final = 4
"""How many members of the open ballot have not voted yet."""


def tell(factory: sessionmaker[Session], now: datetime) -> None:
    """Let the demo's people do all that has happened until ``now``."""
    moves = Moves(factory, start=in_office(now - LOOKING_BACK), until=now)
    found = cases()
    _first_decision(moves, [case for case in found if case.to == "issued"])
    voting = [to_council(moves, case) for case in found if case.to == "voting"]
    for case in found:
        if case.to == "waiting":
            to_council(moves, case)
    _second_decision(moves, [case for case in found if case.to == "chairman"])
    for case in sorted(found, key=lambda case: case.to in _BEFORE_RECEIPT):
        if case.to in _BEFORE_RECEIPT or case.to in _AFTER_RECEIPT or case.to == "withdrawn":
            _leave_at(moves, case)
            moves.wait(0.5)
    moves.wait(LOOKING_BACK.total_seconds())
    _open_ballot(moves, voting)


def prepare(moves: Moves, case: Case) -> int:
    """Let the unit's officer write the dossier; return its id."""
    officer = f"canbo.{case.login}"
    dossier_id = moves.begin(officer, case.unit)
    moves.wait(0.5)
    year = local_day(moves.now).year
    papers = {field: [moves.add_paper(officer, name)] for field, name in _PAPERS}
    if case.award in _WITH_CERTIFICATE:
        papers["initiative_certificates"] = [moves.add_paper(officer, "Chứng nhận sáng kiến.pdf")]
    moves.complete(
        officer,
        "prepare_dossier",
        f"dossier:{dossier_id}",
        award_round=f"{case.round}-{year}",
        award=case.award,
        summary=case.summary,
        nominees=[nominee_row(nominee, year) for nominee in case.nominees],
        **papers,
    )
    return dossier_id


def submit(moves: Moves, case: Case) -> int:
    """Let the unit's head sign the dossier after its officer has written it."""
    dossier_id = prepare(moves, case)
    moves.wait(1)
    letter = moves.add_paper(f"canbo.{case.login}", "Tờ trình.pdf")
    moves.complete(
        f"thutruong.{case.login}",
        "sign_submission",
        f"dossier:{dossier_id}",
        submission_outcome="sign",
        submission_number=f"{100 + dossier_id}/TTr",
        submission_letter=[letter],
    )
    return dossier_id


def receive(moves: Moves, case: Case) -> int:
    """Bring a dossier to its appraisal."""
    dossier_id = submit(moves, case)
    moves.wait(1)
    moves.complete("thamdinh2", "receive_dossier", f"dossier:{dossier_id}", receipt_outcome="receive")
    return dossier_id


def appraise(moves: Moves, dossier_id: int, said: Mapping[str, tuple[str, str]], **more: object) -> None:
    """Let the officer judge each nominee; who is not named in ``said`` is accepted."""
    moves.wait(2)
    moves.complete(
        "thamdinh",
        "appraise_dossier",
        f"dossier:{dossier_id}",
        nominees=moves.verdicts(dossier_id, said),
        opinion="Đơn vị bình xét đúng quy trình, ưu tiên người trực tiếp lao động.",
        **more,
    )


def to_council(moves: Moves, case: Case) -> int:
    """Bring a dossier before the council, or straight to the decision where no vote is needed."""
    dossier_id = receive(moves, case)
    appraise(moves, dossier_id, {})
    moves.wait(1)
    moves.complete("truongban", "approve_appraisal", f"dossier:{dossier_id}", approval_outcome="approve")
    return dossier_id


def _leave_at(moves: Moves, case: Case) -> None:
    """Bring a dossier as far as its case says."""
    if case.to == "preparing":
        moves.begin(f"canbo.{case.login}", case.unit)
    elif case.to == "signature":
        prepare(moves, case)
    elif case.to == "sent":
        submit(moves, case)
    elif case.to == "withdrawn":
        dossier_id = receive(moves, case)
        moves.withdraw(f"thutruong.{case.login}", dossier_id, "Đơn vị rà soát lại thành tích, xin rút hồ sơ.")
    else:
        _leave_after_receipt(moves, case)


def _leave_after_receipt(moves: Moves, case: Case) -> None:
    dossier_id = receive(moves, case)
    first = str(case.nominees[0][1])
    if case.to == "supplement":
        appraise(
            moves,
            dossier_id,
            {first: ("supplement", "Chưa có chứng nhận sáng kiến.")},
            supplement_request="Gửi bản chứng nhận sáng kiến “Lấy số từ xa” của cấp có thẩm quyền.",
            supplement_due_on=local_day(moves.until) + timedelta(days=5),
        )
    elif case.to == "approval":
        last = str(case.nominees[-1][1])
        appraise(
            moves, dossier_id, {last: ("reject", "Đã được khen cùng thành tích năm trước (Điều 5 Luật).")}
        )
    elif case.to == "refused":
        reason = "Chưa đủ 2 năm liên tục hoàn thành xuất sắc nhiệm vụ (Điều 74 Luật Thi đua, khen thưởng)."
        appraise(moves, dossier_id, {first: ("reject", reason)})
        moves.complete("truongban", "approve_appraisal", f"dossier:{dossier_id}", approval_outcome="approve")


def _hold_session(moves: Moves, dossier_ids: Sequence[int], *, against: Sequence[str]) -> None:
    """Let the council meet, vote and sign its minutes; all vote against the names in ``against``."""
    closes_at = (moves.now + timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
    session_id = _call(moves, dossier_ids, meets_at=_half_day(moves.now), closes_at=closes_at)
    for username in moves.members(session_id):
        moves.vote(username, session_id, against)
    moves.wait(1)
    about = f"council_session:{session_id}"
    moves.complete("thuky", "close_voting", about)
    moves.wait(2)
    moves.complete("chutichhoidong", "sign_minutes", about, minutes_note="")


def _half_day(moment: datetime) -> datetime:
    """Return when the half working day began that ``moment`` is in: meetings begin at 8 or at 14."""
    local = moment.astimezone(CITY_ZONE)
    return local.replace(hour=8 if local.hour < _AFTERNOON else _AFTERNOON, minute=0, second=0, microsecond=0)


def _call(moves: Moves, dossier_ids: Sequence[int], *, meets_at: datetime, closes_at: datetime) -> int:
    session_id = moves.call_session("thuky")
    about = f"council_session:{session_id}"
    moves.complete(
        "thuky",
        "make_agenda",
        about,
        dossiers=[str(number) for number in dossier_ids],
        meets_at=meets_at,
        closes_at=closes_at,
        place="Phòng họp số 1, trụ sở Ủy ban nhân dân thành phố",
    )
    present = moves.member_ids(session_id, moves.members(session_id))
    moves.complete("thuky", "open_session", about, present_members=present)
    return session_id


def _first_decision(moves: Moves, found: Sequence[Case]) -> None:
    """Let a decision be issued, with one nominee whom the council did not pass."""
    _hold_session(moves, [to_council(moves, case) for case in found], against=["Lý Mộng Tuyền"])
    decision_id = _submit_draft(moves, "Về việc khen thưởng tập thể, cá nhân có thành tích xuất sắc")
    about = f"decision:{decision_id}"
    moves.complete("chutich", "sign_decision", about, outcome="sign", reason="", pulled=[])
    moves.wait(4)
    moves.complete("vanthu", "number_decision", about, issued_on=local_day(moves.now))


def _second_decision(moves: Moves, found: Sequence[Case]) -> None:
    """Let a decision wait for the Chairman."""
    ids = {case.award: to_council(moves, case) for case in found}
    voted = [number for award, number in ids.items() if award != "bang_khen_tinh_dot_xuat"]
    _hold_session(moves, voted, against=[])
    _submit_draft(moves, "Về việc tặng danh hiệu thi đua và Bằng khen của Chủ tịch Ủy ban nhân dân thành phố")


def _submit_draft(moves: Moves, subject: str) -> int:
    moves.wait(5)
    decision_id = moves.draft("thamdinh", subject)
    moves.wait(2)
    moves.complete(
        "truongban",
        "submit_decision",
        f"decision:{decision_id}",
        submission_note="Danh sách khớp biên bản kiểm phiếu của Hội đồng.",
    )
    moves.wait(3)
    return decision_id


def _open_ballot(moves: Moves, dossier_ids: Sequence[int]) -> None:
    """Leave a ballot open for two days in which some members have voted."""
    today = moves.now.astimezone(CITY_ZONE).replace(minute=0, second=0, microsecond=0)
    meets_at = (today - timedelta(days=1)).replace(hour=14)
    closes_at = (today + timedelta(days=2)).replace(hour=16)
    session_id = _call(moves, dossier_ids, meets_at=meets_at, closes_at=closes_at)
    for username in moves.members(session_id)[:-_UNDECIDED_MEMBERS]:
        moves.vote(username, session_id)
