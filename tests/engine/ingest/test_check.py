"""The command that checks files: exit codes, JSON, languages, and nothing that a terminal would obey."""

import io
import json
from pathlib import Path

import pytest
from ingest_diagrams import FORM, SURROUNDINGS, around, user_task

from engine.ingest.check import main

GOOD = around(user_task("ask"), "ask")
NEEDY = around(user_task("ask", groups="clerk"), "ask")
WRONG = around(user_task("ask", groups=""), "ask")


def run(*arguments: str) -> tuple[int, str]:
    """Return exit code and output of the command."""
    stdout = io.StringIO()
    return main(list(arguments), SURROUNDINGS, stdout), stdout.getvalue()


def write(folder: Path, content: bytes) -> tuple[str, str]:
    """Write a diagram and its form; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "leave.bpmn").write_bytes(content)
    (folder / "note.form").write_bytes(FORM)
    return str(folder / "leave.bpmn"), str(folder / "note.form")


@pytest.mark.parametrize(("content", "code"), [(GOOD, 0), (NEEDY, 0), (WRONG, 1)])
def test_exit_code_of_files(tmp_path: Path, content: bytes, code: int) -> None:
    assert run(*write(tmp_path, content))[0] == code


@pytest.mark.parametrize(("content", "code"), [(GOOD, 0), (NEEDY, 1), (WRONG, 1)])
def test_exit_code_of_a_folder(tmp_path: Path, content: bytes, code: int) -> None:
    write(tmp_path / "leave", content)

    assert run(str(tmp_path / "leave"))[0] == code
    assert run(str(tmp_path))[0] == code


def test_folder_takes_its_forms_from_beside(tmp_path: Path) -> None:
    (tmp_path / "processes" / "leave").mkdir(parents=True)
    (tmp_path / "processes" / "leave" / "leave.bpmn").write_bytes(GOOD)
    (tmp_path / "forms" / "leave").mkdir(parents=True)
    (tmp_path / "forms" / "leave" / "note.form").write_bytes(FORM)

    assert run(str(tmp_path / "processes" / "leave"))[0] == 0


@pytest.mark.parametrize(
    "arguments", [(), ("--surprise", "x"), ("nowhere.bpmn",), ("--lang", "fr", "x.bpmn")]
)
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_json_lists_files_with_their_problems(tmp_path: Path) -> None:
    code, output = run("--json", "--lang", "en", *write(tmp_path, WRONG))

    diagram, form = json.loads(output)
    assert (code, diagram["ok"], form["ok"], form["problems"]) == (1, False, True, [])
    assert diagram["file"] == str(tmp_path / "leave.bpmn")
    assert diagram["problems"] == [
        {
            "severity": "error",
            "code": "assignment_missing",
            "element_id": "ask",
            "element_name": "Ghi ý kiến",
            "message": "Nobody is named who may do this; fill in candidate groups or an assignee.",
        }
    ]


def test_languages(tmp_path: Path) -> None:
    paths = write(tmp_path, WRONG)

    assert "chưa đạt\n  lỗi [ask Ghi ý kiến] Chưa ghi ai được làm việc này" in run(*paths)[1]
    assert "not ok\n  error [ask Ghi ý kiến] Nobody is named" in run("--lang", "en", *paths)[1]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_nothing_that_a_terminal_obeys_is_printed(tmp_path: Path, options: tuple[str, ...]) -> None:
    content = around(user_task("ask", groups="\u202e&#x9b;31m&#10;x"), "ask")
    file = tmp_path / "a\x1b[2J\u202eb.bpmn"
    file.write_bytes(content)

    _, output = run(*options, str(file))

    assert output.replace("\n", "").isprintable()
