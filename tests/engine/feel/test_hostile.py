"""Hostile expressions end within the limits, and their harmless twins work."""

import json
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from engine import feel

HOSTILE = Path(__file__).resolve().parents[3] / ".." / "shared" / "hostile"
ATTRIBUTES = ("expression", "source", "candidateGroups", "outputElement", "inputCollection", "correlationKey")

pytestmark = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile definitions are not beside the checkout"
)


def cases() -> list[dict[str, str]]:
    manifest = HOSTILE / "manifest.json"
    entries: list[dict[str, str]] = json.loads(manifest.read_text()) if manifest.is_file() else []
    return [
        entry
        for entry in entries
        if entry["id"].startswith(("feel_", "py_escape_")) or "_feel" in entry["id"]
    ]


def expressions(file: str) -> list[str]:
    """Return the expressions of a diagram or form; what stands in a decision table is tested with tables."""
    text = (HOSTILE / file).read_text()
    if file.endswith(".form"):
        found = strings_in(feel.to_feel(json.loads(text)))
    elif file.endswith(".bpmn"):
        found = [v for node in ET.fromstring(text).iter() for v in (*node.attrib.values(), node.text or "")]  # noqa: S314 -- these files contain no entities
    else:
        found = []
    return [value.strip()[1:] for value in found if value.strip().startswith("=")]


def strings_in(obj: feel.Value) -> list[str]:
    if isinstance(obj, dict):
        return [text for value in obj.values() for text in strings_in(value)]
    if isinstance(obj, list):
        return [text for value in obj for text in strings_in(value)]
    return [obj] if isinstance(obj, str) else []


def outcome(text: str) -> str:
    try:
        feel.parse(text).evaluate({})
    except (feel.FeelSyntaxError, feel.FeelLimitError) as error:
        return type(error).__name__
    return "value"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_an_expression_is_refused_or_bounded_as_the_manifest_expects(case: dict[str, str]) -> None:
    found = expressions(case["file"])
    # Time on the processor: what else the machine does is not the expression's fault.
    started = time.process_time()
    outcomes = [outcome(text) for text in found]
    elapsed_s = time.process_time() - started

    assert elapsed_s < 1
    if case["expect"] == "accept":
        assert set(outcomes) <= {"value"}
    if case["expect"] == "refuse" and found:
        assert "FeelSyntaxError" in outcomes
