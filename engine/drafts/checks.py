"""What is wrong with a draft: checked as it is stored, and remembered until it changes."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from engine import definitions
from engine.drafts.contents import files_of, main_file
from engine.ingest import Problem, Surroundings, check_files, find_processes
from engine.ingest.report import Report
from engine.models import DefinitionDraft

REMEMBERED_CHECKS: Final = 32
_checked: dict[tuple[str, str, Surroundings], list[Problem]] = {}
"""By key, digest and surroundings, the oldest first: what is found depends on nothing else."""


def problems_of(session: Session, draft: DefinitionDraft) -> list[Problem]:
    """Return every problem of the files, as this installation sees them. Takes a second after a change."""
    place = _place(session, draft)
    if place in _checked:
        return _checked[place]
    files = files_of(draft)
    found = check_files(files, place[2])
    problems = [*_missing_process(draft.key, files), *(one for some in found.values() for one in some)]
    if all(problem.code != "check_stopped" for problem in problems):
        _checked[place] = problems
        for oldest in list(_checked)[:-REMEMBERED_CHECKS]:
            _checked.pop(oldest, None)
    return problems


def known_problems(session: Session, draft: DefinitionDraft) -> list[Problem] | None:
    """Return what the last check of this very state has found, at once; None where there was none."""
    return _checked.get(_place(session, draft))


def _place(session: Session, draft: DefinitionDraft) -> tuple[str, str, Surroundings]:
    return draft.key, draft.sha256, definitions.surroundings_of(session)


def _missing_process(key: str, files: Mapping[str, bytes]) -> list[Problem]:
    name = main_file(key, files)
    if any(process.id == key and process.executable for process in find_processes(files[name])):
        return []
    report = Report(name)
    report.add("main_process_missing", value=key)
    return report.problems
