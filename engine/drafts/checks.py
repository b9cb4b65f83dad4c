"""What is wrong with a draft: checked as it is stored, and remembered until it changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from engine import definitions
from engine.drafts.contents import files_of, main_file
from engine.ingest import Problem, Surroundings, check_files, find_processes
from engine.ingest.report import Report
from engine.models import DefinitionDraft

REMEMBERED_CHECKS: Final = 32
_Place = tuple[str, str, Surroundings, str]
_checked: dict[_Place, list[Problem]] = {}
"""By key, digest, surroundings and version in use, the oldest first; nothing else tells on the result."""


def problems_of(session: Session, draft: DefinitionDraft, *, now: datetime | None = None) -> list[Problem]:
    """Return every problem of the files, as this installation sees them. Takes a second after a change.

    With ``now``, tasks that would reach nobody that day and moments that are past are among them.
    """
    place = _place(session, draft, now)
    if place in _checked:
        return _checked[place]
    files = files_of(draft)
    found = check_files(files, place[2])
    problems = [
        *_missing_process(draft.key, files),
        *definitions.lost_since_published(session, draft.key, files),
        *(one for some in found.values() for one in some),
    ]
    if all(problem.code != "check_stopped" for problem in problems):
        _checked[place] = problems
        for oldest in list(_checked)[:-REMEMBERED_CHECKS]:
            _checked.pop(oldest, None)
    return problems


def known_problems(
    session: Session, draft: DefinitionDraft, *, now: datetime | None = None
) -> list[Problem] | None:
    """Return what the last check of this very state has found, at once; None where there was none."""
    return _checked.get(_place(session, draft, now))


def _place(session: Session, draft: DefinitionDraft, now: datetime | None) -> _Place:
    used = [one.sha256 for one in definitions.find_published(session) if one.key == draft.key]
    return draft.key, draft.sha256, definitions.surroundings_of(session, now=now), "".join(used)


def _missing_process(key: str, files: Mapping[str, bytes]) -> list[Problem]:
    name = main_file(key, files)
    if any(process.id == key and process.executable for process in find_processes(files[name])):
        return []
    report = Report(name)
    report.add("main_process_missing", value=key)
    return report.problems
