"""The sealed ballot: opened with a key pair, cast as envelopes of equal length, counted in one transaction.

Whoever holds the database, all its backups, logs and mails, but neither the key nor control of the running
server while the ballot is open, cannot tell who voted how; totals of tiny or unanimous groups speak for
themselves. Nothing of a sheet is ever logged.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import Connection, Engine, delete, event, exists, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from engine import setup
from engine.database import table_of
from engine.errors import ConflictError, NotAllowedError
from engine.models import Person
from processes.awards import ballot_keys
from processes.awards.ballot_keys import BallotKeyLostError
from processes.awards.errors import AnswerError
from processes.awards.models import (
    AgendaLine,
    BallotChoice,
    BallotEnvelope,
    BallotReceipt,
    BallotSession,
    BallotTurnout,
    Choice,
    CouncilMember,
    CouncilSession,
    VoteExclusion,
)

log = logging.getLogger(__name__)

RECEIPT_BYTES = 16


def open_ballot(session: Session, meeting: CouncilSession, *, now: datetime) -> None:
    """Make a key pair and open the ballot, or open it again after its key was lost. Flushes.

    The electorate is frozen by the caller before. Envelopes under a lost key are thrown away.
    """
    public_key = ballot_keys.create_key(setup.of(session).keys, meeting.id)
    ballot = session.get(BallotSession, meeting.id)
    if ballot is None:
        session.add(BallotSession(session_id=meeting.id, public_key=public_key, opening=1, opened_at=now))
    else:
        session.execute(delete(BallotEnvelope).where(BallotEnvelope.session_id == meeting.id))
        ballot.public_key = public_key
        ballot.opening += 1
        ballot.opened_at = now
    session.flush()


def is_open(session: Session, meeting: CouncilSession, now: datetime) -> bool:
    """Whether members may vote at this moment."""
    ballot = session.get(BallotSession, meeting.id)
    is_in_time = meeting.closes_at is None or now < meeting.closes_at
    return ballot is not None and ballot.closed_at is None and is_in_time


def cast(
    session: Session,
    meeting: CouncilSession,
    *,
    member: Person,
    choices: Mapping[int, Choice],
    now: datetime,
) -> str:
    """Seal a member's choices, in place of what he sealed before, and return his receipt code. Flushes.

    ``choices`` holds every line the member may vote on, and no other. The code is shown once and kept nowhere
    but in the envelope; it proves later that this envelope was opened and counted, not what was in it.

    Raises:
        NotAllowedError: no member of this session.
        ConflictError: the ballot is not open.
        AnswerError: a line is missing, or one is not the member's to vote on.

    """
    if session.get(CouncilMember, (meeting.id, member.id)) is None:
        raise NotAllowedError(f"person {member.id} is no member of council session {meeting.id}")
    # Locked against closing, which takes the row for itself; other members are not held up.
    ballot = session.scalar(
        select(BallotSession)
        .where(BallotSession.session_id == meeting.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if ballot is None or not is_open(session, meeting, now):
        raise ConflictError(f"the ballot of council session {meeting.id} is not open")
    code = secrets.token_bytes(RECEIPT_BYTES)
    sheet = _sheet(meeting.lines, excluded_lines(session, meeting, member), choices)
    _put_envelope(
        session, meeting.id, member.id, SealedBox(PublicKey(ballot.public_key)).encrypt(code + sheet)
    )
    return receipt_text(code)


def _sheet(lines: Sequence[AgendaLine], excluded: set[int], choices: Mapping[int, Choice]) -> bytes:
    """Return one byte per line of the agenda, in its order: all sheets are equally long."""
    expected = {line.id for line in lines} - excluded
    if choices.keys() - expected:
        raise AnswerError(
            "Phiếu có trường hợp không được bỏ phiếu. Tải lại trang và chọn lại.",
            "The sheet holds a line that is not yours to vote on. Load the page again.",
        )
    valid = (Choice.AGREE, Choice.DISAGREE, Choice.BLANK)
    if any(choices.get(line_id) not in valid for line_id in expected):
        raise AnswerError("Chọn ở mọi trường hợp rồi nộp phiếu.", "Choose on every line, then cast.")
    return bytes(Choice.EXCLUDED if line.id in excluded else choices[line.id] for line in lines)


def _put_envelope(session: Session, session_id: int, person_id: int, sealed: bytes) -> None:
    make = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = make(BallotEnvelope).values(session_id=session_id, person_id=person_id, sealed=sealed)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "person_id"], set_={"sealed": statement.excluded.sealed}
        )
    )


def excluded_lines(session: Session, meeting: CouncilSession, member: Person) -> set[int]:
    """Return the ids of the lines on which a member does not vote."""
    query = (
        select(VoteExclusion.line_id)
        .join(AgendaLine)
        .where(AgendaLine.session_id == meeting.id, VoteExclusion.person_id == member.id)
    )
    return set(session.scalars(query))


def voters(session: Session, meeting: CouncilSession) -> set[int]:
    """Return the ids of members whose envelope lies, or lay at closing, in the box: whether, not when."""
    cast_now = select(BallotEnvelope.person_id).where(BallotEnvelope.session_id == meeting.id)
    cast_then = select(BallotTurnout.person_id).where(BallotTurnout.session_id == meeting.id)
    return set(session.scalars(cast_now.union(cast_then)))


def close_ballot(session: Session, meeting: CouncilSession, *, now: datetime) -> None:
    """Open all envelopes, keep single choices under random tokens, throw the envelopes away. Flushes.

    The private key is destroyed once the caller's transaction is committed, not before.

    Raises:
        ConflictError: the ballot is not open.
        BallotKeyLostError: members have to vote again.

    """
    ballot = session.scalar(
        select(BallotSession)
        .where(BallotSession.session_id == meeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if ballot is None or ballot.closed_at is not None:
        raise ConflictError(f"the ballot of council session {meeting.id} is not open")
    folder = setup.of(session).keys
    key = ballot_keys.load_key(folder, meeting.id, ballot.public_key)
    sealed = session.execute(
        select(BallotEnvelope.person_id, BallotEnvelope.sealed).where(BallotEnvelope.session_id == meeting.id)
    ).all()
    sheets = _unseal(key, [row.sealed for row in sealed], len(meeting.lines))
    _keep_choices(session, meeting, sheets)
    turnout = sorted(row.person_id for row in sealed)
    if turnout:
        session.execute(
            insert(BallotTurnout), [{"session_id": meeting.id, "person_id": number} for number in turnout]
        )
    session.execute(delete(BallotEnvelope).where(BallotEnvelope.session_id == meeting.id))
    ballot.closed_at = now
    session.flush()
    _destroy_after_commit(session, folder)


def _unseal(key: PrivateKey, sealed: Sequence[bytes], line_count: int) -> list[bytes]:
    box = SealedBox(key)
    try:
        sheets = [box.decrypt(envelope) for envelope in sealed]
    except CryptoError as failure:
        raise BallotKeyLostError("an envelope was sealed under another key") from failure
    if any(len(sheet) != RECEIPT_BYTES + line_count for sheet in sheets):
        raise BallotKeyLostError("an envelope is of another agenda")
    return sheets


def _keep_choices(session: Session, meeting: CouncilSession, sheets: Sequence[bytes]) -> None:
    """Write the choices in the order of their tokens: nothing shows which were on one sheet."""
    choices = sorted(
        (secrets.token_bytes(RECEIPT_BYTES), line.id, choice)
        for sheet in sheets
        for line, choice in zip(meeting.lines, sheet[RECEIPT_BYTES:], strict=True)
        if choice != Choice.EXCLUDED
    )
    receipts = sorted(sheet[:RECEIPT_BYTES] for sheet in sheets)
    if choices:
        rows = [{"token": token, "line_id": line_id, "choice": choice} for token, line_id, choice in choices]
        session.execute(insert(table_of(BallotChoice)), rows)
    if receipts:
        session.execute(
            insert(BallotReceipt), [{"session_id": meeting.id, "code": code} for code in receipts]
        )


def receipt_text(code: bytes) -> str:
    """Return a receipt code as people read it: eight groups of four."""
    text = code.hex().upper()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def receipt_is_counted(session: Session, meeting: CouncilSession, code: str) -> bool:
    """Whether the envelope of this receipt code was opened and counted."""
    try:
        raw = bytes.fromhex(code.replace("-", "").replace(" ", ""))
    except ValueError:
        return False
    found = exists().where(BallotReceipt.session_id == meeting.id, BallotReceipt.code == raw)
    return bool(session.scalar(select(found)))


def _destroy_after_commit(session: Session, folder: Path) -> None:
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind

    def after_end(_session: Session, ended: SessionTransaction) -> None:
        # Savepoints end too; only the end of the whole transaction shows whether the closing is committed.
        if ended.parent is not None:
            return
        try:
            destroy_closed_keys(engine, folder)
        except (OSError, SQLAlchemyError) as failure:
            # The closing stands: nobody must be told that it failed. The worker tries again.
            log.error("keys of closed ballots are left in %s: %s", folder, type(failure).__name__)  # noqa: TRY400  # no values of statements

    event.listen(session, "after_transaction_end", after_end)


def destroy_closed_keys(engine: Engine, folder: Path) -> None:
    """Destroy the keys of ballots that are committed as closed: after closing, and whenever the worker rings.

    It asks the database afresh, so that a closing that was rolled back keeps its key.
    """
    candidates = ballot_keys.sessions_with_keys(folder)
    if not candidates:
        return
    query = select(BallotSession.session_id).where(
        BallotSession.session_id.in_(candidates), BallotSession.closed_at.is_not(None)
    )
    with engine.connect().execution_options(read_only=True) as connection:
        closed = connection.scalars(query).all()
    for session_id in closed:
        ballot_keys.destroy_keys(folder, session_id)
