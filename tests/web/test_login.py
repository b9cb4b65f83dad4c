"""Signing in, staying signed in, and being signed out."""

import re
from datetime import timedelta

import pytest
from city import City
from flask.testing import FlaskClient

from engine import clock, database, people
from engine.models import Person
from web import login

PASSWORD = "hoa phượng đỏ bên sông"


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def _sign_in(client: FlaskClient, username: str, password: str, target: str = "") -> int:
    page = client.get("/login").text
    answer = client.post(
        "/login",
        data={"csrf_token": _token(page), "username": username, "password": password, "next": target},
    )
    return answer.status_code


@pytest.fixture
def officer(city: City) -> Person:
    with database.transaction(city.installation.factory) as session:
        person = session.query(Person).filter_by(username="unit_officer").one()
        people.set_password(session, person, PASSWORD)
    return person


def test_the_right_password_opens_the_inbox(city: City, officer: Person) -> None:
    client = city.client()

    assert _sign_in(client, officer.username, PASSWORD) == 302
    assert client.get("/inbox").status_code == 200


def test_a_wrong_password_says_nothing_about_the_name(city: City, officer: Person) -> None:
    client = city.client()
    wrong = client.post(
        "/login",
        data={"csrf_token": _token(client.get("/login").text), "username": officer.username, "password": "x"},
    )
    unknown = client.post(
        "/login", data={"csrf_token": _token(client.get("/login").text), "username": "ai_do", "password": "x"}
    )

    assert wrong.status_code == unknown.status_code == 401
    assert (
        wrong.text.replace(officer.username, "").count('role="alert"')
        == unknown.text.count('role="alert"')
        == 1
    )


def test_many_wrong_passwords_are_slowed_down(city: City, officer: Person) -> None:
    login.limiter.reset()
    client = city.client()

    statuses = [_sign_in(client, officer.username, "wrong") for _attempt in range(11)]

    assert statuses[-1] == 429
    login.limiter.reset()


def test_a_page_of_another_site_is_no_target(city: City, officer: Person) -> None:
    client = city.client()
    page = client.get("/login").text
    answer = client.post(
        "/login",
        data={
            "csrf_token": _token(page),
            "username": officer.username,
            "password": PASSWORD,
            "next": "//evil.example/",
        },
    )

    assert answer.headers["Location"] == "/"


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(city: City) -> None:
    answer = city.client().get("/dossiers?q=a")

    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]
    assert "dossiers" in answer.headers["Location"]


def test_signing_out_ends_the_sessions_of_every_device(city: City) -> None:
    here, there = city.client("unit_officer"), city.client("unit_officer")
    here.post("/logout", data={"csrf_token": _token(here.get("/profile").text)})

    assert there.get("/profile").status_code == 302


def test_an_idle_session_ends(city: City) -> None:
    client = city.client("unit_officer")
    with client.session_transaction() as kept:
        kept["seen_at"] = (clock.now() - login.IDLE_LIMIT - timedelta(minutes=1)).isoformat()

    assert client.get("/profile").status_code == 302


def test_a_closed_account_is_signed_out_at_once(city: City, officer: Person) -> None:
    client = city.client(officer.username)
    with database.transaction(city.installation.factory) as session:
        session.get_one(Person, officer.id).is_active = False

    assert client.get("/profile").status_code == 302


def test_the_chosen_language_is_kept_for_the_person(city: City) -> None:
    client = city.client("unit_officer")
    client.post("/language", data={"csrf_token": _token(client.get("/profile").text), "language": "en"})

    assert "Roles held" in client.get("/profile").text
    with city.installation.factory() as session:
        assert session.query(Person).filter_by(username="unit_officer").one().language == "en"
