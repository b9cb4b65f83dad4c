"""The ballot's pages: what is chosen lives in one request, and leaves no trace but a sealed envelope."""

import logging
import re
from collections.abc import Callable

import pytest
from city import City
from nacl.public import SealedBox
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from engine import clock, database
from processes.awards import ballots, council
from processes.awards.models import AgendaLine, BallotEnvelope, CouncilSession, CouncilState

CODE = re.compile(r"\b(?:[0-9A-F]{4}-){7}[0-9A-F]{4}\b")
SHEET = {"line-1": "disagree", "step": "cast"}
QUOTED = "the sheet disagrees on line 1"
PATH = "/council/1/ballot"


@pytest.fixture
def voting(full_city: City) -> City:
    """Open the ballot of the only session, on its only line."""
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    full_city.app.config["PROPAGATE_EXCEPTIONS"] = False
    with database.transaction(full_city.installation.factory) as session:
        meeting = session.get_one(CouncilSession, 1)
        council.freeze_electorate(session, meeting, now=clock.now())
        ballots.open_ballot(session, meeting, now=clock.now())
        meeting.state = CouncilState.VOTING
        assert [line.id for line in session.scalars(select(AgendaLine))] == [1]
    return full_city


def cast(city: City, username: str = "council_member", **fields: str) -> TestResponse:
    return city.client(username).post(PATH, data={**SHEET, **fields})


def envelopes(city: City) -> int:
    with city.installation.factory() as session:
        return session.scalar(select(func.count()).select_from(BallotEnvelope)) or 0


def test_the_receipt_is_shown_once_and_no_browser_keeps_it(voting: City) -> None:
    client = voting.client("council_member")
    answer = client.post(PATH, data=SHEET)
    (code,) = set(CODE.findall(answer.text))

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers or code not in answer.headers["Set-Cookie"]
    for path in (PATH, "/council/1", "/inbox"):
        assert code not in client.get(path).text


def test_the_empty_ballot_never_shows_what_was_cast(voting: City) -> None:
    client = voting.client("council_member")
    client.post(PATH, data=SHEET)
    answer = client.get(PATH)

    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<input[^>]*\bchecked\b", answer.text)


def test_the_review_keeps_nothing_on_the_server(voting: City) -> None:
    client = voting.client("council_member")
    answer = client.post(PATH, data={**SHEET, "step": "review"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert envelopes(voting) == 0
    with client.session_transaction() as kept:
        assert "disagree" not in repr(dict(kept))


def crash(*_arguments: object) -> bytes:
    raise RuntimeError(QUOTED)


def without_boxes(city: City, _monkeypatch: pytest.MonkeyPatch) -> None:
    with city.installation.engine.begin() as connection:
        connection.execute(text("DROP TABLE ballot_envelope"))


def without_sealing(_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SealedBox, "encrypt", crash)


@pytest.mark.parametrize("breaking", [without_boxes, without_sealing])
def test_a_crash_while_casting_logs_no_choice(
    voting: City,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    breaking: Callable[[City, pytest.MonkeyPatch], None],
) -> None:
    client = voting.client("council_member")
    breaking(voting, monkeypatch)
    with caplog.at_level(logging.DEBUG):
        answer = client.post(PATH, data=SHEET)

    assert answer.status_code in {500, 503}
    assert caplog.records
    assert "disagree" not in caplog.text
    assert "disagree" not in answer.text


def test_what_is_refused_is_not_logged_either(voting: City, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [cast(voting, **{"line-1": "disagree' --"}), cast(voting, "council_secretary")]

    assert [answer.status_code for answer in answers] == [422, 403]
    assert "disagree" not in caplog.text
    assert envelopes(voting) == 0


@pytest.mark.parametrize(
    "username", ["council_secretary", "chairman", "system_administrator", "unit_officer"]
)
def test_only_members_find_the_ballot(voting: City, username: str) -> None:
    client = voting.client(username)

    assert client.get(PATH).status_code in {403, 404}
    assert client.post(PATH, data=SHEET).status_code in {403, 404}
    assert envelopes(voting) == 0


def test_a_sheet_that_comes_after_the_hour_is_refused_and_told_so(voting: City) -> None:
    with database.transaction(voting.installation.factory) as session:
        session.execute(update(CouncilSession).values(closes_at=clock.now()))
    answer = cast(voting)

    assert answer.status_code == 409
    assert not CODE.search(answer.text)
    assert envelopes(voting) == 0
