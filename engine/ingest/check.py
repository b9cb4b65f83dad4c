"""The command that checks files: what it reads, what it prints, and what it answers."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn, TextIO

from engine.bundles import MAX_BUNDLE_BYTES, SUFFIXES, folder_files
from engine.ingest import check_files
from engine.ingest.messages import quote
from engine.ingest.problems import Problem, Severity, Surroundings

WRONG_USE: Final = 2
_WORDS: Final[dict[str, dict[Severity | bool, str]]] = {
    "vi": {
        True: "đạt",
        False: "chưa đạt",
        Severity.ERROR: "lỗi",
        Severity.NEEDS: "còn thiếu",
        Severity.NOTE: "lưu ý",
    },
    "en": {
        True: "ok",
        False: "not ok",
        Severity.ERROR: "error",
        Severity.NEEDS: "needs",
        Severity.NOTE: "note",
    },
}


class WrongUseError(Exception):
    """The command was not given files that it can read."""


def main(arguments: list[str], surroundings: Surroundings, stdout: TextIO) -> int:
    """Check the files or folders named in ``arguments`` and print every problem.

    Files that are given together see one another; each folder is a definition of its own, or holds some.
    Returns 0 where all is well, 1 where something stands in the way (a single file may still need what is
    not here), 2 for wrong use.
    """
    try:
        options = _parser().parse_args(arguments)
        groups = _groups([Path(name) for name in options.paths])
    except WrongUseError as error:
        stdout.write(f"{error}\n")
        return WRONG_USE
    rows: list[tuple[str, bool, list[Problem]]] = []
    for strict, files in groups:
        for name, problems in check_files(files, surroundings).items():
            rows.append((name, _is_ok(problems, strict=strict), problems))
    stdout.write(_as_json(rows, options.lang) if options.json else _as_text(rows, options.lang))
    return 0 if all(ok for _, ok, _ in rows) else 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUseError(f"{quote(message)}\n{self.format_usage().strip()}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="vinhdanh check", add_help=False)
    parser.add_argument("paths", nargs="+", metavar="FILE|FOLDER")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    return parser


def _groups(paths: list[Path]) -> list[tuple[bool, Mapping[str, bytes]]]:
    """Return the files that see one another, and whether they must lack nothing."""
    groups: list[tuple[bool, Mapping[str, bytes]]] = []
    single = {str(path): _read(path) for path in paths if not path.is_dir()}
    if single:
        groups.append((False, single))
    for path in paths:
        if path.is_dir():
            groups += [(True, files) for files in _definitions(path)]
    return groups


def _definitions(folder: Path) -> list[dict[str, bytes]]:
    """Return the files of the definition in ``folder``, or of those in the folders inside it."""
    own = folder_files(folder)
    if any(name.endswith(SUFFIXES) for name in own):
        return [{str(folder / name): content for name, content in own.items()}]
    inside = [inner for inner in sorted(folder.iterdir()) if inner.is_dir() and any(inner.glob("*.bpmn"))]
    if not inside:
        raise WrongUseError(f"no definition in {quote(str(folder))}")
    return [definition for inner in inside for definition in _definitions(inner)]


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise WrongUseError(f"no such file: {quote(str(path))}")
    try:
        with path.open("rb") as file:
            return file.read(MAX_BUNDLE_BYTES)
    except OSError as error:
        raise WrongUseError(f"cannot read {quote(str(path))}: {error.strerror}") from error


def _is_ok(problems: list[Problem], *, strict: bool) -> bool:
    wrong = {Severity.ERROR, Severity.NEEDS} if strict else {Severity.ERROR}
    return not any(problem.severity in wrong for problem in problems)


def _as_json(rows: list[tuple[str, bool, list[Problem]]], language: str) -> str:
    """Return JSON in ASCII, so that a terminal has nothing to obey."""
    found = [
        {"file": name, "ok": ok, "problems": [_row(problem, language) for problem in problems]}
        for name, ok, problems in rows
    ]
    return json.dumps(found, indent=1) + "\n"


def _row(problem: Problem, language: str) -> dict[str, str | None]:
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "element_id": problem.element_id,
        "element_name": problem.element_name,
        "message": problem.message(language),
    }


def _as_text(rows: list[tuple[str, bool, list[Problem]]], language: str) -> str:
    words = _WORDS[language]
    lines: list[str] = []
    for name, ok, problems in rows:
        lines.append(f"{quote(name)}: {words[ok]}")
        for problem in problems:
            spot = " ".join(filter(None, (problem.element_id, problem.element_name)))
            where = f" [{spot}]" if spot else ""
            lines.append(f"  {words[problem.severity]}{where} {problem.message(language)} ({problem.code})")
    return "\n".join(lines) + "\n"
