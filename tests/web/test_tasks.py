"""The task page: what is typed is never lost, and only one of two people hands a task in."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from city import PDF, City
from factories import bpmn, flow, publish, start_and_end, user_task
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import database, instances, people, tasks
from engine.models import Person, Task, TaskDraft, Upload

START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
FORM = {
    "id": "ask",
    "type": "default",
    "schemaVersion": 18,
    "components": [
        {
            "type": "textfield",
            "id": "c1",
            "key": "heading",
            "label": "Tiêu đề",
            "validate": {"required": True},
        },
        {"type": "textarea", "id": "c2", "key": "reason", "label": "Lý do", "validate": {"required": True}},
        {"type": "filepicker", "id": "c3", "key": "papers", "label": "Tệp", "multiple": True},
        {
            "type": "dynamiclist",
            "id": "c4",
            "path": "people",
            "label": "Danh sách",
            "allowAddRemove": True,
            "defaultRepetitions": 1,
            "components": [{"type": "textfield", "id": "c5", "key": "name", "label": "Họ tên"}],
        },
    ],
}


@pytest.fixture
def task_id(city: City) -> int:
    """Start a process whose first task waits for two officers of so_y_te, with a form."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    form = '<zeebe:formDefinition formId="ask"/>'
    ask = user_task("ask", "unit_officer@so_y_te", mappings=form)
    diagram = bpmn("leave", start_and_end(), ask, flow("start", "ask", "end"))
    with database.transaction(city.installation.factory) as session:
        unit = people.find_unit(session, "so_y_te")
        second = people.create_person(session, username="second", full_name="Trần Thị Hai")
        people.give_role(session, second, "unit_officer", unit=unit, now=START)
        publish(session, "leave", diagram, files={"ask.form": json.dumps(FORM).encode()})
        instances.start(session, "leave", variables={}, title="Nghỉ phép", unit=unit, actor=None, now=START)
        return session.scalars(select(Task.id)).one()


def _page_fields(page: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page[page.index('id="viec"') :]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields.setdefault(name[1], []).append(value[1] if value else "")
    return fields


def _post(client: FlaskClient, task_id: int, **fields: object) -> TestResponse:
    kept = _page_fields(client.get(f"/tasks/{task_id}").text)
    return client.post(f"/tasks/{task_id}", data={**kept, **fields}, content_type="multipart/form-data")


def test_a_form_with_mistakes_comes_back_with_everything_typed(city: City, task_id: int) -> None:
    answer = _post(city.client("unit_officer"), task_id, heading="Xin nghỉ <b>ốm</b>", reason="")

    assert answer.status_code == 422
    assert "Xin nghỉ &lt;b&gt;ốm&lt;/b&gt;" in answer.text
    assert 'href="#f-reason"' in answer.text


def test_a_complete_form_hands_the_task_in(city: City, task_id: int) -> None:
    client = city.client("unit_officer")
    answer = _post(client, task_id, heading="Xin nghỉ", reason="Ốm")

    assert answer.status_code == 302
    assert "Đã gửi: ask" in client.get("/inbox").text
    assert "Xin nghỉ" in client.get(f"/tasks/{task_id}").text


def test_a_file_survives_a_form_with_mistakes(city: City, task_id: int) -> None:
    client = city.client("unit_officer")
    first = _post(client, task_id, heading="", reason="Ốm", papers=(BytesIO(PDF), "don.pdf"))

    assert first.status_code == 422
    assert "don.pdf" in first.text
    second = client.post(
        f"/tasks/{task_id}",
        data={**_page_fields(first.text), **_kept(first.text), "heading": "A", "reason": "B"},
    )
    assert second.status_code == 302
    with city.installation.factory() as session:
        upload = session.query(Upload).one()
        answers = tasks.answers_of(session, session.get_one(Task, task_id))
    assert answers["papers"] == [upload.id]


def _kept(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(papers\.kept)"[^>]*value="(\d+)"', page))


def test_a_refused_file_is_named_with_its_reason(city: City, task_id: int) -> None:
    answer = _post(
        city.client("unit_officer"), task_id, heading="A", reason="B", papers=(BytesIO(b"MZ"), "a.pdf")
    )

    assert answer.status_code == 422
    assert "nội dung tệp a.pdf không phải PDF" in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tệp a.pdf không có nội dung"),
        (b"%PDF-1.7\n%%EOF\n", "tệp a.pdf không có trang nào"),
        (PDF + b"0" * 3_000, "tệp a.pdf lớn hơn 2 kB"),
    ],
)
def test_a_file_that_proves_nothing_is_told_at_the_field(
    city: City, task_id: int, content: bytes, said: str
) -> None:
    carried = city.installation.factory.kw["info"]
    carried["setup"] = replace(carried["setup"], upload_limit_bytes=2_000)
    city.app.config["UPLOAD_LIMIT_BYTES"] = 2_000
    answer = _post(
        city.client("unit_officer"), task_id, heading="Đã gõ", reason="B", papers=(BytesIO(content), "a.pdf")
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Đã gõ"' in answer.text
    with city.installation.factory() as session:
        assert session.query(Upload).all() == []


def test_a_file_handed_in_twice_is_taken_once(city: City, task_id: int) -> None:
    client = city.client("unit_officer")
    both = [(BytesIO(PDF), "don.pdf"), (BytesIO(PDF), "don (1).pdf")]
    first = _post(client, task_id, heading="A", reason="B", papers=both)
    again = client.post(
        f"/tasks/{task_id}",
        data={
            **_page_fields(first.text),
            **_kept(first.text),
            "heading": "A",
            "reason": "B",
            "papers": (BytesIO(PDF), "ban sao.pdf"),
        },
        content_type="multipart/form-data",
    )

    assert (first.status_code, again.status_code) == (422, 422)
    assert "tệp don (1).pdf trùng nội dung với một tệp đã có" in first.text
    assert "tệp ban sao.pdf trùng nội dung" in again.text
    with city.installation.factory() as session:
        assert [upload.name for upload in session.query(Upload)] == ["don.pdf"]


def test_a_field_says_what_it_takes(city: City, task_id: int) -> None:
    page = city.client("unit_officer").get(f"/tasks/{task_id}").text

    assert "PDF, ảnh, Word, Excel, LibreOffice, tối đa 20 MB" in page


def test_a_button_adds_a_row_without_handing_in(city: City, task_id: int) -> None:
    answer = _post(city.client("unit_officer"), task_id, heading="Giữ lại", **{"form:action": "add:people"})

    assert answer.status_code == 200
    assert "Giữ lại" in answer.text
    assert answer.text.count('class="form-row"') == 2


def test_a_draft_is_seen_by_its_author_alone(city: City, task_id: int) -> None:
    author, other = city.client("unit_officer"), city.client("second")
    saved = author.post(f"/tasks/{task_id}/draft", data={"heading": "Bản nháp riêng"})

    assert saved.status_code == 200
    assert "Bản nháp riêng" in author.get(f"/tasks/{task_id}").text
    assert "Bản nháp riêng" not in other.get(f"/tasks/{task_id}").text


def test_who_comes_second_is_told_who_was_faster_and_keeps_his_draft(city: City, task_id: int) -> None:
    fast, slow = city.client("unit_officer"), city.client("second")
    page = slow.get(f"/tasks/{task_id}").text
    slow.post(f"/tasks/{task_id}/draft", data={"heading": "Của người chậm"})
    _post(fast, task_id, heading="Nhanh", reason="Hơn")
    answer = slow.post(f"/tasks/{task_id}", data={**_page_fields(page), "heading": "Chậm", "reason": "Hơn"})

    assert answer.status_code == 409
    assert "Người giữ Cán bộ thi đua" in answer.text
    assert "chưa được ghi" in answer.text


def test_a_claimed_task_is_no_longer_common(city: City, task_id: int) -> None:
    city.client("unit_officer").post(f"/tasks/{task_id}/claim")
    other = city.client("second")

    assert f"/tasks/{task_id}" not in other.get("/inbox?tab=common").text
    assert 'id="viec"' not in other.get(f"/tasks/{task_id}").text


def test_several_common_tasks_are_claimed_at_once(city: City, task_id: int) -> None:
    client = city.client("unit_officer")
    client.post("/inbox/claim", data={"task": [str(task_id), "999999"]})

    page = client.get("/inbox").text
    assert "Đã nhận 1 việc" in page
    assert "1 việc đã có người khác nhận trước" in page


def test_handing_over_needs_a_reason_and_reaches_the_other(city: City, task_id: int) -> None:
    client = city.client("unit_officer")
    with city.installation.factory() as session:
        taker = session.query(Person).filter_by(username="second").one()
    without = client.post(f"/tasks/{task_id}/hand-over", data={"to": taker.id})
    client.post(f"/tasks/{task_id}/hand-over", data={"to": taker.id, "reason": "Đi công tác"})

    assert without.headers["Location"].endswith(f"/tasks/{task_id}")
    assert 'id="viec"' in city.client("second").get(f"/tasks/{task_id}").text


def test_remarks_are_escaped(city: City, task_id: int) -> None:
    client = city.client("unit_officer")
    client.post(f"/tasks/{task_id}/comments", data={"text": "<script>alert(1)</script>"})

    assert "<script>alert" not in client.get(f"/tasks/{task_id}").text


def test_no_draft_is_left_after_the_task_is_done(city: City, task_id: int) -> None:
    _post(city.client("unit_officer"), task_id, heading="A", reason="B")

    with city.installation.factory() as session:
        assert session.query(TaskDraft).count() == 0
