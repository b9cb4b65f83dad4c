"""The pages of inspections: who sees what, filters, an unplanned one, a hold, plans, clusters."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from city import START, City, open_round
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine import clock, database, instances, people
from engine.calendar import load_calendar, override_day
from engine.models import Unit
from processes.awards import clusters, inspection_choice, registers
from processes.awards.models import (
    Cluster,
    Dossier,
    Inspection,
    InspectionFinding,
    InspectionKind,
    InspectionPlan,
    InspectionState,
    PlannedInspection,
    PlanState,
    Remedy,
)

TODAY = people.local_day(clock.now())
YESTERDAY, NEXT_MONTH = TODAY - timedelta(days=1), TODAY + timedelta(days=30)


@pytest.fixture
def shown(full_city: City) -> City:
    """Return a city where forms need no token."""
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    return full_city


def _arrange(city: City, act: Callable[[Session], object]) -> None:
    with database.transaction(city.installation.factory) as session:
        act(session)


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def _conclude(session: Session) -> None:
    """Let the city's inspection hold the unit's awards until two remedies are mended, one of them late."""
    found = session.get_one(Inspection, 1)
    found.state = InspectionState.AWAITING_REMEDY
    found.concluded_at = START
    found.conclusion = "Đơn vị còn hai hạn chế."
    found.holds_awards, found.hold_reason = True, "Hồ sơ khống."
    found.objections = "Đơn vị không đồng ý với mục 2."
    found.remedies = [
        Remedy(position=1, text="Lập sổ theo dõi", due_on=YESTERDAY),
        Remedy(position=2, text="Khen người trực tiếp lao động", due_on=NEXT_MONTH),
    ]
    found.findings = [
        InspectionFinding(position=1, topic="record_keeping", is_shortcoming=True, text="Không có sổ."),
        InspectionFinding(position=2, topic="movements", is_shortcoming=False, text="Đủ."),
    ]


def test_a_unit_sees_its_own_inspections_alone(shown: City) -> None:
    assert "KT-2026-001" in _text(shown.client("unit_officer").get("/inspections"))
    other = shown.client("other_officer")
    assert "KT-2026-001" not in _text(other.get("/inspections"))
    assert other.get("/inspections/1").status_code == 404


def test_a_unit_that_inspects_another_sees_that_inspection(shown: City) -> None:
    def cross(session: Session) -> None:
        found = session.get_one(Inspection, 1)
        found.kind = InspectionKind.CROSS
        found.inspecting_unit = session.scalars(select(Unit).where(Unit.code == "so_xay_dung")).one()

    _arrange(shown, cross)

    client = shown.client("other_officer")
    assert "KT-2026-001" in _text(client.get("/inspections"))
    assert "Sở Xây dựng" in _text(client.get("/inspections/1"))


@pytest.mark.parametrize(
    ("narrowed", "is_found"),
    [
        ("state=awaiting_remedy", True),
        ("state=concluded", False),
        ("state=nonsense", True),
        ("only=open_remedies", True),
        ("only=late", True),
        ("only=held", True),
        ("year=2026", True),
        ("year=2025", False),
        ("unit=so_y_te", True),
        ("unit=so_xay_dung", False),
        ("page=99", True),
    ],
)
def test_the_list_is_narrowed(shown: City, narrowed: str, is_found: bool) -> None:
    _arrange(shown, _conclude)

    page = _text(shown.client("inspector").get(f"/inspections?{narrowed}"))

    assert ("KT-2026-001" in page) is is_found


def test_what_is_in_time_is_not_listed_as_late(shown: City) -> None:
    client = shown.client("inspector")
    assert "KT-2026-001" not in _text(client.get("/inspections?only=late"))
    assert "KT-2026-001" not in _text(client.get("/inspections?only=held"))
    assert "KT-2026-001" not in _text(client.get("/inspections?only=open_remedies"))


def test_a_report_past_its_day_is_listed_as_late(shown: City) -> None:
    _arrange(shown, lambda session: setattr(session.get_one(Inspection, 1), "report_due_on", YESTERDAY))

    assert "KT-2026-001" in _text(shown.client("inspector").get("/inspections?only=late"))


def test_the_page_of_an_inspection_tells_all_of_it(shown: City) -> None:
    _arrange(shown, _conclude)

    page = _text(shown.client("inspector").get("/inspections/1"))

    for said in ("Lập sổ theo dõi", "Quá hạn", "Không có sổ.", "không đồng ý với mục 2", "Hồ sơ khống."):
        assert said in page
    assert "Dừng giữ hồ sơ…" not in page


def test_the_head_of_the_agency_lifts_a_hold_and_says_why(shown: City) -> None:
    _arrange(shown, _conclude)
    client = shown.client("agency_head")
    assert "Dừng giữ hồ sơ…" in _text(client.get("/inspections/1"))

    refused = client.post("/inspections/1/hold", data={"reason": "  "})
    assert refused.status_code == 422
    assert "Ghi lý do dừng giữ hồ sơ" in _text(refused)
    assert client.post("/inspections/1/hold", data={"reason": "Đã cam kết."}).status_code == 302
    assert "Đã cam kết." in _text(client.get("/inspections/1"))


def test_the_head_of_the_agency_cancels_an_inspection_and_says_why(shown: City) -> None:
    def begin(session: Session) -> None:
        registers.next_number(session, "inspection", TODAY.year)
        variables = instances.as_context({"unit_code": "so_y_te"})
        instances.start(session, "inspection", variables=variables, actor=None, now=clock.now())

    _arrange(shown, lambda session: open_round(session, clock.now()))
    _arrange(shown, begin)
    client = shown.client("agency_head")
    refused = client.post("/inspections/2/cancel", data={"reason": " "})
    assert refused.status_code == 422
    assert "Ghi lý do hủy cuộc kiểm tra." in _text(refused)

    assert client.post("/inspections/2/cancel", data={"reason": "Đơn vị giải thể."}).status_code == 302

    page = _text(client.get("/inspections/2"))
    assert "Đơn vị giải thể." in page
    assert "Hủy cuộc kiểm tra…" not in page


def test_the_unit_reads_of_a_hold_on_its_dossier(shown: City) -> None:
    _arrange(shown, _conclude)

    page = _text(shown.client("unit_officer").get("/dossiers/1"))

    assert "đang bị giữ theo kết luận KT-2026-001" in page
    assert "Lập sổ theo dõi" in page


def test_the_council_reads_no_inspections_on_a_dossier(shown: City) -> None:
    _arrange(shown, _conclude)

    def to_council(session: Session) -> None:
        found = session.get_one(Dossier, 1)
        found.stage = type(found.stage).AWAITING_COUNCIL

    _arrange(shown, to_council)
    page = shown.client("council_member").get("/dossiers/1")
    assert page.status_code == 200
    assert "KT-2026-001" not in _text(page)


# An unplanned inspection.


def _working_day(city: City, days: int) -> str:
    with city.installation.factory() as session:
        return f"{load_calendar(session).add_working_days(TODAY, days):%d/%m/%Y}"


def _order(city: City, **fields: str) -> TestResponse:
    given = {"unit": "so_y_te", "reason": "Có đơn thư.", "visit_on": _working_day(city, 15)}
    return city.client("inspector").post("/inspections/new", data=given | fields)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("unit", "", "Chọn đơn vị được kiểm tra."),
        ("unit", "so_xay_dung", "Sở Xây dựng chưa có thủ trưởng"),
        ("reason", " ", "Ghi lý do kiểm tra đột xuất."),
        ("visit_on", "31/02/2027", "Ghi ngày kiểm tra dạng"),
        ("visit_on", f"{YESTERDAY:%d/%m/%Y}", "không đặt được"),
        ("visit_on", "01/05/2040", "không đặt được"),
    ],
)
def test_what_is_wrong_with_an_order_is_said_at_its_field(
    shown: City, field: str, value: str, said: str
) -> None:
    answer = _order(shown, **{field: value})

    page = _text(answer)
    assert answer.status_code == 422
    assert said in page.partition(f'id="f-{field}-wrong"')[2].partition("</p>")[0]
    assert "Có đơn thư." in page or field == "reason"


def test_a_holiday_is_told_with_the_next_working_day(shown: City) -> None:
    def close(session: Session) -> None:
        calendar = load_calendar(session)
        override_day(session, calendar.add_working_days(TODAY, 15), is_working=False, name="Nghỉ thử")

    day = _working_day(shown, 15)
    _arrange(shown, close)

    page = _text(_order(shown, visit_on=day))
    assert f"Ngày {day} là ngày nghỉ (Nghỉ thử)" in page
    assert _working_day(shown, 15) in page


def test_an_abolished_unit_is_not_inspected_but_its_successor(shown: City) -> None:
    def abolish(session: Session) -> None:
        old = people.create_unit(session, code="so_cu", name="Sở cũ", kind="department")
        heir = session.scalars(select(Unit).where(Unit.code == "so_y_te")).one()
        old.valid_until, old.successor_id = YESTERDAY, heir.id

    _arrange(shown, abolish)

    assert "Chọn đơn vị kế thừa là Sở Y tế." in _text(_order(shown, unit="so_cu"))


def test_an_order_opens_an_inspection_at_once(shown: City) -> None:
    def arrange(session: Session) -> None:
        open_round(session, clock.now())
        session.get_one(Inspection, 1).code = "KT-2020-001"

    _arrange(shown, arrange)
    answer = _order(shown, topic="Bình xét cuối năm")

    with shown.installation.factory() as session:
        found = session.scalars(select(Inspection).order_by(Inspection.id.desc())).first()
        assert found is not None
        assert (found.kind, found.reason, found.topic) == (
            InspectionKind.UNPLANNED,
            "Có đơn thư.",
            "Bình xét cuối năm",
        )
        assert answer.location.endswith(f"/inspections/{found.id}")
    assert "Có đơn thư." in _text(shown.client("unit_head").get(answer.location))


def test_an_order_whose_first_step_fails_loses_nothing_typed(shown: City) -> None:
    """The register's number is taken, which the first step cannot get over."""
    _arrange(shown, lambda session: open_round(session, clock.now()))
    answer = _order(shown, reason="Có đơn thư về bình xét.")

    assert answer.status_code == 503
    assert "Có đơn thư về bình xét." in _text(answer)


# Plans.


def _plan(session: Session, state: PlanState = PlanState.DRAFT) -> InspectionPlan:
    plan = session.get_one(InspectionPlan, 1)
    plan.state, plan.year = state, TODAY.year + 1
    inspection_choice.propose(session, plan, now=clock.now())
    return plan


def test_a_plan_says_why_each_unit_was_chosen_and_who_is_missing_there(shown: City) -> None:
    _arrange(shown, _plan)

    page = _text(shown.client("chairman").get("/inspections/plans/1"))

    assert "Chưa được kiểm tra lần nào." in page
    assert "Chưa có thủ trưởng" in page
    assert "5eed" in page


def test_plans_are_not_for_units(shown: City) -> None:
    client = shown.client("unit_head")

    assert client.get("/inspections/plans").status_code == 403
    assert client.get("/inspections/plans/1").status_code == 404
    assert "Kế hoạch năm" not in _text(client.get("/inspections"))


def test_the_draw_is_made_again_and_held_against_the_plan(shown: City) -> None:
    _arrange(shown, _plan)
    client = shown.client("auditor")
    assert "Kết quả trùng khớp với kế hoạch." in _text(client.get("/inspections/plans/1/draw"))

    def take_out(session: Session) -> None:
        session.delete(session.scalars(select(PlannedInspection)).first())

    _arrange(shown, take_out)
    page = _text(client.get("/inspections/plans/1/draw"))
    assert "Kế hoạch đã bỏ" in page


def _rule(**fields: str) -> dict[str, str]:
    rule = inspection_choice.ChoiceRule().as_json()
    del rule["cross_clusters"]
    return {name: str(value) for name, value in rule.items()} | fields


def test_a_draft_is_proposed_again_by_another_rule_with_the_same_seed(shown: City) -> None:
    _arrange(shown, _plan)
    client = shown.client("inspector")
    answer = client.post("/inspections/plans/1/rule", data=_rule(most_units="1", random_units="0"))

    assert answer.status_code == 302
    with shown.installation.factory() as session:
        plan = session.get_one(InspectionPlan, 1)
        assert len(plan.lines) == 1
        assert plan.seed == "5eed"


@pytest.mark.parametrize("years", ["", "-1", "501", "ba"])
def test_a_rule_takes_whole_numbers_alone(shown: City, years: str) -> None:
    _arrange(shown, _plan)
    answer = shown.client("inspector").post("/inspections/plans/1/rule", data=_rule(years=years))

    assert answer.status_code == 422
    assert "số nguyên từ 0 đến 500" in _text(answer)


def test_a_rule_that_chooses_nobody_is_refused(shown: City) -> None:
    _arrange(shown, _plan)
    rule = _rule(years="0", open_remedies="0", late_remedies="0", random_units="0")
    answer = shown.client("inspector").post("/inspections/plans/1/rule", data=rule)

    assert answer.status_code == 422
    assert "không chọn đơn vị nào" in _text(answer)


def test_an_approved_plan_keeps_its_rule(shown: City) -> None:
    _arrange(shown, lambda session: _plan(session, PlanState.APPROVED))

    assert shown.client("inspector").post("/inspections/plans/1/rule", data=_rule()).status_code == 409


def _line(client: FlaskClient, action: str, **fields: str) -> TestResponse:
    return client.post("/inspections/plans/1/lines/1", data={"action": action} | fields)


def _approved(session: Session) -> None:
    plan = session.get_one(InspectionPlan, 1)
    plan.state, plan.year = PlanState.APPROVED, TODAY.year + 1
    line = plan.lines[0]
    line.notice_on, line.visit_on = date(plan.year, 3, 3), date(plan.year, 4, 2)


def test_a_unit_is_moved_or_dropped_from_an_approved_plan_with_a_reason(shown: City) -> None:
    _arrange(shown, lambda session: open_round(session, clock.now()))
    _arrange(shown, _approved)
    client, year = shown.client("inspector"), TODAY.year + 1

    refused = _line(client, "drop", reason=" ")
    assert refused.status_code == 422
    assert "Ghi lý do thay đổi." in _text(refused)
    refused = _line(client, "move", reason="Lũ.", notice_on="3/3", visit_on="")
    assert refused.status_code == 422
    assert "dạng 30/11/2026" in _text(refused)
    assert "Lũ." in _text(refused)
    with shown.installation.factory() as session:
        day = load_calendar(session).next_working_day(date(year, 5, 11))
    moved = _line(client, "move", reason="Lũ.", notice_on=f"{day:%d/%m/%Y}", visit_on=f"{_after(shown, day)}")
    assert moved.status_code == 302
    assert "Lý do đổi ngày:" in _text(client.get("/inspections/plans/1"))
    assert _line(client, "drop", reason="Sáp nhập.").status_code == 302
    page = _text(client.get("/inspections/plans/1"))
    assert "Rút khỏi kế hoạch" in page
    assert "Sáp nhập." in page


def _after(city: City, day: date) -> str:
    with city.installation.factory() as session:
        return f"{load_calendar(session).add_working_days(day, 12):%d/%m/%Y}"


# Clusters.


def test_the_head_of_the_agency_forms_clusters(shown: City) -> None:
    client = shown.client("agency_head")
    answer = client.post("/inspections/clusters", data={"name": "Khối thử nghiệm", "name_en": "Trial"})
    with shown.installation.factory() as session:
        cluster = session.scalars(select(Cluster).where(Cluster.code == "khoi_thu_nghiem")).one()
    assert answer.location.endswith(f"/inspections/clusters/{cluster.id}")

    client.post(f"/inspections/clusters/{cluster.id}", data={"unit": ["so_y_te", "so_xay_dung"]})
    page = _text(shown.client("unit_officer").get("/inspections/clusters"))
    assert page.count("Sở Y tế") == page.count("Sở Xây dựng") == 2


def test_a_unit_of_another_cluster_is_refused_and_the_choice_kept(shown: City) -> None:
    def form(session: Session) -> None:
        other = clusters.add_cluster(session, code="khac", name="Khối khác")
        clusters.set_members(session, other, [session.scalars(select(Unit)).first() or Unit()])

    _arrange(shown, form)
    answer = shown.client("agency_head").post(
        "/inspections/clusters/1", data={"unit": ["so_y_te", "so_xay_dung"]}
    )

    assert answer.status_code == 422
    assert "đã thuộc Khối khác" in _text(answer)
    assert _text(answer).count(" checked") == 2


def test_a_cluster_needs_a_name_of_its_own(shown: City) -> None:
    client = shown.client("agency_head")

    assert "Ghi tên cụm, khối." in _text(client.post("/inspections/clusters", data={"name": " "}))
    client.post("/inspections/clusters", data={"name": "Khối thử"})
    answer = client.post("/inspections/clusters", data={"name": "Khối Thử"})
    assert answer.status_code == 422
    assert "Đã có cụm, khối" in _text(answer)
