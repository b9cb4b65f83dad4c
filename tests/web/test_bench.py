"""The benchmark runs through and compares every piece of work with a bare transaction."""

import pytest

from web import cli
from web.bench import ballots, expressions, tasks
from web.bench.measures import Measure


def test_median_and_p95_are_of_the_sorted_durations() -> None:
    measure = Measure("work", durations_ms=[float(number) for number in range(100, 0, -1)])

    assert (measure.median_ms, measure.p95_ms) == (50.5, 96.0)


def test_a_small_run_prints_one_row_for_each_piece_of_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = {
        expressions: ("_ROUNDS", "_CALLS"),
        tasks: ("_INSTANCES", "_WARM_UP", "_OPEN_TASKS"),
        ballots: ("_MEMBERS", "_LINES"),
    }
    for module, names in small.items():
        for name in names:
            monkeypatch.setattr(module, name, 3)

    assert cli.main(["bench"]) == 0

    read, database = capsys.readouterr().out.strip().split("\n\n")
    assert len(read.splitlines()) == 7
    heading, *rows = database.splitlines()
    assert heading.startswith("SQLite")
    assert [row.split()[0] for row in rows] == [
        "start",
        "complete",
        "complete",
        "bare",
        "open",
        "cast",
        "close",
    ]
    assert rows[3].split()[-1] == "1.0"
