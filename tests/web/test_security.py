"""What every answer refuses, and what a request without a token gets."""

import pytest
from city import City

PAGES = ["/login", "/inbox", "/dossiers", "/nowhere", "/static/look.css"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_policy(city: City, path: str) -> None:
    with city.client("unit_officer").get(path) as answer:
        headers = answer.headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_are_not_kept_by_browsers_but_static_files_are(city: City) -> None:
    client = city.client("unit_officer")
    with client.get("/static/look.css") as answer:
        kept = answer.headers["Cache-Control"]

    assert client.get("/inbox").headers["Cache-Control"] == "no-store"
    assert "max-age" in kept


def test_no_page_has_inline_styles_or_scripts(city: City) -> None:
    page = city.client("system_administrator").get("/people").text

    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


def test_a_request_without_a_token_changes_nothing(city: City) -> None:
    answer = city.client("unit_officer").post("/dossiers", data={"unit": "so_y_te"})

    assert answer.status_code == 400
    assert "mở quá lâu" in answer.text


def test_the_session_cookie_is_for_the_server_alone(city: City) -> None:
    client = city.client()
    cookie = client.get("/login").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_that_is_not_there_reveals_nothing(city: City) -> None:
    client = city.client("unit_officer")

    assert client.get("/dossiers/999999").status_code == 404
    assert "không thuộc phạm vi được xem" in client.get("/dossiers/999999").text


def test_a_crash_shows_a_code_and_no_trace(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> str:
        raise RuntimeError("mật khẩu trong lời báo lỗi")

    city.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(city.app.view_functions, "start.help", crash)
    answer = city.client("unit_officer").get("/help")

    assert answer.status_code == 500
    assert "SC-" in answer.text
    assert "mật khẩu trong" not in answer.text
