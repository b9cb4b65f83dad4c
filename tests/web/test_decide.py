"""The command that makes one decision of a file."""

import json
from pathlib import Path

import pytest
from decision_models import decision, input_data, literal, model, table

from web import cli

RULES = ['>= 50 | "khen" | Điều 24', '< 50 | "không" | Điều 25']


@pytest.fixture
def award(tmp_path: Path) -> str:
    logic = table(RULES, annotations=["Căn cứ"])
    path = tmp_path / "award.dmn"
    path.write_bytes(model(input_data("score", "number"), decision("award", logic, needs=["score"])))
    return str(path)


def test_value_is_printed_as_json(award: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["decide", award, "--decision", "award", "--input", '{"score": 80}']) == 0

    assert json.loads(capsys.readouterr().out) == "khen"


def test_explanation_names_rule_and_ground(award: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["decide", award, "--decision", "award", "--input", '{"score": 49.5}', "--explain"])

    said = capsys.readouterr().out
    assert "score = 49.5" in said
    assert 'rule 2 → "không"  (Căn cứ: Điều 25)' in said


def test_numbers_keep_their_digits_and_dates_are_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.dmn"
    path.write_bytes(model(decision("facts", literal('[0.1 + 0.2, 12345678901234567890, @"2026-09-02"]'))))

    cli.main(["decide", str(path), "--decision", "facts"])

    assert capsys.readouterr().out == '[0.3, 12345678901234567890, "2026-09-02"]\n'


@pytest.mark.parametrize("given", ["[1]", "{", "touch()"])
def test_input_that_is_no_object_is_wrong_use(
    award: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["decide", award, "--decision", "award", "--input", given])

    assert ended.value.code == 2
    assert "--input" in capsys.readouterr().err


def test_what_cannot_be_decided_is_a_failure_with_its_cell(
    award: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["decide", award, "--decision", "bonus"]) == 1
    assert cli.main(["decide", award, "--decision", "award", "--input", '{"score": "x"}']) == 1

    assert "expected a number" in capsys.readouterr().err
