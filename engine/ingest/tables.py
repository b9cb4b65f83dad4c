"""Checks the decision models of a bundle, which import from one another and from nowhere else."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from engine.ingest.problems import Problem, Severity
from engine.ingest.report import Report
from engine.ingest.xml import XmlRefusedError

if TYPE_CHECKING:
    from engine import dmn


def check_tables(files: Mapping[str, bytes], reports: Mapping[str, Report]) -> Collection[str]:
    """Report every problem of every model; return the ids of the decisions that processes may call."""
    from engine.dmn import load  # noqa: PLC0415  # the models are read with the XML reader of this package

    models = {name: content for name, content in files.items() if name.endswith(".dmn")}
    files_of: dict[str, list[str]] = defaultdict(list)
    for name, content in models.items():
        try:
            model = load(content, beside=models, file=name)
        except XmlRefusedError as error:
            reports[name].add(error.code, None, **error.parameters)
            continue
        for found in (*model.problems, *model.review()):
            reports[name].add_ready(_problem(found, name))
        for decision in model.decisions:
            files_of[decision.id].append(name)
    for decision_id, names in files_of.items():
        for name in names if len(names) > 1 else ():
            reports[name].add("decision_twice", None, value=decision_id, files=", ".join(sorted(names)))
    return files_of.keys()


def _problem(found: "dmn.Problem", file: str) -> Problem:
    return Problem(
        severity=Severity(found.severity),
        code=found.code,
        element_id=found.spot.element_id,
        element_name=found.spot.element_name,
        message_vi=found.message_vi,
        message_en=found.message_en,
        file=file,
        part_id=found.spot.part_id,
    )
