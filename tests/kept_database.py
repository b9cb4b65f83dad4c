"""Keeps a database as it lies and puts it back, so that runs from one beginning can be compared."""

import os
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, text

PutBack = Callable[[], None]


def kept(engine: Engine) -> AbstractContextManager[PutBack]:
    """Keep all rows where they lie, and give what puts them back. Both close the engine's connections."""
    keep = _kept_sqlite if engine.dialect.name == "sqlite" else _kept_postgresql
    return keep(engine)


@contextmanager
def _kept_sqlite(engine: Engine) -> Generator[PutBack]:
    engine.dispose()
    path = Path(str(engine.url.database))
    content = path.read_bytes()

    def put_back() -> None:
        engine.dispose()
        for stale in path.parent.glob(f"{path.name}-*"):
            stale.unlink()
        path.write_bytes(content)

    yield put_back


@contextmanager
def _kept_postgresql(engine: Engine) -> Generator[PutBack]:
    """Copy the database block by block; while a run goes on, no place of a dead row is used again.

    Rows lie where they are written, and vacuum and the pruning of a full page free places whenever they can,
    which depends on what else the server does. Before the copy everything is vacuumed; after it an open
    snapshot, which might still need dead rows, keeps them all.
    """
    name = str(engine.url.database)
    database, copy = Identifier(name), Identifier(f"{name}_kept")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    engine.dispose()
    with psycopg.connect(os.environ["VINHDANH_TEST_POSTGRESQL"], autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, database))
        with ExitStack() as run:

            def put_back() -> None:
                run.close()
                engine.dispose()
                server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(database))
                server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(database, copy))
                snapshot = engine.connect().execution_options(isolation_level="REPEATABLE READ")
                run.enter_context(snapshot).execute(text("SELECT 1"))

            yield put_back
        server.execute(SQL("DROP DATABASE {}").format(copy))
