"""The studio: drafts in the browser, saved file by file, checked, submitted, published by a second person."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from city import START, City, person_named
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import bundles, definitions, exchange, people
from engine.ingest.xml import MAX_BYTES
from engine.models import DefinitionDraft, DefinitionVersion, VersionState
from web.security import POLICY, STUDIO_POLICY

EDITOR = "process_administrator"
PROCESSES = Path(__file__).parents[2] / "processes"
DECISION = PROCESSES / "decision"
NOMINATION = (PROCESSES / "nomination" / "nomination.bpmn").read_bytes()


@pytest.fixture
def studio(full_city: City) -> City:
    """Return the city with a second process administrator and without tokens in forms."""
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    with full_city.installation.factory() as session, session.begin():
        second = people.create_person(session, username="second", full_name="Người thứ hai")
        people.give_role(session, second, EDITOR, now=START)
    return full_city


@pytest.fixture
def editor(studio: City) -> FlaskClient:
    return studio.client(EDITOR)


@pytest.fixture
def draft(editor: FlaskClient) -> str:
    """Return the address of a new process's draft."""
    answer = editor.post("/studio/drafts", data={"name": "Xin nghỉ phép"})
    return answer.location


def _read(client: FlaskClient, draft: str, name: str) -> tuple[bytes, str]:
    answer = client.get(f"{draft}/files/{name}")
    assert answer.status_code == 200
    return answer.data, answer.headers["ETag"]


def _save(client: FlaskClient, draft: str, name: str, content: bytes, seen: str) -> TestResponse:
    return client.put(f"{draft}/files/{name}", data=content, headers={"If-Match": seen})


def _problems(client: FlaskClient, draft: str) -> list[dict[str, Any]]:
    answer = client.post(f"{draft}/check")
    assert answer.status_code == 200
    problems: list[dict[str, Any]] = json.loads(answer.data)["problems"]
    return problems


def test_a_new_process_goes_from_nothing_to_publication(
    studio: City, editor: FlaskClient, draft: str
) -> None:
    page = editor.get(draft)
    assert page.status_code == 200
    assert 'data-file="xin_nghi_phep.bpmn"' in page.text
    content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")
    saved = _save(editor, draft, "xin_nghi_phep.bpmn", content.replace("Kết thúc".encode(), b"Xong"), seen)
    assert saved.status_code == 200
    assert _problems(editor, draft) == []

    sent = editor.post(f"{draft}/submit", data={"comment": "Bản đầu"})

    assert sent.status_code == 302
    assert editor.post(f"{sent.location}/publish").status_code == 403
    studio.client("second").post(f"{sent.location}/publish")
    with studio.installation.factory() as session:
        version = session.query(DefinitionVersion).filter_by(key="xin_nghi_phep").one()
        assert (version.state, version.comment) == (VersionState.PUBLISHED, "Bản đầu")
        assert session.query(DefinitionDraft).filter_by(key="xin_nghi_phep").count() == 0


def test_only_the_editors_page_may_set_styles(editor: FlaskClient, draft: str) -> None:
    assert editor.get(draft).headers["Content-Security-Policy"] == STUDIO_POLICY
    assert editor.get(f"{draft}/submit").headers["Content-Security-Policy"] == POLICY
    assert "unsafe-eval" not in STUDIO_POLICY


def test_who_was_slower_is_told_by_whom(studio: City, editor: FlaskClient, draft: str) -> None:
    content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")
    faster = _save(studio.client("second"), draft, "xin_nghi_phep.bpmn", content + b"\n", seen)
    assert faster.status_code == 200

    slower = _save(editor, draft, "xin_nghi_phep.bpmn", content + b" ", seen)

    assert slower.status_code == 409
    told = json.loads(slower.data)
    assert told["saved_by"] == "Người thứ hai"
    assert told["sha256"] == json.loads(faster.data)["sha256"]
    assert told["saved_at_text"] in told["error"]


def test_who_saves_something_no_editor_opens_is_told_why(editor: FlaskClient, draft: str) -> None:
    content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")

    refused = _save(editor, draft, "xin_nghi_phep.bpmn", b"<html/>", seen)

    assert refused.status_code == 422
    assert json.loads(refused.data)["problems"] == ["Tệp không phải là sơ đồ BPMN 2.0."]
    assert _read(editor, draft, "xin_nghi_phep.bpmn") == (content, seen)


def test_a_file_that_is_too_big_is_not_read(editor: FlaskClient, draft: str) -> None:
    _content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")

    assert _save(editor, draft, "xin_nghi_phep.bpmn", b" " * (MAX_BYTES + 1), seen).status_code == 413


def test_a_draft_that_grows_too_big_is_not_saved(
    editor: FlaskClient, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")
    monkeypatch.setattr(bundles, "MAX_BUNDLE_BYTES", len(content))

    refused = _save(editor, draft, "xin_nghi_phep.bpmn", content + b" ", seen)

    assert refused.status_code == 422
    assert "quá lớn" in json.loads(refused.data)["error"]


def test_a_token_is_needed_to_save(full_city: City) -> None:
    client = full_city.client(EDITOR)

    assert _save(client, "/studio/drafts/1", "plain.bpmn", b"", '"x"').status_code == 400


def test_problems_come_with_what_mends_them(editor: FlaskClient, draft: str) -> None:
    name = "xin_nghi_phep.bpmn"
    content, seen = _read(editor, draft, name)
    task = (
        b'<bpmn:userTask id="ask" name="Xin"><bpmn:extensionElements><zeebe:userTask/>'
        b'<zeebe:formDefinition formId="asc"/><zeebe:assignmentDefinition candidateGroups="clerc"/>'
        b"</bpmn:extensionElements></bpmn:userTask></bpmn:process>"
    )
    _save(editor, draft, name, content.replace(b"</bpmn:process>", task), seen)
    editor.post(f"{draft}/files", data={"kind": "form", "id": "ask", "name": "Xin nghỉ"})

    mends = {problem["code"]: problem["mend"] for problem in _problems(editor, draft)}

    assert mends["form_missing"]["values"] == {"element_id": "ask", "form_id": "ask"}
    assert mends["role_unknown"]["values"] == {"element_id": "ask", "group": "clerk"}
    assert mends["no_incoming"]["kind"] == "remove"


def test_what_stands_in_the_way_keeps_a_draft_from_being_sent(editor: FlaskClient, draft: str) -> None:
    content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")
    _save(editor, draft, "xin_nghi_phep.bpmn", content.replace(b"isExecutable", b"wrong"), seen)

    page = editor.get(f"{draft}/submit")
    sent = editor.post(f"{draft}/submit", data={"comment": "Thử"})

    assert "Chưa gửi được" in page.text
    assert "disabled" in page.text
    assert sent.location == f"{draft}/submit"


def test_lists_name_what_may_be_chosen(editor: FlaskClient) -> None:
    draft = editor.post("/definitions/plain/draft").location
    editor.post(f"{draft}/files", data={"kind": "form", "id": "prepare", "name": "Lập"})

    found = json.loads(editor.get(f"{draft}/lists").data)

    assert {"code": "clerk", "name": "Văn thư", "per_unit": False} in found["roles"]
    assert {"id": "prepare", "name": "Lập", "file": "prepare.form"} in found["forms"]
    assert {"forms", "tables", "texts", "processes", "variables", "form_fields"} <= set(found)
    assert found["actions"]


def test_variables_of_a_draft_say_where_they_come_from(editor: FlaskClient) -> None:
    draft = editor.post("/studio/import", data={"file": _upload("nomination.bpmn", NOMINATION)}).location

    found = json.loads(editor.get(draft.partition("?")[0] + "/lists").data)

    origins = {row["name"]: row["origin"] for row in found["variables"]}
    assert "Thẩm định từng trường hợp" in origins.values()


def test_a_visit_tells_who_else_is_there(studio: City, editor: FlaskClient, draft: str) -> None:
    editor.post(f"{draft}/visit", json={"file": "xin_nghi_phep.bpmn"})

    seen = json.loads(studio.client("second").post(f"{draft}/visit", json={"file": "nowhere.form"}).data)

    assert [(one["name"], one["file"]) for one in seen["others"]] == [
        ("Người giữ Quản trị quy trình", "xin_nghi_phep.bpmn")
    ]
    assert set(seen["files"]) == {"xin_nghi_phep.bpmn"}
    assert json.loads(editor.post(f"{draft}/visit", data=b"x").data)["others"] == []


def test_a_form_is_shown_as_people_will_meet_it(editor: FlaskClient, draft: str) -> None:
    field = {"type": "textfield", "id": "f", "key": "reason", "label": "Lý do <b>"}
    form = {"type": "default", "id": "ask", "schemaVersion": 17, "components": [field]}

    shown = editor.post(f"{draft}/preview", data=json.dumps(form))
    wrong = editor.post(f"{draft}/preview", data=b'{"components": [{"type": "iframe"}]}')

    assert 'name="reason"' in shown.text
    assert "Lý do &lt;b&gt;" in shown.text
    assert "iframe" in wrong.text
    assert "<input" not in wrong.text


def test_every_form_of_ours_is_previewed_with_made_up_data(editor: FlaskClient, draft: str) -> None:
    for path in sorted((Path(__file__).parents[2] / "forms").glob("*/*.form")):
        for language in ("vi", "en"):
            shown = editor.post(f"{draft}/preview?lang={language}", data=path.read_bytes())
            assert shown.status_code == 200, path
            assert "notice--stop" not in shown.text, path
            assert "{{" not in shown.text, path
    sign = (Path(__file__).parents[2] / "forms/nomination/appraise_dossier.form").read_bytes()
    assert "(unit_name)" in editor.post(f"{draft}/preview", data=sign).text


@pytest.mark.parametrize("tab", ["forms", "tables", "texts", "versions", "nowhere"])
def test_every_tab_has_a_page(editor: FlaskClient, draft: str, tab: str) -> None:
    assert editor.get(f"{draft}?tab={tab}").status_code == 200


def test_a_file_is_added_and_taken_away(editor: FlaskClient, draft: str) -> None:
    added = editor.post(f"{draft}/files", data={"kind": "form", "id": "ask", "name": "Xin nghỉ"})
    page = editor.get(added.location)
    again = editor.post(f"{draft}/files", data={"kind": "form", "id": "ask", "tab": "forms"})

    assert 'id="studio-forms"' in page.text
    assert again.location.endswith("tab=forms")
    assert "Xin nghỉ" in editor.get(f"{draft}?tab=forms").text
    assert editor.delete(f"{draft}/files/ask.form").status_code == 204
    assert editor.get(f"{draft}/files/ask.form").status_code == 404
    editor.post(f"{draft}/files/xin_nghi_phep.bpmn/remove")
    assert editor.get(f"{draft}/files/xin_nghi_phep.bpmn").status_code == 200


def test_a_file_from_outside_opens_and_loses_nothing(editor: FlaskClient) -> None:
    foreign = (
        b'<?xml version="1.0"?>\n<!-- by hand --><definitions id="d" targetNamespace="x"'
        b' xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:other="http://example.org/other">'
        b'<process id="leave"><other:secret kept="yes"/><task id="t"/></process></definitions>'
    )

    opened = editor.post("/studio/import", data={"file": _upload("Nghỉ phép.bpmn", foreign)})
    page = editor.get(opened.location)

    assert "Vấn đề cần sửa" in page.text
    assert _read(editor, opened.location.partition("?")[0], "Nghỉ phép.bpmn")[0] == foreign


def test_what_cannot_be_opened_is_told_whole_and_nothing_is_kept(studio: City, editor: FlaskClient) -> None:
    files = [_upload("a.bpmn", b"no xml"), _upload("b.form", b"{")]

    refused = editor.post("/studio/import", data={"file": files})

    assert refused.status_code == 422
    assert "a.bpmn" in refused.text
    assert "b.form" in refused.text
    with studio.installation.factory() as session:
        assert session.query(DefinitionDraft).filter(DefinitionDraft.key != "plain").count() == 0


def test_a_draft_travels_as_a_zip_file(editor: FlaskClient, draft: str) -> None:
    packed = editor.get(f"{draft}/draft.zip")
    content = _read(editor, draft, "xin_nghi_phep.bpmn")[0]
    editor.post(f"{draft}/discard")

    opened = editor.post("/studio/import", data={"file": _upload("bo.zip", packed.data)})

    assert "attachment" in packed.headers["Content-Disposition"]
    assert _read(editor, opened.location.partition("?")[0], "xin_nghi_phep.bpmn")[0] == content


def test_a_version_is_exported_and_restored(editor: FlaskClient) -> None:
    assert exchange.from_zip(editor.get("/definitions/1/bundle.zip").data).keys() == {"plain.bpmn"}
    busy = editor.post("/definitions/1/restore")
    editor.post("/studio/drafts/1/discard")

    restored = editor.post("/definitions/1/restore")

    assert busy.location == "/definitions/1"
    assert restored.location.startswith("/studio/drafts/")
    assert "Bản nháp bắt đầu từ bản 1" in editor.get(restored.location).text


def test_the_page_of_a_version_says_whose_it_is_and_who_may_not_publish(
    studio: City, editor: FlaskClient, draft: str
) -> None:
    sent = editor.post(f"{draft}/submit", data={"comment": "Vì có quy định mới"}).location

    own, other = editor.get(sent).text, studio.client("second").get(sent).text

    assert "Bản này phải do người khác công bố." in own
    assert "Công bố bản 1" not in own
    assert "Công bố bản 1" in other
    assert "Vì có quy định mới" in other
    assert "xin_nghi_phep.bpmn" in other


def test_the_list_of_processes_tells_who_is_working_on_what(editor: FlaskClient, draft: str) -> None:
    page = editor.get("/definitions").text

    assert "Xin nghỉ phép" in page
    assert draft.startswith("/studio/drafts/")
    assert page.count("Soạn tiếp") == 2


def test_a_process_needs_a_name_and_a_key_of_its_own(editor: FlaskClient, draft: str) -> None:
    for data in ({"name": "Xin nghỉ phép"}, {"name": " "}, {"name": "Số", "key": "1 2"}):
        answer = editor.post("/studio/drafts", data=data)
        assert answer.location.startswith("/definitions?"), draft
        assert "Chưa tạo được" in editor.get(answer.location).text


def _upload(name: str, content: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_who_saves_into_a_draft_that_is_gone_is_told(editor: FlaskClient, draft: str) -> None:
    content, seen = _read(editor, draft, "xin_nghi_phep.bpmn")
    editor.post(f"{draft}/submit", data={"comment": "Bản đầu"})

    late = _save(editor, draft, "xin_nghi_phep.bpmn", content + b" ", seen)

    assert late.status_code == 410
    assert "chưa được lưu" in json.loads(late.data)["error"]


def test_a_new_form_gets_its_id_from_its_name(editor: FlaskClient, draft: str) -> None:
    added = editor.post(f"{draft}/files", data={"kind": "form", "name": "Ý kiến của đơn vị"})

    assert added.location.endswith("file=y_kien_cua_don_vi.form")


def test_who_submits_and_who_publishes_read_what_has_changed(studio: City, editor: FlaskClient) -> None:
    with studio.installation.factory() as session, session.begin():
        author, publisher = person_named(session, "auditor"), person_named(session, "clerk")
        definitions.publish_folder(session, DECISION, author=author, publisher=publisher, now=START)
    draft = editor.post("/definitions/decision/draft").location
    content, seen = _read(editor, draft, "decision.bpmn")
    renamed = content.replace('name="Ký quyết định"'.encode(), 'name="Chủ tịch ký"'.encode())
    assert renamed != content
    _save(editor, draft, "decision.bpmn", renamed, seen)

    before = editor.get(f"{draft}/submit").text
    sent = editor.post(f"{draft}/submit", data={"comment": "Gọi đúng tên"}).location
    after = studio.client("second").get(sent).text

    for page in (before, after):
        assert "Thay đổi so với bản 1" in page
        assert "Chủ tịch ký" in page


def test_the_page_of_a_broken_draft_opens(editor: FlaskClient) -> None:
    draft = editor.post("/definitions/plain/draft").location
    content, seen = _read(editor, draft, "plain.bpmn")
    broken = content.replace(b"sequenceFlow", b"nonsense").replace(b'id="start"', b"")
    _save(editor, draft, "plain.bpmn", broken, seen)

    for page in (draft, f"{draft}?check=1", f"{draft}/submit"):
        assert editor.get(page).status_code == 200
