"""Trying what is being written: a table with values typed in, a text with sample values."""

from datetime import date
from decimal import Decimal

import pytest
from city import City
from flask.testing import FlaskClient

from engine.errors import InvalidInputError
from engine.feel import Value
from web.studio_trials import typed

EDITOR = "process_administrator"


@pytest.fixture
def editor(full_city: City) -> FlaskClient:
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    return full_city.client(EDITOR)


@pytest.fixture
def draft(editor: FlaskClient) -> str:
    """Return the address of a new process's draft with a table in it."""
    draft = str(editor.post("/studio/drafts", data={"name": "Xin nghỉ phép"}).location).partition("?")[0]
    editor.post(f"{draft}/files", data={"kind": "table", "id": "days", "name": "Số ngày"})
    return draft


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", Decimal(12)),
        ("-0.5", Decimal("-0.5")),
        ("có", True),
        ("False", False),
        ("20/11/2026", date(2026, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        ("31/02/2026", "31/02/2026"),
        ("so-noi-vu", "so-noi-vu"),
        ('"12"', "12"),
        ("=1 + 1", Decimal(2)),
        ("[1, 2]", [Decimal(1), Decimal(2)]),
        ("  ", None),
    ],
)
def test_what_is_typed_is_the_value_that_is_meant(text: str, value: Value) -> None:
    assert typed(text) == value


def test_what_begins_like_feel_and_is_none_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        typed("=1 +")


def test_a_table_tells_its_inputs_and_the_rules_that_fire(editor: FlaskClient, draft: str) -> None:
    address = f"{draft}/decide?file=days.dmn&decision=days"

    asked = editor.post(address, json={}).get_json()
    made = editor.post(address, json={"inputs": {"input": "gì cũng được"}})

    assert asked == {"inputs": ["input"]}
    assert made.status_code == 200
    assert [hit["number"] for hit in made.get_json()["tables"][0]["hits"]] == [1]


@pytest.mark.parametrize(
    ("query", "inputs", "told"),
    [
        ("file=days.dmn&decision=nothing", {}, "Không có bảng"),
        ("file=other.dmn&decision=days", {}, "Không có bảng"),
        ("file=days.dmn&decision=days", {}, "Không tính được"),
        ("file=days.dmn&decision=days", {"input": "=1 +"}, "Còn thiếu"),
    ],
)
def test_what_cannot_be_decided_is_told(
    editor: FlaskClient, draft: str, query: str, inputs: dict[str, str], told: str
) -> None:
    answer = editor.post(f"{draft}/decide?{query}", json={"inputs": inputs})

    assert answer.status_code == 422
    assert told in answer.get_json()["error"]


def test_a_text_is_shown_with_sample_values_and_without_markup(editor: FlaskClient, draft: str) -> None:
    text = {"type": "document", "body": "Căn cứ {{ law.name }}\n\nTheo <b>đề nghị</b>"}

    shown = editor.post(f"{draft}/text-preview", json={"text": text, "samples": {"law.name": "Luật"}}).text

    assert "<p>Căn cứ Luật</p>" in shown
    assert "<p>Theo &lt;b&gt;đề nghị&lt;/b&gt;</p>" in shown


def test_a_mail_is_shown_in_the_language_asked_for(editor: FlaskClient, draft: str) -> None:
    text = {
        "type": "mail",
        "subject": "Đã nhận",
        "subject_en": "Received",
        "body": "Hồ sơ",
        "body_en": "Dossier",
    }

    shown = editor.post(f"{draft}/text-preview?lang=en", json={"text": text, "samples": {}}).text

    assert "Received" in shown
    assert "Đã nhận" not in shown
