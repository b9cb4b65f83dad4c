"""Walks whole modules twice: saved and loaded after each command, and brought to a new version after each."""

import pytest
from walking import Walk

from engine.spiff import Execution, Stored, migrate

WALKED_TWICE = {"test_activities", "test_event_sub_processes", "test_events", "test_repetition"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the tests of some modules run in both ways."""
    if metafunc.definition.path.stem in WALKED_TWICE:
        metafunc.parametrize("between_commands", ["reloaded", "migrated"], indirect=True)


@pytest.fixture(autouse=True)
def between_commands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring walks to a version with the same diagram instead of loading them, if asked to."""
    if getattr(request, "param", "reloaded") == "migrated":
        monkeypatch.setattr(Walk, "reload", _go_on_in_another_version)


def _go_on_in_another_version(walk: Walk) -> None:
    old = walk.program()
    walk.sha256 = ("1" if old.sha256.startswith("0") else "0") * 64
    stored = Stored("p", *walk.execution.save(), walk.host.now)
    result = migrate(old, walk.program(), stored, walk.host, mapping={})
    assert result.execution is not None, result.findings
    assert (result.armed, result.dropped) == ((), ())
    walk.execution = Execution.load(walk.program(), "p", *result.execution.save(), walk.host)
