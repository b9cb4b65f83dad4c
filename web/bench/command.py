"""Runs the measurements on new databases and prints one table."""

import argparse
import sys
import tempfile
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, make_url

from engine import database, schema
from web.bench.ballots import measure_ballots
from web.bench.decisions import measure_decisions
from web.bench.expressions import Ratio, measure_expressions
from web.bench.measures import Measure, Stopwatch
from web.bench.tasks import measure_tasks, wiring
from web.wiring import tables


def bench(options: argparse.Namespace) -> int:
    """Measure expressions and tables, then on SQLite and, where one is named, on a PostgreSQL server."""
    _print_ratios([*measure_expressions(), *measure_decisions()])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _sqlite(folder) as engine:
            _print("SQLite", _measure(engine, folder / "sqlite"))
        if options.postgresql:
            with _postgresql(options.postgresql) as engine:
                _print("PostgreSQL", _measure(engine, folder / "postgresql"))
    return 0


@contextmanager
def _sqlite(folder: Path) -> Generator[Engine]:
    engine = database.open_engine(f"sqlite:///{folder / 'bench.sqlite3'}")
    yield engine
    engine.dispose()


@contextmanager
def _postgresql(server: str) -> Generator[Engine]:
    """Open a database of this run's own on the server; it is dropped at the end."""
    name = f"vinhdanh_bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        engine = database.open_engine(
            make_url(server).set(database=name).render_as_string(hide_password=False)
        )
        try:
            yield engine
        finally:
            engine.dispose()
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _measure(engine: Engine, folder: Path) -> list[Measure]:
    schema.upgrade(engine, tables())
    factory = database.session_factory(engine, wiring(folder))
    watch = Stopwatch(engine)
    return [*measure_tasks(engine, factory, watch), *measure_ballots(factory, watch)]


def _print_ratios(ratios: Sequence[Ratio]) -> None:
    """Print one row for each expression; the last column compares with the same condition in Python."""
    sys.stdout.write(f"{'FEEL, once read':50} {'µs':>8} {'Python µs':>10} {'× Python':>9}\n")
    for ratio in ratios:
        sys.stdout.write(
            f"{ratio.text:50} {ratio.microseconds:8.2f} {ratio.python_microseconds:10.2f}"
            f" {ratio.microseconds / ratio.python_microseconds:9.1f}\n"
        )
    sys.stdout.write("\n")


def _print(heading: str, measures: Sequence[Measure]) -> None:
    """Print one database's rows; the last column compares with the bare transaction of the same run."""
    bare = next(measure.median_ms for measure in measures if measure.name.startswith("bare"))
    sys.stdout.write(f"{heading:34} {'median ms':>10} {'p95 ms':>10} {'statements':>11} {'× bare':>8}\n")
    for measure in measures:
        sys.stdout.write(
            f"{measure.name:34} {measure.median_ms:10.2f} {measure.p95_ms:10.2f}"
            f" {measure.median_statements:11} {measure.median_ms / bare:8.1f}\n"
        )
    sys.stdout.write("\n")
