"""Tests of migrations: up, down, whole or not at all, and checked against the code."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, ForeignKey, Integer, MetaData, String, Table, inspect, text

from engine import database, schema
from engine.schema import BrokenReferencesError, Schema

HEAD = """
revision = {name!r}
down_revision = {below!r}
branch_labels = None
depends_on = {needs!r}
import sqlalchemy as sa
from alembic import op
def upgrade():
    {up}
def downgrade():
    {down}
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database.open_engine(f"sqlite:///{tmp_path / 'a%20b.sqlite3'}")


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "one" / "versions", tmp_path / "two 100%" / "versions"]
    for folder in found:
        folder.mkdir(parents=True)
    write(found[0], "r1", None, "op.create_table('person', sa.Column('id', sa.Integer, primary_key=True))")
    write(found[1], "r2", "r1", "op.create_table('dossier', sa.Column('id', sa.Integer, primary_key=True))")
    return found


def write(  # noqa: PLR0913  # what a migration is made of
    folder: Path, name: str, below: str | None, up: str, down: str = "pass", *, needs: str | None = None
) -> None:
    (folder / f"{name}.py").write_text(HEAD.format(name=name, below=below, up=up, down=down, needs=needs))


def tables() -> MetaData:
    metadata = MetaData()
    for name in ("person", "dossier"):
        Table(name, metadata, Column("id", Integer, primary_key=True))
    return metadata


def test_migrations_of_several_folders_run_in_one_line(engine: Engine, folders: list[Path]) -> None:
    wanted = Schema(tables(), folders)
    assert schema.pending(engine, wanted) == ["r2"]

    schema.upgrade(engine, wanted)

    assert schema.pending(engine, wanted) == []
    assert schema.differences(engine, wanted) == []


def test_a_line_that_another_depends_on_is_no_longer_pending(engine: Engine, folders: list[Path]) -> None:
    write(folders[1], "n1", None, "pass", needs="r2")
    wanted = Schema(tables(), folders)
    schema.upgrade(engine, wanted)
    assert schema.pending(engine, wanted) == []

    write(folders[0], "r3", "r2", "pass")

    assert schema.pending(engine, wanted) == ["r3"]


def test_what_the_code_declares_and_no_migration_makes_is_named(engine: Engine, folders: list[Path]) -> None:
    metadata = tables()
    metadata.tables["dossier"].append_column(Column("code", String))
    schema.upgrade(engine, Schema(metadata, folders))

    assert ["code" in found for found in schema.differences(engine, Schema(metadata, folders))] == [True]


def test_a_migration_that_fails_changes_nothing(engine: Engine, folders: list[Path]) -> None:
    write(
        folders[1], "r3", "r2", "op.create_table('half', sa.Column('id', sa.Integer)); op.execute('nonsense')"
    )

    with pytest.raises(Exception, match="nonsense"):
        schema.upgrade(engine, Schema(tables(), folders))

    assert inspect(engine).get_table_names() == []


def test_a_rebuilt_table_keeps_the_rows_that_name_it(engine: Engine, folders: list[Path]) -> None:
    schema.upgrade(engine, Schema(tables(), folders))
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE note (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person)")
        )
        connection.execute(text("INSERT INTO person VALUES (1)"))
        connection.execute(text("INSERT INTO note VALUES (1, 1)"))
    column = "sa.Column('name', sa.Text)"
    batch = f"with op.batch_alter_table('person', recreate='always') as b: b.add_column({column})"
    write(folders[0], "r3", "r2", batch)

    schema.upgrade(engine, Schema(tables(), folders))

    with engine.connect() as connection:
        assert connection.execute(text("SELECT person_id FROM note")).scalar_one() == 1
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_migration_that_leaves_dangling_rows_is_taken_back(engine: Engine, folders: list[Path]) -> None:
    metadata = tables()
    Table("note", metadata, Column("person_id", Integer, ForeignKey("person.id")))
    note = "op.create_table('note', sa.Column('person_id', sa.Integer, sa.ForeignKey('person.id')))"
    row = "op.execute('INSERT INTO note VALUES (99)')"
    write(folders[0], "r3", "r2", f"{note}; {row}")

    with pytest.raises(BrokenReferencesError):
        schema.upgrade(engine, Schema(metadata, folders))

    assert inspect(engine).get_table_names() == []


def test_migrations_are_taken_back(engine: Engine, folders: list[Path]) -> None:
    write(folders[1], "r3", "r2", "op.create_table('x', sa.Column('id', sa.Integer))", "op.drop_table('x')")
    schema.upgrade(engine, Schema(tables(), folders))

    schema.downgrade(engine, Schema(tables(), folders), target="r2")

    assert "x" not in inspect(engine).get_table_names()


def test_a_written_migration_makes_what_the_code_declares(engine: Engine, folders: list[Path]) -> None:
    metadata = tables()
    Table("note", metadata, Column("id", Integer, primary_key=True))
    wanted = Schema(metadata, folders)
    schema.upgrade(engine, wanted)

    schema.write_revision(engine, wanted, message="add notes", folder=folders[1])
    schema.upgrade(engine, wanted)

    assert schema.differences(engine, wanted) == []
    assert len(list(folders[1].glob("*_add_notes.py"))) == 1


def test_a_written_migration_follows_the_last_of_its_folder(engine: Engine, folders: list[Path]) -> None:
    write(folders[0], "r3", "r1", "pass")
    metadata = tables()
    Table("note", metadata, Column("id", Integer, primary_key=True))
    wanted = Schema(metadata, folders)
    schema.upgrade(engine, wanted)

    schema.write_revision(engine, wanted, message="add notes", folder=folders[0])

    [written] = folders[0].glob("*_add_notes.py")
    assert "= 'r3'" in written.read_text()
