"""The hostile forms beside the checkout: refused, or harmless; their benign twins are accepted."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from engine.feel import Environment
from engine.forms import check_schema, parse_schema

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "hostile"


def _forms() -> list[dict[str, Any]]:
    manifest = FOLDER / "manifest.json"
    if not manifest.is_file():
        return []
    return [entry for entry in json.loads(manifest.read_text()) if entry["file"].endswith(".form")]


@pytest.mark.skipif(not _forms(), reason="the hostile definitions are not beside this checkout")
@pytest.mark.parametrize("entry", _forms(), ids=lambda entry: str(entry["id"]))
def test_a_hostile_form_is_refused_or_harmless(entry: dict[str, Any]) -> None:
    content = (FOLDER / entry["file"]).read_bytes()
    started = time.process_time()

    has_errors = any(problem.severity == "error" for problem in check_schema(content))
    if not has_errors:
        parse_schema(content).parse({"note": ["a" * 5_000 + "!"]}, initial={}, environment=Environment())

    assert time.process_time() - started < 5
    if entry["expect"] != "either":
        assert has_errors == (entry["expect"] == "refuse")
