"""``vinhdanh init``, ``check-schema`` and ``write-migration``: the tables of an installation."""

import argparse
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from engine import database, schema, settings
from web.wiring import tables


def init(_options: argparse.Namespace) -> int:
    """Make the database, or bring it to this release."""
    configured = settings.from_environment()
    configured.var.mkdir(parents=True, exist_ok=True)
    engine = database.open_engine(configured.database_url)
    schema.upgrade(engine, tables())
    engine.dispose()
    sys.stdout.write("Cơ sở dữ liệu đã sẵn sàng. | The database is ready.\n")
    return 0


def check_schema(_options: argparse.Namespace) -> int:
    """Print what the migrations make otherwise than the code declares it; 1 if anything."""
    with _migrated() as engine:
        found = schema.differences(engine, tables())
    sys.stdout.writelines(f"{difference}\n" for difference in found)
    return 1 if found else 0


def write_migration(options: argparse.Namespace) -> int:
    """Write the next migration from the differences; somebody must read and correct it."""
    with _migrated() as engine:
        folder = options.folder or schema.ENGINE_VERSIONS
        schema.write_revision(engine, tables(), message=options.message, folder=folder)
    return 0


@contextmanager
def _migrated() -> Generator[Engine, None, None]:
    """Open an empty database that has had every migration."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_engine(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        if schema.pending(engine, tables()):
            schema.upgrade(engine, tables())
        yield engine
        engine.dispose()
