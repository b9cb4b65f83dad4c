"""The only way in for a diagram, table or form: parse safely, read the facts, list every problem."""

from collections.abc import Mapping

from engine.ingest import sandbox
from engine.ingest.checking import list_problems
from engine.ingest.opening import find_obstacles, find_processes
from engine.ingest.problems import Mend, Problem, Severity, Surroundings
from engine.ingest.reader import read_diagram
from engine.ingest.report import Report
from engine.ingest.safeguards import lost_safeguards
from engine.ingest.xml import XmlRefusedError

__all__ = [
    "Mend",
    "Problem",
    "Severity",
    "Surroundings",
    "XmlRefusedError",
    "check_files",
    "find_obstacles",
    "find_processes",
    "lost_safeguards",
    "read_diagram",
]


def check_files(
    files: Mapping[str, bytes], surroundings: Surroundings, *, isolated: bool = True
) -> Mapping[str, list[Problem]]:
    """Return all problems of all files, by file name; the files see one another.

    Runs in a child that may use little time and memory, unless not ``isolated``: only for files one trusts.
    """
    if not isolated:
        return list_problems(files, surroundings)
    problems = sandbox.run(files, surroundings)
    return _stopped(files) if problems is None else problems


def _stopped(files: Mapping[str, bytes]) -> dict[str, list[Problem]]:
    reports = {name: Report(name) for name in files}
    for report in reports.values():
        report.add("check_stopped")
    return {name: report.problems for name, report in reports.items()}
