"""What new files hold: the least that an editor opens and that says what it is for."""

import json
from collections.abc import Callable, Mapping
from typing import Final
from xml.sax.saxutils import quoteattr

from engine.errors import InvalidInputError
from engine.ingest.references import is_id

_DIAGRAM: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" \
xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions_{id}" \
targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" \
modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id="{id}" name={name} isExecutable="true">
    <bpmn:startEvent id="{id}_started" name="Bắt đầu">
      <bpmn:outgoing>{id}_flow</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="{id}_ended" name="Kết thúc">
      <bpmn:incoming>{id}_flow</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="{id}_flow" sourceRef="{id}_started" targetRef="{id}_ended"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_{id}">
    <bpmndi:BPMNPlane id="plane_{id}" bpmnElement="{id}">
      <bpmndi:BPMNShape id="{id}_started_di" bpmnElement="{id}_started">
        <dc:Bounds x="180" y="160" width="36" height="36"/>
        <bpmndi:BPMNLabel><dc:Bounds x="177" y="203" width="42" height="14"/></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{id}_ended_di" bpmnElement="{id}_ended">
        <dc:Bounds x="432" y="160" width="36" height="36"/>
        <bpmndi:BPMNLabel><dc:Bounds x="427" y="203" width="46" height="14"/></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="{id}_flow_di" bpmnElement="{id}_flow">
        <di:waypoint x="216" y="178"/>
        <di:waypoint x="432" y="178"/>
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_TABLE: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="definitions_{id}" name={name} \
namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="{id}" name={name}>
    <decisionTable id="{id}_table" hitPolicy="UNIQUE">
      <input id="{id}_input" label="Điều kiện">
        <inputExpression id="{id}_input_expression" typeRef="string"><text>input</text></inputExpression>
      </input>
      <output id="{id}_output" label="Kết quả" name="result" typeRef="string"/>
      <rule id="{id}_rule">
        <inputEntry id="{id}_rule_input"><text>-</text></inputEntry>
        <outputEntry id="{id}_rule_output"><text>""</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_diagram">
      <dmndi:DMNShape id="{id}_shape" dmnElementRef="{id}">
        <dc:Bounds x="160" y="100" width="180" height="80"/>
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def diagram(process_id: str, name: str) -> bytes:
    """Return a diagram with one process: a start that leads to an end."""
    return _DIAGRAM.format(id=_checked(process_id), name=quoteattr(name)).encode()


def table(decision_id: str, name: str) -> bytes:
    """Return a decision table with one input, one output and one rule that always holds."""
    return _TABLE.format(id=_checked(decision_id), name=quoteattr(name)).encode()


def form(form_id: str, name: str) -> bytes:
    """Return a form with its heading."""
    heading = {"type": "text", "id": "heading", "text": f"### {name}"}
    return _json(
        {
            "type": "default",
            "id": _checked(form_id),
            "schemaVersion": 17,
            "executionPlatform": "Camunda Cloud",
            "executionPlatformVersion": "8.6.0",
            "components": [heading],
        }
    )


def mail(text_id: str, name: str) -> bytes:
    """Return the text of a mail without its words."""
    return _text("mail", text_id, name)


def document(text_id: str, name: str) -> bytes:
    """Return the text of a document without its words."""
    return _text("document", text_id, name)


KINDS: Final[Mapping[str, tuple[str, Callable[[str, str], bytes]]]] = {
    "diagram": (".bpmn", diagram),
    "table": (".dmn", table),
    "form": (".form", form),
    "mail": (".text", mail),
    "document": (".text", document),
}
"""What may be added to a draft: the suffix of the file, and what it begins with."""


def _text(kind: str, text_id: str, name: str) -> bytes:
    words = dict.fromkeys(("name_en", "subject", "subject_en", "body", "body_en"), "")
    return _json({"type": kind, "id": _checked(text_id), "name": name, **words})


def _json(value: Mapping[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _checked(text: str) -> str:
    if not is_id(text):
        raise InvalidInputError(f"not an id: {text!r}")
    return text
