"""Directives on their pages: who sees what, the receipt by secret link, the reminder, entry in steps."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from city import PDF, START, City, open_round, person_named
from directive_objects import ITEM, SUBJECT, TOKEN, add_directive
from flask.testing import FlaskClient
from sqlalchemy import select

from engine import clock, database, files
from engine.models import MailState, OutboxMail
from processes.awards import directive_distribution
from processes.awards.models.directives import (
    Directive,
    DirectiveDelivery,
    DirectiveState,
    DirectiveTask,
    ReportEvidence,
    TaskReport,
)

RECEIVED = f"/directives/received/{TOKEN}"


@pytest.fixture
def office(city: City) -> City:
    """Return a city with one directive under way."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    with database.transaction(city.installation.factory) as session:
        people = {name: person_named(session, name) for name in ("unit_officer", "unit_head")}
        people["unit_head"].email = "unit_head@example.org"
        add_directive(session, officer=people["unit_officer"], head=people["unit_head"], now=START)
    return city


@pytest.fixture
def entering(city: City) -> tuple[City, FlaskClient, str]:
    """Begin the entry of a directive; give the city, the officer's browser and the address of the task."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    with database.transaction(city.installation.factory) as session:
        open_round(session, clock.now())
    client = city.client("appraisal_officer")
    begun = client.post("/begin/directive/directive_received")
    page = client.get(begun.location)
    return city, client, page.location


def read_at(city: City) -> set[bool]:
    with city.installation.factory() as session:
        return {one.read_at is not None for one in session.scalars(select(DirectiveDelivery))}


def words(page: str) -> str:
    """Return a page's text."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("username", ["unit_head", "other_officer", "chairman", "auditor"])
def test_a_directive_is_shown_to_who_is_concerned(office: City, username: str) -> None:
    client = office.client(username)

    assert "01/CT-UBND" in client.get("/directives").text
    page = client.get("/directives/1").text
    assert "Tăng kim ngạch xuất khẩu" in page
    assert "40%" in page
    assert "&lt;các nhiệm vụ&gt;" in client.get("/directives/1?tab=content").text


@pytest.mark.parametrize("username", ["council_member", "consulted_agency"])
def test_others_do_not_learn_of_it(office: City, username: str) -> None:
    client = office.client(username)

    assert "01/CT-UBND" not in client.get("/directives").text
    assert client.get("/directives/1").status_code == 404
    assert client.get("/directives/tasks/1").status_code == 404


def test_units_see_no_draft_and_no_distribution(office: City) -> None:
    client = office.client("unit_head")
    assert client.get("/directives/1?tab=recipients").status_code == 404
    with database.transaction(office.installation.factory) as session:
        session.get_one(Directive, 1).state = DirectiveState.DRAFT

    assert client.get("/directives/1").status_code == 404
    assert client.get("/directives/tasks/1").status_code == 404
    assert client.get(RECEIVED).status_code == 404


def test_the_chart_names_the_target_and_links_to_the_report(office: City) -> None:
    page = office.client("chairman").get("/directives/1?tab=targets").text

    assert "33 - 33,5 tỷ USD" in page
    assert '<a href="/directives/tasks/1#bao-cao-1">20,25 tỷ USD</a>' in page
    assert "0 trên 1 chỉ tiêu đã đạt" in page
    assert page.count('role="img"') == 2


def test_filters_narrow_the_tasks(office: City) -> None:
    client = office.client("chairman")

    assert "Tăng kim ngạch xuất khẩu" in client.get("/directives/1?standing=on_time").text
    assert "Không có nhiệm vụ nào khớp" in client.get("/directives/1?standing=late").text
    assert "Không có nhiệm vụ nào khớp" in client.get("/directives/1?unit=nowhere").text


def test_opening_the_link_proves_nothing_and_the_button_does(office: City) -> None:
    client = office.client()
    shown = client.get(RECEIVED)

    assert shown.status_code == 200
    assert SUBJECT in shown.text
    assert "&lt;các nhiệm vụ&gt;" in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert read_at(office) == {False}

    assert client.post(RECEIVED).status_code == 302
    with office.installation.factory() as session:
        outside, of_head = (
            session.scalars(select(DirectiveDelivery).where(condition)).one()
            for condition in (DirectiveDelivery.person_id.is_(None), DirectiveDelivery.person_id.is_not(None))
        )
        first_at = outside.read_at
        assert first_at is not None
        assert of_head.read_at is None
    client.post(RECEIVED)
    with office.installation.factory() as session:
        assert session.get_one(DirectiveDelivery, outside.id).read_at == first_at


def test_the_public_page_tells_nothing_but_the_directive(office: City) -> None:
    page = office.client("chairman").get(RECEIVED).text

    for foreign in ("Tăng kim ngạch xuất khẩu", "Thủ trưởng các đơn vị", "Việc của tôi", "example.org"):
        assert foreign not in page
    assert ITEM.partition(" <")[0] in page


def test_an_unknown_secret_is_not_found_and_guessing_is_stopped(office: City) -> None:
    client = office.client()
    answers = [client.get(f"/directives/received/{number}") for number in range(22)]

    assert {one.status_code for one in answers} == {404, 429}
    assert client.post("/directives/received/x").status_code == 429


def test_who_is_signed_in_confirms_on_the_page(office: City) -> None:
    client = office.client("unit_head")
    assert "Chỉ thị này đã được gửi đến tôi" in client.get("/directives/1").text

    client.post("/directives/1/receipt")

    assert "Chỉ thị này đã được gửi đến tôi" not in client.get("/directives/1").text
    assert read_at(office) == {True, False}


def test_those_who_have_not_read_are_counted_and_reminded_once(office: City) -> None:
    client = office.client("agency_head")
    office.client("unit_head").post("/directives/1/receipt")
    assert "Nhắc 1 người chưa đọc" in client.get("/directives/1?tab=recipients").text

    client.post("/directives/1/remind")
    client.post("/directives/1/remind")

    with office.installation.factory() as session:
        waiting = session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.WAITING)).all()
        assert [mail.address for mail in waiting] == ["vanthu@example.org"]
        assert TOKEN in waiting[0].text
    assert "người chưa đọc</button>" not in client.get("/directives/1?tab=recipients").text


def test_one_notice_is_sent_again(office: City) -> None:
    client = office.client("appraisal_officer")

    assert client.post("/directives/1/deliveries/1/resend").status_code == 302
    assert client.post("/directives/1/deliveries/99/resend").status_code == 404
    with office.installation.factory() as session:
        rows = directive_distribution.recipient_rows(session, session.get_one(Directive, 1))
        counts = {row.delivery.id: len(row.mails) for line in rows for row in line.deliveries}
        assert counts == {1: 2, 2: 1}


def test_evidence_is_given_to_who_sees_the_task(office: City) -> None:
    with database.transaction(office.installation.factory) as session:
        officer = person_named(session, "unit_officer")
        upload = files.store_upload(session, PDF, "bieu.pdf", person=officer, now=START)
        report = session.get_one(TaskReport, 1)
        report.evidence.append(ReportEvidence(upload=upload))
        number = upload.id
    address = f"/directives/tasks/1/evidence/{number}"

    with office.client("other_officer").get(address) as answer:
        assert answer.data == PDF
    assert office.client("council_member").get(address).status_code == 404
    assert office.client("chairman").get("/directives/tasks/1/evidence/99").status_code == 404


def test_a_wish_for_time_says_what_is_wrong_at_its_field(office: City) -> None:
    client = office.client("unit_officer")
    for form, sentence in (
        ({"wished_on": "31/02/2037", "reason": "Chờ vốn"}, "Chưa phải ngày"),
        ({"wished_on": "01/01/2036", "reason": "Chờ vốn"}, "Chọn ngày sau thời hạn 18/12/2036"),
        ({"wished_on": "01/03/2037", "reason": ""}, "Ghi lý do xin gia hạn"),
    ):
        answer = client.post("/directives/tasks/1/extension", data=form)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert form["wished_on"] in answer.text
    assert office.client("other_officer").post("/directives/tasks/1/extension").status_code == 403


def test_a_late_task_is_late_on_every_page(office: City) -> None:
    with database.transaction(office.installation.factory) as session:
        session.get_one(DirectiveTask, 1).due_on = date(2026, 11, 2)
    client = office.client("chairman")

    assert "Quá hạn" in client.get("/directives/tasks/1").text
    assert "Tăng kim ngạch xuất khẩu" in client.get("/directives/1?standing=late").text
    assert "hạn 02/11/2026" in client.get("/directives/1/print").text


def test_entry_keeps_every_step_and_says_what_is_wrong_at_the_field(
    entering: tuple[City, FlaskClient, str],
) -> None:
    _city, client, address = entering
    wrong = client.post(f"{address}/facts", data={"number": "02/CT-UBND", "issued_on.date": "31/02/2026"})

    assert wrong.status_code == 422
    assert "02/CT-UBND" in wrong.text
    assert "31/02/2026" in wrong.text
    assert "Chưa phải ngày" in wrong.text
    added = client.post(
        f"{address}/items", data={"items.rows": ["", "0"], "items.0.text": "Một", "form:action": "add:items"}
    )
    assert added.status_code == 200
    assert added.text.count("<legend>Mục ") == 2
    assert "02/CT-UBND" in client.get(f"{address}/facts").text
    check = client.get(f"{address}/check").text
    assert "Chỉ thị số 02/CT-UBND" in check
    assert f'href="{address}/facts?wrong=1#f-subject"' in check
    assert client.post(f"{address}/check").status_code == 422


def test_a_rule_of_directives_speaks_at_the_field_of_its_row(entering: tuple[City, FlaskClient, str]) -> None:
    _city, client, address = entering
    fields = {
        "tasks.rows": ["", "0", "7"],
        "tasks.0.name": "Việc một",
        "tasks.7.name": "Việc hai",
        "tasks.7.lead_unit": "so_xay_dung",
        "tasks.7.starts_on.date": "05/01/2036",
        "tasks.7.due_on.date": "04/01/2036",
    }
    answer = client.post(f"{address}/tasks", data=fields)

    assert answer.status_code == 422
    assert 'id="f-tasks-1-due_on-wrong"' in answer.text or 'id="f-tasks-7-due_on-wrong"' in answer.text
    assert "Thời hạn phải sau ngày bắt đầu." in words(answer.text)


def test_a_whole_directive_goes_to_approval(entering: tuple[City, FlaskClient, str]) -> None:
    city, client, address = entering
    today = clock.now().date()
    later = f"{today + timedelta(days=90):%d/%m/%Y}"
    steps: dict[str, dict[str, object]] = {
        "facts": {
            "number": "03/CT-UBND",
            "subject": SUBJECT,
            "issued_on.date": "03/01/2024",
            "signer": "Đoàn Bách Tùng",
            "signer_title": "Chủ tịch",
            "closes_on.date": later,
            "document": (BytesIO(PDF), "chi-thi.pdf"),
        },
        "items": {"items.rows": ["", "0"], "items.0.text": ITEM},
        "tasks": {
            "tasks.rows": ["", "0"],
            "tasks.0.name": "Rà soát phong trào",
            "tasks.0.item_number": "1",
            "tasks.0.lead_unit": "so_y_te",
            "tasks.0.starts_on.date": f"{today:%d/%m/%Y}",
            "tasks.0.due_on.date": later,
            "tasks.0.rhythm": "once",
        },
        "targets": {
            "targets.rows": ["", "0"],
            "targets.0.task": "1",
            "targets.0.name": "Thu ngân sách",
            "targets.0.measure": "tỷ đồng",
            "targets.0.lowest": "106.761,592",
        },
        "recipients": {
            "recipients.rows": ["", "0"],
            "recipients.0.name": "Văn phòng Chính phủ",
            "recipients.0.address": "vanthu@example.org",
        },
    }
    for step, fields in steps.items():
        answer = client.post(f"{address}/{step}", data=fields, content_type="multipart/form-data")
        assert answer.status_code == 302, words(answer.text)
    assert client.post(f"{address}/check").status_code == 302

    with city.installation.factory() as session:
        found = session.scalars(select(Directive)).one()
        assert (found.number, found.state) == ("03/CT-UBND", DirectiveState.AWAITING_APPROVAL)
        assert found.upload is not None
        assert found.items[0].text == ITEM
        assert f"{found.tasks[0].targets[0].lowest:.3f}" == "106761.592"
    assert city.client("unit_head").get(address).status_code == 404
