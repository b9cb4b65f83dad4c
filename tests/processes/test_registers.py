"""Numbers of registers run without gaps or doubles, whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session, sessionmaker

from engine import database
from processes.awards import registers


def test_a_number_that_was_rolled_back_is_given_again(session_factory: sessionmaker[Session]) -> None:
    with database.transaction(session_factory) as session:
        assert registers.next_number(session, "decision", 2026) == 1
    with session_factory() as session:
        assert registers.next_number(session, "decision", 2026) == 2
        session.rollback()
    with database.transaction(session_factory) as session:
        assert registers.next_number(session, "decision", 2026) == 2
        assert registers.next_number(session, "decision", 2027) == 1


def test_two_threads_get_every_number_once(session_factory: sessionmaker[Session]) -> None:
    def take(_: int) -> int:
        with database.transaction(session_factory) as session:
            return registers.next_number(session, "decision", 2026)

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(take, range(20)))

    assert sorted(numbers) == list(range(1, 21))
