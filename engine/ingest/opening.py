"""Opens files that need not be right yet: what keeps one from being read at all, and what it is about."""

from collections.abc import Mapping

from engine.diagram import Process
from engine.ingest.problems import Problem
from engine.ingest.reader import properties_of, read_tree, text_of
from engine.ingest.report import Report
from engine.ingest.xml import XmlRefusedError, bpmn, children, local_name, parse


def find_obstacles(files: Mapping[str, bytes]) -> list[Problem]:
    """Return why files cannot be opened: no XML, no diagram, no JSON. All else can be mended in an editor."""
    reports = [Report(name) for name in files]
    for report in reports:
        _open(report.file, files[report.file], report)
    return [problem for report in reports for problem in report.problems]


def find_processes(content: bytes) -> list[Process]:
    """Return the processes of a diagram that can be opened, those that run first."""
    found = [
        Process(
            id=node.get("id", ""),
            name=text_of(node.get("name")),
            name_en=properties_of(node).get("en", ""),
            executable=node.get("isExecutable") == "true",
        )
        for node in children(parse(content), bpmn("process"))
    ]
    return sorted(found, key=lambda process: not process.executable)


def _open(name: str, content: bytes, report: Report) -> None:
    try:
        if name.endswith(".bpmn"):
            read_tree(name, parse(content))
        elif name.endswith(".dmn"):
            if local_name(parse(content)) != "definitions":
                report.add("not_a_table")
        elif name.endswith(".form"):
            _open_form(content, report)
        elif name.endswith(".text"):
            _open_text(content, report)
        else:
            report.add("file_unknown")
    except XmlRefusedError as error:
        report.add(error.code, None, **error.parameters)


def _open_form(content: bytes, report: Report) -> None:
    from engine.forms.json_text import read_json  # noqa: PLC0415  # the forms read names the way this package does
    from engine.forms.problems import Findings  # noqa: PLC0415

    findings = Findings()
    value = read_json(content, findings)
    if not isinstance(value, dict) and not findings.problems:
        findings.add("not_a_form")
    for found in findings.problems:
        report.add_form_problem(found)


def _open_text(content: bytes, report: Report) -> None:
    from engine.texts import check_text  # noqa: PLC0415  # for the same reason

    for found in check_text(content):
        if not found.member:
            report.add_text_problem(found)
