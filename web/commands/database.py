"""``vinhdanh init`` and ``schema``: the tables of an installation."""

import argparse
import sys
import tempfile
from pathlib import Path

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


def compare(options: argparse.Namespace) -> int:
    """Compare migrations with the declared tables, on an empty database, or write the next migration."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_engine(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        schema.upgrade(engine, tables())
        if options.act == "write":
            target = options.folder or schema.ENGINE_VERSIONS
            schema.write_revision(engine, tables(), message=options.message, folder=target)
            found: list[str] = []
        else:
            found = schema.differences(engine, tables())
        engine.dispose()
    sys.stdout.writelines(f"{difference}\n" for difference in found)
    return 1 if found else 0
