"""Hostile decision models execute nothing: each decision of theirs is refused, fails, or gives a value."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine import dmn
from engine.dmn import DecisionFailedError, ModelRefusedError
from engine.errors import InvalidInputError
from engine.ingest import XmlRefusedError

HOSTILE = Path(__file__).resolve().parents[3] / ".." / "shared" / "hostile"
SAFE = (DecisionFailedError, ModelRefusedError, InvalidInputError, XmlRefusedError)

pytestmark = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile definitions are not beside the checkout"
)


def cases() -> list[str]:
    manifest = HOSTILE / "manifest.json"
    found: list[dict[str, str]] = json.loads(manifest.read_text()) if manifest.is_file() else []
    return [case["file"] for case in found if case["file"].endswith(".dmn")]


@pytest.mark.parametrize("file", cases())
def test_model_is_evaluated_within_limits_or_not_at_all(file: str) -> None:
    try:
        loaded = dmn.load((HOSTILE / file).read_bytes(), folder=HOSTILE)
        for decision in loaded.decisions[-2:]:
            loaded.evaluate(decision.id, {"note": "a", "n": 1})
    except SAFE:
        pass

    assert not list(Path(tempfile.gettempdir()).glob("canary/*"))


@pytest.mark.parametrize("file", [file for file in cases() if file.endswith("_ok.dmn")])
def test_harmless_twin_is_evaluated(file: str) -> None:
    loaded = dmn.load((HOSTILE / file).read_bytes(), folder=HOSTILE)

    for decision in loaded.decisions:
        inputs: Mapping[str, object] = dict.fromkeys(loaded.inputs_of(decision.id))
        loaded.evaluate(decision.id, inputs)
