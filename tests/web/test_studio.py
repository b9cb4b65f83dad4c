"""The studio: drafts in the browser, saved file by file, checked, submitted, published by a second person."""

import json
from typing import Any

import pytest
from city import START, City
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import people
from engine.models import DefinitionDraft, DefinitionVersion, VersionState
from web.security import POLICY, STUDIO_POLICY

EDITOR = "process_administrator"


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
