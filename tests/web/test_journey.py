"""One nomination from the unit's desk to the issued decision, through the pages alone."""

import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
from city import PDF, City, open_round, person_named
from flask.testing import FlaskClient
from sqlalchemy import select

from engine import clock, database, schedules
from engine.models import TaskDraft
from processes.awards.models import Dossier, DossierStage

AWARD = "bang_khen_tinh_cong_trang"
Fields = dict[str, list[str]]


@pytest.fixture
def office(city: City) -> City:
    """Publish the institution's own processes and open a round of nominations."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    now = clock.now()
    with database.transaction(city.installation.factory) as session:
        open_round(session, now)
    return city


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _fields(page: str) -> Fields:
    """Read what a browser would send for a form nobody has touched."""
    fields: Fields = {}
    part = page[page.index("<form id=") :]
    for tag in re.findall(r"<input [^>]*>", part):
        kind, name = _attribute(tag, "type"), _attribute(tag, "name")
        is_sent = kind not in {"file", "submit"} and (kind not in {"radio", "checkbox"} or " checked" in tag)
        if name and is_sent:
            fields.setdefault(name, []).append(_attribute(tag, "value"))
    return fields


def _work(client: FlaskClient, heading: str, **answers: object) -> str:
    """Open the task of that name in the inbox and hand it in; return where that led."""
    inbox = client.get("/inbox").text
    found = re.search(rf'<a class="main-link" href="(/tasks/\d+)">{heading}</a>', inbox)
    assert found, f"no task {heading!r} in the inbox"
    page = client.get(found[1], follow_redirects=True)
    action = re.search(r'<form id="\w+" method="post" action="([^"]+)"', page.text)
    assert action
    answer = client.post(
        action[1], data={**_fields(page.text), **answers}, content_type="multipart/form-data"
    )
    wrong = re.findall(r'<div class="notice notice--stop.*?</div></div>', answer.text, re.DOTALL)
    assert answer.status_code == 302, [re.sub(r"<[^>]+>", " ", one) for one in wrong]
    return answer.headers["Location"]


def _nominate(office: City, award: str = AWARD) -> None:
    officer = office.client("unit_officer")
    assert officer.post("/dossiers", data={"unit": "so_y_te"}).status_code == 302
    _work(
        officer,
        "Lập hồ sơ đề nghị",
        award_round="R1",
        award=award,
        summary="Thành tích xuất sắc",
        **{
            "nominees.0.kind": "individual",
            "nominees.0.name": "Lê Vân Khánh",
            "nominees.0.achievement": "Ba năm liền hoàn thành xuất sắc nhiệm vụ",
            "achievement_reports": (BytesIO(PDF), "bao-cao.pdf"),
        },
    )
    _work(
        office.client("unit_head"), "Ký tờ trình", submission_outcome="sign", submission_number="12/TTr-SYT"
    )


def _stage(office: City, dossier_id: int = 1) -> DossierStage:
    with office.installation.factory() as session:
        return session.get_one(Dossier, dossier_id).stage


def _appraise(office: City) -> None:
    appraiser = office.client("appraisal_officer")
    _work(appraiser, "Tiếp nhận hồ sơ", receipt_outcome="receive")
    _work(appraiser, "Thẩm định từng trường hợp", **{"nominees.0.verdict": "accept"})
    _work(office.client("agency_head"), "Duyệt kết quả thẩm định", approval_outcome="approve")


def test_findings_stand_beside_each_nominee_and_ask_who_accepts_against_them_why(office: City) -> None:
    _nominate(office, award="cstd_tinh")
    appraiser = office.client("appraisal_officer")
    _work(appraiser, "Tiếp nhận hồ sơ", receipt_outcome="receive")
    found = re.search(r'"(/tasks/\d+)">Thẩm định từng trường hợp', appraiser.get("/inbox").text)
    assert found
    page = appraiser.get(found[1]).text
    assert "Không đạt 2" in page
    assert "Chưa thấy lần nào Chiến sĩ thi đua cơ sở" in page
    assert "Điều 22 Luật Thi đua, khen thưởng" in page

    given = {**_fields(page), "nominees.0.verdict": "accept"}
    refused = appraiser.post(found[1], data=given, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert 'href="#f-nominees-0-reason"' in refused.text
    given["nominees.0.reason"] = "Đã đối chiếu bản gốc các quyết định."
    taken = appraiser.post(found[1], data=given, content_type="multipart/form-data")
    assert taken.status_code == 302
    head = office.client("agency_head")
    found = re.search(r'"(/tasks/\d+)">Duyệt kết quả thẩm định', head.get("/inbox").text)
    assert found
    assert "Đồng ý: Đã đối chiếu bản gốc các quyết định." in head.get(found[1]).text


def _open_session(office: City) -> None:
    secretary = office.client("council_secretary")
    assert secretary.post("/council").status_code == 302
    soon = clock.now().astimezone(clock.CITY_ZONE) + timedelta(minutes=5)
    later = soon + timedelta(hours=2)
    _work(
        secretary,
        "Lập chương trình họp",
        place="Phòng họp số 1",
        dossiers="1",
        **{
            "meets_at.date": f"{soon:%d/%m/%Y}",
            "meets_at.time": f"{soon:%H:%M}",
            "closes_at.date": f"{later:%d/%m/%Y}",
            "closes_at.time": f"{later:%H:%M}",
        },
    )
    with office.installation.factory() as session:
        present = [str(person_named(session, role).id) for role in ("council_member", "council_chair")]
    _work(secretary, "Điểm danh, mở bỏ phiếu", present_members=present)


def _vote(office: City, username: str, choice: str) -> str:
    """Cast a member's ballot; return the page with the receipt code."""
    member = office.client(username)
    page = member.get("/council/1/ballot").text
    lines = re.findall(r'name="(line-\d+)" value="agree"', page)
    assert lines
    answer = member.post("/council/1/ballot", data={**dict.fromkeys(lines, choice), "step": "cast"})
    assert answer.status_code == 200
    return answer.text


def test_a_nomination_becomes_an_issued_decision(office: City) -> None:
    _nominate(office)
    _appraise(office)
    assert _stage(office) is DossierStage.AWAITING_COUNCIL

    _open_session(office)
    code = re.search(r'class="big-code">([^<]+)<', _vote(office, "council_member", "agree"))
    _vote(office, "council_chair", "agree")
    _work(office.client("council_secretary"), "Bỏ phiếu, đóng bỏ phiếu")
    _work(office.client("council_chair"), "Ký biên bản")
    assert _stage(office) is DossierStage.AWAITING_DECISION
    assert "<b>Thông qua</b>" in office.client("council_member").get("/council/1/minutes").text
    assert office.client("council_member").get("/council/1/minutes.pdf").data.startswith(b"%PDF")
    assert code
    member = office.client("council_member")
    member.post("/council/1/receipt", data={"code": code[1]})
    assert "đã được mở và kiểm" in member.get("/council/1").text

    head = office.client("agency_head")
    assert head.post("/decisions", data={"subject": "Về việc khen thưởng"}).status_code == 302
    _work(head, "Trình dự thảo quyết định", submission_note="Kính trình")
    _work(office.client("chairman"), "Ký quyết định", outcome="sign")
    today = clock.now().astimezone(clock.CITY_ZONE)
    _work(office.client("clerk"), "Cấp số, ngày ban hành", issued_on=f"{today:%d/%m/%Y}")
    assert _stage(office) is DossierStage.GRANTED
    with office.client("nobody").get("/decisions/1/document.pdf") as document:
        assert document.data.startswith(b"%PDF")
        assert document.headers["Content-Disposition"].startswith("attachment")


def test_a_ballot_leaves_no_trace_of_its_choices(office: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    _nominate(office)
    _appraise(office)
    _open_session(office)
    _vote(office, "council_member", "disagree")

    page = office.client("council_member").get("/council/1/ballot").text
    assert "disagree" not in caplog.text
    assert "Phiếu của tôi đã vào hòm" in page
    assert not re.search(r'value="disagree" checked', page)
    with office.installation.factory() as session:
        assert session.scalars(select(TaskDraft)).all() == []


def test_a_ballot_with_an_open_line_comes_back_as_it_was(office: City) -> None:
    _nominate(office)
    _appraise(office)
    _open_session(office)
    answer = office.client("council_member").post("/council/1/ballot", data={"step": "cast"})

    assert answer.status_code == 422
    assert "Còn trường hợp chưa chọn" in answer.text


def test_a_ballot_is_no_page_for_others(office: City) -> None:
    _nominate(office)
    _appraise(office)
    _open_session(office)

    assert office.client("auditor").get("/council/1/ballot").status_code == 403
    assert office.client("unit_officer").get("/council/1/ballot").status_code == 404


def test_a_withdrawn_dossier_closes_its_open_task(office: City) -> None:
    _nominate(office)
    office.client("unit_head").post("/dossiers/1/withdraw", data={"reason": "Đơn vị xem xét lại"})

    assert _stage(office) is DossierStage.WITHDRAWN
    assert "Tiếp nhận hồ sơ" not in office.client("appraisal_officer").get("/inbox").text


def test_the_live_diagram_marks_where_the_dossier_is(office: City) -> None:
    _nominate(office)
    page = office.client("unit_officer").get("/dossiers/1").text

    assert 'data-active="[&#34;receive_dossier&#34;]"' in page
    assert "prepare_dossier" in page
    assert "<bpmn" in office.client("unit_officer").get("/dossiers/1/diagram.bpmn").text


def test_another_unit_sees_nothing_of_a_dossier(office: City) -> None:
    _nominate(office)
    other = office.client("other_officer")

    assert other.get("/dossiers/1").status_code == 404
    assert "HS-" not in other.get("/dossiers").text
    assert other.get("/files/1").status_code == 404


def test_a_planned_inspection_reaches_the_unit(office: City) -> None:
    today = clock.now().astimezone(clock.CITY_ZONE)
    planned = office.client("inspector").post(
        "/schedules/new",
        data={
            "key": "inspection",
            "name": "Kiểm tra hằng năm",
            "variable-topic": "Thực hiện Chỉ thị 01",
            "rhythm": "yearly",
            "first_on": f"{today:%d/%m/%Y}",
            "starts_at": "07:30",
            "shift": "forward",
            "unit_mode": "chosen",
            "unit": ["so_y_te"],
        },
    )
    assert planned.status_code == 302
    # A day off moves the start to the next working day: a week later it is due in any case.
    schedules.start_due(office.installation.factory, now=clock.now() + timedelta(days=14))

    officer = office.client("unit_officer")
    assert "Báo cáo tự kiểm tra" in officer.get("/inbox").text
    assert "Thực hiện Chỉ thị 01" in officer.get("/inspections/1").text
    assert office.client("other_officer").get("/inspections/1").status_code == 404


def test_a_line_is_pulled_out_with_its_reason_alone(office: City) -> None:
    _nominate(office)
    _appraise(office)
    _open_session(office)
    for member in ("council_member", "council_chair"):
        _vote(office, member, "agree")
    _work(office.client("council_secretary"), "Bỏ phiếu, đóng bỏ phiếu")
    _work(office.client("council_chair"), "Ký biên bản")
    head, chairman = office.client("agency_head"), office.client("chairman")
    head.post("/decisions", data={"subject": "Về việc khen thưởng"})
    _work(head, "Trình dự thảo quyết định")
    task = re.search(r'href="(/tasks/\d+)">Ký quyết định<', chairman.get("/inbox").text)
    assert task
    address = chairman.get(task[1]).headers["Location"]
    without = chairman.post(address, data={"outcome": "sign", "line-1": "later", "why-1": ""})

    assert without.status_code == 422
    assert "Ghi lý do rút Lê Vân Khánh" in without.text
    assert _stage(office) is DossierStage.AWAITING_CHAIRMAN
