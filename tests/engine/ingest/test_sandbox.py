"""The child that checks: it answers from a fork and from a fresh interpreter, and it can be stopped."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingest_diagrams import FORM, SURROUNDINGS, around, user_task

from engine.ingest import Problem, Surroundings, check_files, sandbox

DUE = '<zeebe:taskSchedule dueDate="2026-11-01"/>'
FILES = {"leave.bpmn": around(user_task("ask", groups="clerk"), "ask"), "note.form": FORM}


DATED = {**FILES, "leave.bpmn": around(user_task("ask", more=DUE).replace('"note"', '"notes"'), "ask")}
HERE = replace(SURROUNDINGS, staffed_groups=frozenset({"head"}), now=datetime(2026, 11, 23, tzinfo=UTC))


def test_fork_answers_what_the_checks_say() -> None:
    assert check_files(FILES, SURROUNDINGS) == check_files(FILES, SURROUNDINGS, isolated=False)


def test_both_children_know_the_surroundings_and_bring_the_mends_back() -> None:
    expected = check_files(DATED, HERE, isolated=False)

    assert {(problem.code, problem.mend is not None) for problem in expected["leave.bpmn"]} == {
        ("form_missing", True),
        ("group_unstaffed", False),
        ("deadline_past", False),
    }
    assert check_files(DATED, HERE) == expected
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(check_files, DATED, HERE).result(timeout=60) == expected


def test_fresh_interpreter_answers_the_same_where_threads_run() -> None:
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(check_files, FILES, SURROUNDINGS).result(timeout=60)

    assert found == check_files(FILES, SURROUNDINGS, isolated=False)


def hang(_files: Mapping[str, bytes], _surroundings: Surroundings) -> dict[str, list[Problem]]:
    """Take longer than anybody waits."""
    time.sleep(60)
    return {}


def eat(_files: Mapping[str, bytes], _surroundings: Surroundings) -> dict[str, list[Problem]]:
    """Take more memory than there is."""
    return {"": [None] * 10**10}  # type: ignore[list-item]  # pyright: ignore[reportReturnType]  # size is the point


def die(_files: Mapping[str, bytes], _surroundings: Surroundings) -> dict[str, list[Problem]]:
    """Fall into deep recursion."""
    return die(_files, _surroundings)


@pytest.mark.parametrize("checks", [hang, eat, die])
def test_child_that_goes_astray_is_stopped(monkeypatch: pytest.MonkeyPatch, checks: object) -> None:
    monkeypatch.setattr(sandbox, "list_problems", checks)
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 1)
    # Other tests of this process may have left threads, as that of a browser.
    monkeypatch.setattr(sandbox, "may_fork", lambda: True)

    begun = time.monotonic()
    found = check_files(FILES, SURROUNDINGS)

    assert time.monotonic() - begun < 10
    assert {problem.code for problems in found.values() for problem in problems} == {"check_stopped"}
    assert set(found) == set(FILES)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.integers(0, len(FILES["leave.bpmn"]) - 1),
    length=st.integers(0, 40),
    instead=st.one_of(
        st.binary(max_size=20), st.sampled_from([b"<", b"&#10;", b'" id="x', b"__", b"=", b"R/"])
    ),
)
def test_damaged_file_gives_problems_and_nothing_else(place: int, length: int, instead: bytes) -> None:
    content = FILES["leave.bpmn"]
    damaged = content[:place] + instead + content[place + length :]

    found = check_files({**FILES, "leave.bpmn": damaged}, SURROUNDINGS, isolated=False)

    assert all(isinstance(problem, Problem) for problems in found.values() for problem in problems)
