"""Who voted how is in no table, file, copy, mail or log: what a thief of all of them would find."""

import logging
import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from os import urandom
from pathlib import Path

import pytest
from institution import Institution
from kept_database import kept
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine import database
from engine.models import Base
from engine.setup import Setup
from processes.awards import ballot_keys, ballots
from processes.awards.models import BallotEnvelope, Choice, CouncilSession

AGREE, DISAGREE, BLANK = Choice.AGREE, Choice.DISAGREE, Choice.BLANK
NAMES = [f"Nguyễn Văn {letter}" for letter in "ABCDEGHIKLMNOPQRSTUVXY"]
"""So many that a sheet is a pattern which does not stand in a file by chance."""
UUID_BYTES = 16
Rows = list[tuple[object, ...]]


def sheet(seed: int) -> list[Choice]:
    """Return choices on all lines that look like nothing else."""
    return random.Random(seed).choices((AGREE, DISAGREE, BLANK), k=len(NAMES))  # noqa: S311  # a pattern, no secret


@pytest.fixture
def meeting(city: Institution) -> int:
    """Open a ballot on many nominees."""
    return city.call_council(city.to_council(*NAMES))


@pytest.fixture
def put_back(city: Institution, meeting: int, setup: Setup) -> Iterator[Callable[[], None]]:
    """Give what puts the database and the keys back as they lay when the ballot was opened."""
    del meeting
    keys = {file: file.read_bytes() for file in setup.keys.glob("*.key")}
    with kept(city.engine) as put_rows_back:

        def put_all_back() -> None:
            put_rows_back()
            for file, content in keys.items():
                file.write_bytes(content)

        yield put_all_back


def everything(city: Institution) -> dict[str, Rows]:
    """Return all rows of all tables as they lie, but for what is random by design."""
    with database.transaction(city.factory) as session:
        found = {name: rows(session, name) for name in Base.metadata.tables}
        found["ballot_envelope"] = rows(session, "ballot_envelope", "session_id, person_id, length(sealed)")
        found["ballot_receipt"] = rows(session, "ballot_receipt", "session_id, length(code)")
        # Ordered by tokens, which are random: only how often each choice is there can be compared.
        choices = session.execute(text("SELECT length(token), line_id, choice FROM ballot_choice"))
        found["ballot_choice"] = sorted((tuple(row) for row in choices), key=repr)
    return found


def rows(session: Session, table: str, columns: str = "*") -> Rows:
    """Return a table's rows in the order in which they lie, with their places if they can be asked for."""
    is_placed = session.get_bind().dialect.name == "postgresql"
    place, order = ("ctid::text, ", " ORDER BY ctid") if is_placed else ("", "")
    query = f'SELECT {place}{columns} FROM "{table}"{order}'  # noqa: S608  # our own tables
    return [tuple(row) for row in session.execute(text(query))]


def test_swapped_votes_leave_everything_alike(
    city: Institution,
    meeting: int,
    put_back: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Two sessions, identical but for two members' sheets swapped, are told apart by nothing."""
    one, other = sheet(1), sheet(2)

    def walk(of_chair: Sequence[Choice], of_member: Sequence[Choice]) -> list[object]:
        put_back()
        caplog.clear()
        number_alike(monkeypatch)
        city.vote(meeting, "chair", *of_member)
        city.vote(meeting, "member_1", *of_member)
        city.vote(meeting, "chair", *of_chair)
        seen: list[object] = [everything(city)]
        city.complete("secretary", "close_voting")
        seen.append(everything(city))
        city.complete("chair", "sign_minutes", minutes_note="")
        seen += [everything(city), caplog.messages.copy()]
        return seen

    with caplog.at_level(logging.INFO):
        one_way, other_way = walk(one, other), walk(other, one)

    for before, after in zip(one_way, other_way, strict=True):
        assert before == after
    assert len(everything(city)["ballot_choice"]) == 2 * len(NAMES)


def number_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``uuid4`` begin the same sequence anew: ids of tasks are random, and all that follows from them."""
    source = random.Random(7)  # noqa: S311  # no secret: tokens and receipt codes come from elsewhere

    def alike(size: int) -> bytes:
        return source.randbytes(size) if size == UUID_BYTES else urandom(size)

    monkeypatch.setattr(os, "urandom", alike)


def test_another_vote_would_be_seen(
    city: Institution, meeting: int, put_back: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison above is no empty one: a count that differs shows."""
    seen: list[dict[str, Rows]] = []
    for choices in (sheet(1), sheet(2)):
        put_back()
        number_alike(monkeypatch)
        city.vote(meeting, "chair", *choices)
        city.complete("secretary", "close_voting")
        seen.append(everything(city))

    assert seen[0]["ballot_choice"] != seen[1]["ballot_choice"]
    assert seen[0]["ballot_turnout"] == seen[1]["ballot_turnout"]


def test_a_thief_of_all_files_finds_no_sheet(
    city: Institution, meeting: int, setup: Setup, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if city.engine.dialect.name != "sqlite":
        pytest.skip("the files are SQLite's")
    (key_file,) = setup.keys.glob("*.key")
    key = key_file.read_bytes()
    with caplog.at_level(logging.DEBUG):
        first = city.vote(meeting, "chair", *sheet(1))
        last = city.vote(meeting, "chair", *sheet(2))
        city.vote(meeting, "member_1", *sheet(3))
        backup = backup_of(city, tmp_path / "backup.sqlite3")
        before = backup + files_of(city)
        city.complete("secretary", "close_voting")
    after = files_of(city)

    codes = [bytes.fromhex(code.replace("-", "")) for code in (first, last)]
    secrets = [key, *(form for seed in (1, 2, 3) for form in spellings(sheet(seed)))]
    shown = [spelling.encode() for code in (first, last) for spelling in (code, code.replace("-", ""))]
    assert unsealed(backup, key, meeting, tmp_path).endswith(bytes(sheet(2)))
    for secret in (*secrets, *shown, *(spelling.lower() for spelling in shown)):
        assert secret not in before
        assert secret not in after
        assert secret not in caplog.text.encode()
    for code in codes:
        assert code not in before
    assert codes[0] not in after


def spellings(choices: Sequence[Choice]) -> list[bytes]:
    """Return the forms in which a sheet could lie about: bytes, a list, digits, words."""
    numbers = [int(choice) for choice in choices]
    words = [choice.name.lower() for choice in choices]
    texts = [str(numbers), ",".join(map(str, numbers)), "".join(map(str, numbers)), " ".join(words)]
    return [bytes(numbers), *(spelled.encode() for spelled in texts)]


def files_of(city: Institution) -> bytes:
    """Return the database's file with its log and index, as they lie on the disk now."""
    path = Path(str(city.engine.url.database))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def backup_of(city: Institution, path: Path) -> bytes:
    """Copy the open database as backups do, and return the copy."""
    source, copy = sqlite3.connect(str(city.engine.url.database)), sqlite3.connect(path)
    source.backup(copy)
    source.close()
    copy.close()
    return path.read_bytes()


def unsealed(backup: bytes, key: bytes, session_id: int, folder: Path) -> bytes:
    """Return what the key opens in a copy: without the key the copy says nothing, with it everything."""
    path = folder / "stolen.sqlite3"
    path.write_bytes(backup)
    with sqlite3.connect(path) as stolen:
        query = "SELECT sealed FROM ballot_envelope WHERE session_id = ? ORDER BY person_id DESC"
        (sealed,) = stolen.execute(query, (session_id,)).fetchone()
    stolen.close()
    return SealedBox(PrivateKey(key)).decrypt(sealed)


def test_choices_lie_in_the_order_of_their_tokens(city: Institution, meeting: int) -> None:
    """PostgreSQL keeps rows in the order they were written: it must be a random one."""
    if city.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's table is ordered by the token itself")
    city.vote(meeting, "chair", *sheet(1))
    city.vote(meeting, "member_1", *sheet(2))
    city.complete("secretary", "close_voting")

    with database.transaction(city.factory) as session:
        for query in ("SELECT token FROM ballot_choice", "SELECT code FROM ballot_receipt"):
            found = [bytes(row[0]) for row in session.execute(text(f"{query} ORDER BY ctid"))]
            assert found == sorted(found)


def test_envelopes_tell_neither_when_nor_what(city: Institution, meeting: int) -> None:
    city.vote(meeting, "chair", *[AGREE] * len(NAMES))
    city.vote(meeting, "member_1", *sheet(1))
    city.vote(meeting, "member_2")

    with database.transaction(city.factory) as session:
        sealed = session.scalars(select(BallotEnvelope.sealed)).all()
    assert len({len(envelope) for envelope in sealed}) == 1
    assert set(BallotEnvelope.__table__.columns.keys()) == {"session_id", "person_id", "sealed"}


def test_a_key_that_cannot_be_destroyed_is_told_and_destroyed_later(
    city: Institution,
    meeting: int,
    setup: Setup,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The closing is committed by then: whoever closed is not told that it failed."""

    def fail(_folder: Path, _session_id: int) -> None:
        raise PermissionError("the folder is read-only")

    city.vote(meeting, "chair", *sheet(1))
    with monkeypatch.context() as broken:
        broken.setattr(ballot_keys, "destroy_keys", fail)
        city.complete("secretary", "close_voting")

    assert city.open_elements() == ["sign_minutes"]
    assert ballot_keys.sessions_with_keys(setup.keys) == {meeting}
    assert "PermissionError" in caplog.text
    ballots.destroy_closed_keys(city.engine, setup.keys)
    assert not ballot_keys.sessions_with_keys(setup.keys)


def test_a_damaged_envelope_is_an_open_ballot_again(city: Institution, meeting: int) -> None:
    """Nothing is counted in part: members vote again."""
    city.vote(meeting, "chair", *sheet(1))
    city.vote(meeting, "member_1", *sheet(2))
    with database.transaction(city.factory) as session:
        session.execute(text("UPDATE ballot_envelope SET sealed = :other"), {"other": b"\0" * 48})
    city.complete("secretary", "close_voting")

    assert city.open_elements() == ["close_voting"]
    with database.transaction(city.factory) as session:
        assert not ballots.voters(session, session.get_one(CouncilSession, meeting))
