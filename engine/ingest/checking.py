"""Lists every problem of the files of a bundle, which see one another."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from engine.diagram import Diagram
from engine.ingest.behaviour import check_behaviour
from engine.ingest.calls import check_calls, check_process_ids
from engine.ingest.expressions import check_expressions
from engine.ingest.mails import check_mails, read_texts
from engine.ingest.policy import check_policy
from engine.ingest.problems import Problem, Surroundings
from engine.ingest.properties import check_properties
from engine.ingest.reader import read_tree
from engine.ingest.references import check_references
from engine.ingest.report import Report
from engine.ingest.structure import check_structure
from engine.ingest.tables import check_tables
from engine.ingest.timers import check_timers
from engine.ingest.work import Bundle, check_work
from engine.ingest.xml import Node, XmlRefusedError, parse


@dataclass
class _Bundle:
    """What has been read of the files so far."""

    reports: dict[str, Report] = field(default_factory=dict[str, Report])
    trees: dict[str, Node] = field(default_factory=dict[str, Node])
    diagrams: dict[str, Diagram] = field(default_factory=dict[str, Diagram])
    forms: set[str] = field(default_factory=set[str])


def list_problems(files: Mapping[str, bytes], surroundings: Surroundings) -> dict[str, list[Problem]]:
    """Return all problems of all files, by file name. Runs here: what it reads may eat time and memory."""
    bundle = _Bundle({name: Report(name) for name in files})
    for name, content in files.items():
        _read(name, content, bundle)
    decisions = check_tables(files, bundle.reports)
    texts = read_texts(files, bundle.reports)
    known = Bundle(bundle.forms, decisions, {p for d in bundle.diagrams.values() for p in d.processes})
    for name, diagram in bundle.diagrams.items():
        _check_diagram(
            diagram, bundle.trees[name], known, surroundings=surroundings, report=bundle.reports[name]
        )
        check_mails(diagram, texts, surroundings, report=bundle.reports[name])
    check_behaviour(bundle.diagrams, files, surroundings, reports=bundle.reports)
    check_process_ids(bundle.diagrams, bundle.reports)
    check_calls(bundle.diagrams, bundle.reports)
    _build(files, bundle)
    return {name: report.problems for name, report in bundle.reports.items()}


def _read(name: str, content: bytes, bundle: _Bundle) -> None:
    report = bundle.reports[name]
    try:
        if name.endswith(".bpmn"):
            bundle.trees[name] = parse(content)
            bundle.diagrams[name] = read_tree(name, bundle.trees[name])
        elif name.endswith(".form"):
            _read_form(content, bundle, report)
        elif not name.endswith((".dmn", ".text")):
            report.add("file_unknown")
    except XmlRefusedError as error:
        report.add(error.code, None, **error.parameters)


def _check_diagram(
    diagram: Diagram, root: Node, bundle: Bundle, *, surroundings: Surroundings, report: Report
) -> None:
    if not diagram.processes:
        report.add("no_process")
    check_policy(root, report)
    check_references(root, report)
    check_expressions(diagram, report)
    check_timers(diagram, surroundings.now, report)
    check_work(diagram, bundle, surroundings, report=report)
    check_properties(diagram, surroundings, report)
    check_structure(diagram, root, report)


def _read_form(content: bytes, bundle: _Bundle, report: Report) -> None:
    from engine.forms import check_schema  # noqa: PLC0415  # the forms read names the way this package does

    for found in check_schema(content):
        report.add_form_problem(found)
    form_id = _form_id(content)
    if form_id is not None and form_id in bundle.forms:
        report.add("form_id_twice", value=form_id)
    if form_id is not None:
        bundle.forms.add(form_id)


def _form_id(content: bytes) -> str | None:
    try:
        schema: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(schema, dict):
        return None
    found = cast("dict[str, object]", schema).get("id")
    return found if isinstance(found, str) else None


def _build(files: Mapping[str, bytes], bundle: _Bundle) -> None:
    """Report what the engine cannot build although nothing is wrong with it as far as we see."""
    incomplete = any(
        problem.code == "process_missing" for r in bundle.reports.values() for problem in r.problems
    )
    if incomplete or any(report.has_errors for report in bundle.reports.values()) or not bundle.diagrams:
        return
    from engine.spiff import compile_program  # noqa: PLC0415  # costs a second; only what passed is built

    try:
        compile_program("", files)
    except Exception as error:  # noqa: BLE001  # whatever the library raises, the official gets a sentence
        for name in bundle.diagrams:
            bundle.reports[name].add("not_translatable", detail=f"{type(error).__name__}: {error}")
