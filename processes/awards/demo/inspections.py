"""Inspections of the demo: last year's plan to its summary, this year's, and its inspections on the way."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, schedules
from engine.calendar import at_local_time
from engine.models import Unit
from engine.people import local_day
from processes.awards import clusters, inspection_orders
from processes.awards.demo.inspection_plans import approve, begin, summarise
from processes.awards.demo.inspection_rounds import INSPECTOR, Case, Rounds, walk
from processes.awards.demo.moves import Moves, in_office
from processes.awards.demo.people import read_entries
from processes.awards.inspection_orders import Order

_PLANS_BEGIN: Final = (11, 16)
"""Month and day from which the next year's plan is drawn up."""
_OPENS: Final = time(8)

LAST_YEAR: Final = (
    Case("so_giao_duc", "closed", 0),
    Case(
        "phuong_hong_bang",
        "closed",
        0,
        shortcomings={"record_keeping": "Sổ theo dõi khen thưởng chưa ghi số quyết định."},
        conclusion="Đơn vị làm tốt việc phát động phong trào; sổ sách khen thưởng còn thiếu.",
        remedies=(("Bổ sung số quyết định vào sổ theo dõi khen thưởng", -400, "verified"),),
    ),
)
THIS_YEAR: Final = (
    Case("so_giao_duc", "closed", 90),
    Case(
        "dac_khu_cat_hai",
        "remedies",
        72,
        shortcomings={
            "record_keeping": "Hồ sơ khen thưởng hai năm trước không lưu biên bản bình xét.",
            "grassroots": "Chỉ 27% người được khen là người trực tiếp lao động.",
            "council": "Hội đồng của đặc khu chưa ban hành quy chế hoạt động.",
        },
        conclusion="Đặc khu có nhiều cố gắng trong phong trào; lưu hồ sơ và cơ cấu khen thưởng còn hạn chế.",
        remedies=(
            ("Lập đủ hồ sơ lưu của các quyết định khen thưởng hai năm trước", -6, "open"),
            ("Nâng tỷ lệ khen người trực tiếp lao động trong kế hoạch khen thưởng năm sau", 34, "open"),
            ("Ban hành quy chế hoạt động của Hội đồng Thi đua - Khen thưởng đặc khu", 5, "verified"),
        ),
    ),
    Case(
        "xa_kien_thuy",
        "remedies",
        64,
        shortcomings={
            "nominations": "Hai hồ sơ đề nghị kê khai sáng kiến không có quyết định công nhận.",
            "fund": "Quỹ thi đua, khen thưởng chi không đúng đối tượng 14 triệu đồng.",
        },
        objections="Xã đề nghị xem xét lại mục quỹ: khoản 14 triệu đồng đã thu hồi trong tháng trước.",
        conclusion="Việc lập hồ sơ, sử dụng quỹ của xã có sai phạm, phải khắc phục trước khi xét khen.",
        remedies=(
            ("Rà soát, đính chính hai hồ sơ kê khai sáng kiến không có căn cứ", 9, "reported"),
            ("Thu hồi khoản chi sai của quỹ thi đua, khen thưởng và báo cáo chứng từ", 16, "open"),
        ),
        hold="Hồ sơ đề nghị của xã có dấu hiệu kê khai không trung thực, cần làm rõ trước khi trình.",
    ),
    Case(
        "so_y_te",
        "minutes",
        40,
        shortcomings={"staffing": "Cán bộ kiêm nhiệm thay đổi ba lần trong năm, chưa được bồi dưỡng."},
        objections="Sở đề nghị ghi rõ: việc thay đổi cán bộ do sắp xếp lại tổ chức bộ máy.",
    ),
    Case("cong_ty_song_xanh", "visit", 30),
    Case("so_khoa_hoc", "review", 14),
    Case("phuong_hong_bang", "report", 6),
)
UNPLANNED: Final = Case("lien_doan_lao_dong", "report", 3)


def begins(now: datetime) -> datetime:
    """Return when the inspections begin: in January of the year before the one they are planned for."""
    return at_local_time(date(plan_year(now) - 1, 1, 8), _OPENS)


def plan_year(now: datetime) -> int:
    """Return the year of the plan whose inspections are on their way."""
    return local_day(now - timedelta(days=THIS_YEAR[0].notice_days)).year


def tell(factory: sessionmaker[Session], now: datetime) -> None:
    """Let the demo's people plan and carry out inspections until ``now``; the clusters are made first."""
    with database.transaction(factory) as session:
        _add_clusters(session)
    year = plan_year(now)
    _last_year(factory, now, year - 1)
    _this_year(factory, now, year)
    _order(factory, now)
    if (local_day(now).month, local_day(now).day) >= _PLANS_BEGIN and local_day(now).year == year:
        moves = _moves(factory, at_local_time(date(year, *_PLANS_BEGIN), _OPENS), now)
        approve(moves, begin(moves), up_to="review_plan")
    with database.transaction(factory) as session:
        _plan_yearly(session, now)


def _add_clusters(session: Session) -> None:
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    for entry in read_entries("clusters.json"):
        cluster = clusters.add_cluster(
            session, code=entry["code"], name=entry["name"], name_en=entry["name_en"]
        )
        clusters.set_members(session, cluster, [units[code] for code in entry["units"]])


def _moves(factory: sessionmaker[Session], start: datetime, end: datetime) -> Moves:
    return Moves(factory, start=in_office(start), until=end)


def _last_year(factory: sessionmaker[Session], end: datetime, year: int) -> None:
    """Let a short plan be made, carried out and summarised."""
    moves = _moves(factory, begins(end), end)
    rounds = Rounds(moves, end=end)
    plan = begin(moves, most_units=2, random_units=0)
    days = {case.unit: rounds.working_day(date(year, 2 + place, 16)) for place, case in enumerate(LAST_YEAR)}
    approve(moves, plan, days=days)
    for case in LAST_YEAR:
        _carry_out(factory, end, case, at_local_time(days[case.unit], _OPENS))
    summarise(_moves(factory, at_local_time(date(year, 12, 4), _OPENS), end), plan)


def _this_year(factory: sessionmaker[Session], end: datetime, year: int) -> None:
    """Let this year's plan be made before the year, and its inspections go as far as their cases say."""
    moves = _moves(factory, at_local_time(date(year - 1, 11, 20), _OPENS), end)
    rounds = Rounds(moves, end=end)
    plan = begin(moves, most_units=2, random_units=2, cross_clusters=("khoi_so_van_xa",))
    latest = date(year, 12, 10)
    days = {
        case.unit: rounds.working_day(min(local_day(end - timedelta(days=case.notice_days)), latest))
        for case in THIS_YEAR
    }
    approve(moves, plan, days=days, later=local_day(end) + timedelta(days=4))
    for case in THIS_YEAR:
        _carry_out(factory, end, case, at_local_time(days[case.unit], _OPENS))


def _carry_out(factory: sessionmaker[Session], end: datetime, case: Case, start: datetime) -> None:
    """Let the worker open an inspection on its day, then lead it on."""
    moves = _moves(factory, start, end)
    schedules.start_due(factory, now=moves.now)
    moves.settle()
    walk(Rounds(moves, end=end), case)


def _order(factory: sessionmaker[Session], end: datetime) -> None:
    """Let the inspector order an unplanned inspection."""
    moves = _moves(factory, end - timedelta(days=3), end)
    visit_on = Rounds(moves, end=end).day_after_now(12)
    with moves.acting_as(INSPECTOR) as (session, person, authority):
        inspection_orders.order_inspection(
            session,
            Order(
                unit_code="lien_doan_lao_dong",
                reason="Đơn phản ánh việc bình xét không công khai ở hai công đoàn cơ sở.",
                topic="Bình xét, đề nghị khen thưởng sáu tháng cuối năm",
                visit_on=visit_on,
            ),
            actor=person,
            authority=authority,
            now=moves.now,
        )
    moves.settle()


def _plan_yearly(session: Session, now: datetime) -> None:
    """Begin each year's plan by itself from the next 15 November on."""
    today = local_day(now)
    first_on = date(today.year, 11, 15)
    schedules.create_schedule(
        session,
        key="inspection_plan",
        name="Lập kế hoạch kiểm tra năm sau",
        name_en="Draw up the next year's inspection plan",
        rhythm="yearly",
        first_on=first_on if today < first_on else first_on.replace(year=today.year + 1),
        unit_codes=[],
        now=now,
    )
