"""The tables of the dialect: which elements, attributes and extensions a diagram may have, and where."""

from dataclasses import dataclass
from typing import Final

from engine.ingest.events import EVENT_KINDS, TIMER_KINDS
from engine.ingest.reader import ACTIVITIES, FLOW_NODES, GATEWAYS

DRAWN_NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://camunda.org/schema/modeler/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)
"""Kept and shown, never executed."""

DRAWN: Final = frozenset(
    {
        *("textAnnotation", "association", "group", "category", "itemDefinition"),
        *("dataObject", "dataObjectReference", "dataStore", "dataStoreReference"),
        *("dataInputAssociation", "dataOutputAssociation", "ioSpecification", "property"),
        *("participant", "messageFlow", "messageFlowAssociation"),
    }
)
"""Elements of BPMN that are kept and not executed."""

REFUSED: Final = frozenset(
    {
        *("adHocSubProcess", "transaction", "complexGateway", "compensateEventDefinition"),
        *(
            "conditionalEventDefinition",
            "cancelEventDefinition",
            "standardLoopCharacteristics",
            "loopCardinality",
        ),
        *("executionListeners", "taskListeners", "userTaskForm", "adHoc", "conditionalFilter", "import"),
        *("script", "correlationProperty", "correlationSubscription", "choreography", "globalTask"),
    }
)
"""What the standard has and we do not, refused by name."""


@dataclass(frozen=True)
class Rule:
    """What an element may have besides id, name, documentation and properties."""

    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()


def _rule(attributes: str = "", children: str = "", extensions: str = "") -> Rule:
    return Rule(frozenset(attributes.split()), frozenset(children.split()), frozenset(extensions.split()))


_EVENT_DEFINITIONS: Final = " ".join(EVENT_KINDS)
_SCOPE_CHILDREN: Final = " ".join((*(FLOW_NODES - REFUSED), "sequenceFlow", "laneSet"))
_TASK_ATTRIBUTES: Final = "default isForCompensation startQuantity completionQuantity"
_TASK_CHILDREN: Final = "incoming outgoing multiInstanceLoopCharacteristics"
_EVENT_CHILDREN: Final = f"incoming outgoing {_EVENT_DEFINITIONS}"
_WORK: Final = "taskDefinition taskHeaders ioMapping"

BPMN_RULES: Final[dict[str, Rule]] = {
    "definitions": _rule(
        "targetNamespace exporter exporterVersion expressionLanguage typeLanguage",
        "process collaboration message signal error escalation",
    ),
    "collaboration": _rule("isClosed"),
    "process": _rule("isExecutable processType isClosed", _SCOPE_CHILDREN, "versionTag"),
    "subProcess": _rule(
        f"{_TASK_ATTRIBUTES} triggeredByEvent", f"{_TASK_CHILDREN} {_SCOPE_CHILDREN}", "ioMapping"
    ),
    "laneSet": _rule(children="lane"),
    "childLaneSet": _rule(children="lane"),
    "lane": _rule(children="flowNodeRef childLaneSet"),
    "sequenceFlow": _rule("sourceRef targetRef isImmediate", "conditionExpression"),
    "message": _rule("itemRef", extensions="subscription"),
    "signal": _rule("structureRef"),
    "error": _rule("errorCode structureRef"),
    "escalation": _rule("escalationCode structureRef"),
    "task": _rule(_TASK_ATTRIBUTES, _TASK_CHILDREN),
    "manualTask": _rule(_TASK_ATTRIBUTES, _TASK_CHILDREN),
    "userTask": _rule(
        f"{_TASK_ATTRIBUTES} implementation",
        _TASK_CHILDREN,
        "userTask formDefinition assignmentDefinition taskSchedule priorityDefinition taskHeaders ioMapping",
    ),
    "serviceTask": _rule(f"{_TASK_ATTRIBUTES} implementation", _TASK_CHILDREN, _WORK),
    "sendTask": _rule(f"{_TASK_ATTRIBUTES} implementation messageRef", _TASK_CHILDREN, _WORK),
    "receiveTask": _rule(
        f"{_TASK_ATTRIBUTES} implementation messageRef instantiate", _TASK_CHILDREN, "ioMapping"
    ),
    "scriptTask": _rule(_TASK_ATTRIBUTES, _TASK_CHILDREN, f"script {_WORK}"),
    "businessRuleTask": _rule(
        f"{_TASK_ATTRIBUTES} implementation", _TASK_CHILDREN, f"calledDecision {_WORK}"
    ),
    "callActivity": _rule(_TASK_ATTRIBUTES, _TASK_CHILDREN, "calledElement ioMapping"),
    "startEvent": _rule("isInterrupting parallelMultiple", _EVENT_CHILDREN, "ioMapping"),
    "endEvent": _rule("", _EVENT_CHILDREN, _WORK),
    "intermediateThrowEvent": _rule("", _EVENT_CHILDREN, _WORK),
    "intermediateCatchEvent": _rule("parallelMultiple", _EVENT_CHILDREN, "ioMapping"),
    "boundaryEvent": _rule("attachedToRef cancelActivity parallelMultiple", _EVENT_CHILDREN, "ioMapping"),
    "exclusiveGateway": _rule("default gatewayDirection", "incoming outgoing"),
    "inclusiveGateway": _rule("default gatewayDirection", "incoming outgoing"),
    "parallelGateway": _rule("gatewayDirection", "incoming outgoing"),
    "eventBasedGateway": _rule("gatewayDirection instantiate eventGatewayType", "incoming outgoing"),
    "timerEventDefinition": _rule(children=" ".join(TIMER_KINDS)),
    "messageEventDefinition": _rule("messageRef", extensions="taskDefinition taskHeaders"),
    "signalEventDefinition": _rule("signalRef"),
    "errorEventDefinition": _rule("errorRef"),
    "escalationEventDefinition": _rule("escalationRef"),
    "linkEventDefinition": _rule(),
    "terminateEventDefinition": _rule(),
    "multiInstanceLoopCharacteristics": _rule(
        "isSequential behavior", "completionCondition", "loopCharacteristics"
    ),
    "extensionElements": _rule(),
    "documentation": _rule("textFormat"),
    "conditionExpression": _rule("language"),
    "completionCondition": _rule("language"),
    "timeDate": _rule("language"),
    "timeDuration": _rule("language"),
    "timeCycle": _rule("language"),
    "incoming": _rule(),
    "outgoing": _rule(),
    "flowNodeRef": _rule(),
}

TEXT_ELEMENTS: Final = frozenset(
    {
        *(
            "documentation",
            "conditionExpression",
            "completionCondition",
            "incoming",
            "outgoing",
            "flowNodeRef",
        ),
        *TIMER_KINDS,
    }
)

FIXED_VALUES: Final[dict[str, frozenset[str]]] = {
    "isForCompensation": frozenset({"false"}),
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
    "parallelMultiple": frozenset({"false"}),
    "instantiate": frozenset({"false"}),
    "eventGatewayType": frozenset({"Exclusive"}),
    "behavior": frozenset({"All"}),
    "implementation": frozenset({"##unspecified", "##WebService"}),
    "isExecutable": frozenset({"true", "false"}),
    "isInterrupting": frozenset({"true", "false"}),
    "cancelActivity": frozenset({"true", "false"}),
    "triggeredByEvent": frozenset({"true", "false"}),
    "isSequential": frozenset({"true", "false"}),
    "propagateAllChildVariables": frozenset({"true", "false"}),
    "propagateAllParentVariables": frozenset({"true", "false"}),
}
"""Attributes that are read only where they say this."""

ZEEBE_RULES: Final[dict[str, Rule]] = {
    "userTask": _rule(),
    "formDefinition": _rule("formId bindingType versionTag formKey externalReference"),
    "assignmentDefinition": _rule("assignee candidateGroups candidateUsers"),
    "taskSchedule": _rule("dueDate followUpDate"),
    "priorityDefinition": _rule("priority"),
    "taskDefinition": _rule("type retries"),
    "taskHeaders": _rule(children="header"),
    "header": _rule("key value"),
    "properties": _rule(children="property"),
    "property": _rule("name value"),
    "ioMapping": _rule(children="input output"),
    "input": _rule("source target"),
    "output": _rule("source target"),
    "script": _rule("expression resultVariable"),
    "calledDecision": _rule("decisionId resultVariable bindingType versionTag"),
    "calledElement": _rule(
        "processId propagateAllChildVariables propagateAllParentVariables bindingType versionTag"
    ),
    "loopCharacteristics": _rule("inputCollection inputElement outputCollection outputElement"),
    "subscription": _rule("correlationKey"),
    "versionTag": _rule("value"),
}

TEMPLATE_MARKS: Final = frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"})
"""What element templates leave behind; kept, not executed."""

EVENTS_HERE: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset({"none", "timer", "message"}),
    "endEvent": frozenset({"none", "terminate", "error", "message", "escalation", "signal"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link"}),
    "boundaryEvent": frozenset({"timer", "message", "error", "escalation"}),
}
EVENT_SUB_PROCESS_STARTS: Final = EVENTS_HERE["boundaryEvent"]
CONDITIONAL_GATEWAYS: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})

__all__ = ["ACTIVITIES", "BPMN_RULES", "DRAWN", "FLOW_NODES", "GATEWAYS", "REFUSED", "ZEEBE_RULES"]
