"""Brings a database to the tables this release needs, by migrations in several folders."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from engine.errors import EngineError

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
ENGINE_VERSIONS: Final = _MIGRATIONS / "versions"


class BrokenReferencesError(EngineError):
    """After a migration, rows name rows that are not there; nothing was changed."""


@dataclass(frozen=True)
class Schema:
    """All tables, of the engine and of the layers above, and the folders of their migrations."""

    metadata: MetaData
    version_folders: Sequence[Path] = (ENGINE_VERSIONS,)


def upgrade(engine: Engine, schema: Schema, *, target: str = "heads") -> None:
    """Run every migration the database has not had, in one transaction.

    Raises:
        BrokenReferencesError: a migration left dangling references (SQLite).

    """
    with _prepared(engine) as connection, connection.begin():
        command.upgrade(_config(schema, connection), target)
        _check_references(connection)


def downgrade(engine: Engine, schema: Schema, *, target: str) -> None:
    """Take migrations back to ``target``, in one transaction."""
    with _prepared(engine) as connection, connection.begin():
        command.downgrade(_config(schema, connection), target)
        _check_references(connection)


def pending(engine: Engine, schema: Schema) -> list[str]:
    """Return the revisions the database should have reached and has not."""
    with engine.connect() as connection:
        reached = MigrationContext.configure(connection).get_current_heads()
        script = ScriptDirectory.from_config(_config(schema, connection))
        # The database keeps no row for a revision on which one that has been run depends.
        had = {revision.revision for revision in script.get_all_current(reached)}
        return sorted(set(script.get_heads()) - had)


def differences(engine: Engine, schema: Schema) -> list[str]:
    """Return what the tables in the database lack of those the code declares, or have too much."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(found) for found in compare_metadata(context, schema.metadata)]


def write_revision(engine: Engine, schema: Schema, *, message: str, folder: Path) -> None:
    """Write a migration from the differences into ``folder``; somebody must read and correct it."""
    known = [path.resolve() for path in schema.version_folders]
    if folder.resolve() not in known:
        schema = replace(schema, version_folders=[*known, folder.resolve()])
    with engine.connect() as connection:
        config = _config(schema, connection)
        command.revision(
            config,
            message=message,
            autogenerate=True,
            head=_head_in(config, folder.resolve()),
            version_path=str(folder.resolve()),
        )


def _head_in(config: Config, folder: Path) -> str:
    """Return the last revision of a folder, which the next one follows; of all where it has none yet."""
    script = ScriptDirectory.from_config(config)
    heads = [script.get_revision(head) for head in script.get_heads()]
    return next((head.revision for head in heads if Path(head.path).parent == folder), "head")


@contextmanager
def _prepared(engine: Engine) -> Generator[Connection, None, None]:
    """Open a connection that may rebuild tables: SQLite would take referencing rows along."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
        if broken:
            raise BrokenReferencesError(f"{len(broken)} rows name rows that are not there: {broken[:5]}")


def _config(schema: Schema, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _plain(_MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(_plain(path) for path in schema.version_folders))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = schema.metadata
    return config


def _plain(path: Path) -> str:
    """Return a path as the configuration reads it back."""
    return str(path).replace("%", "%%")
