"""Every hostile diagram, table and form is refused, or accepted and inert; its harmless twin is accepted."""

import json
import tempfile
from pathlib import Path
from typing import Required, TypedDict

import pytest

from engine.ingest import Problem, Severity, Surroundings, check_files

HOSTILE = Path(__file__).resolve().parents[3] / ".." / "shared" / "hostile"
SURROUNDINGS = Surroundings(
    roles={"unit_officer", "unit_head", "chairman"}, actions=set[str](), form_sources=set[str]()
)

pytestmark = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile definitions are not beside the checkout"
)


Case = TypedDict(
    "Case",
    {
        "id": Required[str],
        "file": Required[str],
        "kind": Required[str],
        "expect": Required[str],
        "as": str,
        "with": list[str],
        "report": list[str],
    },
    total=False,
)


def cases() -> list[Case]:
    manifest = HOSTILE / "manifest.json"
    return json.loads(manifest.read_text()) if manifest.is_file() else []


def files(case: Case) -> dict[str, bytes]:
    together = [case["file"], "note.form", *case.get("with", [])]
    content = {name: (HOSTILE / name).read_bytes() for name in together}
    if "as" in case:
        content[case["as"]] = content.pop(case["file"])
    return content


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_hostile_file_is_handled(case: Case) -> None:
    found = check_files(files(case), SURROUNDINGS)

    problems = [problem for of_file in found.values() for problem in of_file]
    severities = {problem.severity for problem in problems}
    assert "check_stopped" not in {problem.code for problem in problems}
    if case["expect"] == "refuse":
        assert Severity.ERROR in severities
    if case["expect"] == "accept":
        assert not severities - {Severity.NOTE}, problems
    if "report" in case:
        assert {problem.element_id for problem in problems} & set(case["report"])
    assert all(is_inert(problem) for problem in problems)
    assert not list(Path(tempfile.gettempdir()).glob("canary/*"))


def is_inert(problem: Problem) -> bool:
    """Whether nothing in the problem is a control character that a terminal or log would obey."""
    said = problem.element_name + problem.message_vi + problem.message_en + (problem.element_id or "")
    return said.isprintable()
