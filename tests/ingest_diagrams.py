"""Builds small diagrams for the tests of ingest."""

from collections.abc import Mapping
from itertools import pairwise

from engine.ingest import Problem, Surroundings, check_files

SURROUNDINGS = Surroundings(
    roles={"officer", "head", "chairman"}, actions={"leave.book"}, form_sources={"leave.balance"}
)
FORM = b"""{"type": "default", "id": "note", "schemaVersion": 17, "executionPlatform": "Camunda Cloud",
"executionPlatformVersion": "8.6.0",
"components": [{"type": "textfield", "id": "F_note", "label": "Ghi ch\xc3\xba", "key": "note"}]}"""
START = (
    '<bpmn:startEvent id="start"><bpmn:extensionElements><zeebe:properties>'
    '<zeebe:property name="brings" value="agreed, tries, code"/>'
    "</zeebe:properties></bpmn:extensionElements></bpmn:startEvent>"
)
END = '<bpmn:endEvent id="end"/>'


def definitions(content: str, *, more: str = "") -> bytes:
    """Return a diagram file with ``content`` at its top."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' id="definitions" targetNamespace="http://bpmn.io/schema/bpmn"{more}>{content}</bpmn:definitions>'
    ).encode()


def process(content: str, *, process_id: str = "leave", top: str = "") -> bytes:
    """Return a diagram file with one executable process."""
    return definitions(
        f'{top}<bpmn:process id="{process_id}" name="Nghỉ phép" isExecutable="true">{content}</bpmn:process>'
    )


def flow(source: str, target: str, condition: str = "") -> str:
    """Return a sequence flow ``source_target``."""
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}'
        "</bpmn:sequenceFlow>"
    )


def flows(*ids: str) -> str:
    """Return the flows that lead along ``ids``."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def user_task(task_id: str, *, groups: str = "officer", more: str = "", inside: str = "") -> str:
    """Return a user task that anybody of ``groups`` may do."""
    return (
        f'<bpmn:userTask id="{task_id}" name="Ghi ý kiến"><bpmn:extensionElements><zeebe:userTask/>'
        f'<zeebe:formDefinition formId="note"/><zeebe:assignmentDefinition candidateGroups="{groups}"/>{more}'
        f"</bpmn:extensionElements>{inside}</bpmn:userTask>"
    )


def extended(tag: str, element_id: str, extension: str, *, inside: str = "", attributes: str = "") -> str:
    """Return an element of BPMN with an extension of the dialect."""
    return (
        f'<bpmn:{tag} id="{element_id}" {attributes}><bpmn:extensionElements>{extension}'
        f"</bpmn:extensionElements>{inside}</bpmn:{tag}>"
    )


def around(element: str, element_id: str, *, top: str = "") -> bytes:
    """Return a diagram whose one step is ``element``."""
    return process(START + element + END + flows("start", element_id, "end"), top=top)


def check(content: bytes, *, others: Mapping[str, bytes] | None = None) -> list[Problem]:
    """Return the problems of a diagram that is checked together with one form and ``others``."""
    files = {"leave.bpmn": content, "note.form": FORM}
    files |= {f"{name}.bpmn": more for name, more in (others or {}).items()}
    found = check_files(files, SURROUNDINGS, isolated=False)
    return [problem for problems in found.values() for problem in problems]


def codes(content: bytes, **others: bytes) -> set[tuple[str, str | None]]:
    """Return code and element of every problem of a diagram."""
    return {(problem.code, problem.element_id) for problem in check(content, others=others)}
