"""The reading of the dialect: each fact of a diagram comes out once, at its element."""

from ingest_diagrams import END, START, extended, flow, flows, process, user_task

from engine.diagram import EventSpec, IoMapping, Loop
from engine.ingest import read_diagram


def test_user_task_has_its_facts() -> None:
    extensions = (
        '<zeebe:taskSchedule dueDate="=today()" followUpDate="2026-12-01T08:00:00+07:00"/>'
        '<zeebe:priorityDefinition priority="80"/>'
        '<zeebe:ioMapping><zeebe:input source="=a" target="b.c"/>'
        '<zeebe:output source="=note" target="remark"/></zeebe:ioMapping>'
        '<zeebe:properties><zeebe:property name="en" value="Comment"/></zeebe:properties>'
    )
    content = process(START + user_task("ask", more=extensions) + END + flows("start", "ask", "end"))

    element = read_diagram("leave.bpmn", content).elements["ask"]

    assert (element.name, element.name_en, element.kind) == ("Ghi ý kiến", "Comment", "userTask")
    assert (element.form_id, element.candidate_groups) == ("note", "officer")
    assert (element.due_date, element.priority) == ("=today()", "80")
    assert element.inputs == (IoMapping("=a", "b.c"),)
    assert element.outputs == (IoMapping("=note", "remark"),)
    assert (element.incoming, element.outgoing) == (("start_ask",), ("ask_end",))


def test_multi_instance_has_its_collection_and_condition() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=units" inputElement="unit"'
        ' outputCollection="answers" outputElement="=answer"/></bpmn:extensionElements>'
        "<bpmn:completionCondition>=count(answers) > 2</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    content = process(START + user_task("ask", inside=loop) + END + flows("start", "ask", "end"))

    assert read_diagram("x", content).elements["ask"].loop == Loop(
        sequential=True,
        input_collection="=units",
        input_element="unit",
        output_collection="answers",
        output_element="=answer",
        completion_condition="=count(answers) > 2",
    )


def test_message_event_takes_name_and_key_from_its_message() -> None:
    message = extended(
        "message", "m", '<zeebe:subscription correlationKey="=code"/>', attributes='name="paid"'
    )
    boundary = (
        '<bpmn:boundaryEvent id="paid" attachedToRef="ask" cancelActivity="false">'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent><bpmn:endEvent id="end2"/>'
    )
    body = START + user_task("ask") + boundary + END + flows("start", "ask", "end") + flow("paid", "end2")

    element = read_diagram("x", process(body, top=message)).elements["paid"]

    assert element.event == EventSpec("message", name="paid", correlation_key="=code")
    assert (element.attached_to, element.interrupting) == ("ask", False)


def test_nested_lanes_give_the_innermost_name() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="outer" name="City"><bpmn:flowNodeRef>ask</bpmn:flowNodeRef>'
        '<bpmn:childLaneSet id="ls2"><bpmn:lane id="inner" name="Officer">'
        "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    content = process(lanes + START + user_task("ask") + END + flows("start", "ask", "end"))

    assert read_diagram("x", content).elements["ask"].lane == "Officer"


def test_sub_process_holds_its_elements_and_keeps_its_own_documentation() -> None:
    inner = START.replace('"start"', '"start2"') + user_task(
        "ask", inside="<bpmn:documentation>x</bpmn:documentation>"
    )
    content = process(
        START + f'<bpmn:subProcess id="part">{inner}</bpmn:subProcess>' + flows("start", "part")
    )

    elements = read_diagram("x", content).elements

    assert (elements["ask"].scope_id, elements["ask"].process_id) == ("part", "leave")
    assert (elements["part"].documentation, elements["ask"].documentation) == ("", "x")


def test_pool_that_is_only_drawn_is_not_read() -> None:
    content = process(START).replace(b'isExecutable="true"', b'isExecutable="false"')

    assert not read_diagram("x", content).processes
