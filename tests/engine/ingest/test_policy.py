"""What the dialect does not have is named at its element, never passed over."""

import pytest
from ingest_diagrams import END, START, around, codes, definitions, extended, flows, process, user_task


def step(element: str) -> bytes:
    """Return a diagram whose one step is ``element`` with the id ``x``."""
    return around(element, "x")


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<bpmn:transaction id="x"/>', "refused_element"),
        ('<bpmn:adHocSubProcess id="x"/>', "refused_element"),
        ('<bpmn:complexGateway id="x"/>', "refused_element"),
        ('<bpmn:task id="x"><bpmn:standardLoopCharacteristics/></bpmn:task>', "refused_element"),
        ('<bpmn:task id="x"><bpmn:surprise/></bpmn:task>', "unknown_element"),
        ('<bpmn:task id="x" colour="red"/>', "unknown_attribute"),
        ('<bpmn:task id="x" isForCompensation="true"/>', "attribute_value"),
        ('<bpmn:task id="x"><bpmn:documentation><b/></bpmn:documentation></bpmn:task>', "elements_in_text"),
        ('<bpmn:task id="x" name="a&#x9b;31m"/>', "control_character"),
        (f'<bpmn:task id="x" name="{"a" * 2000}"/>', "text_too_long"),
        (extended("task", "x", '<other xmlns="http://example.org"/>'), "foreign_element"),
        (extended("task", "x", '<zeebe:executionListeners xmlns:z="u"/>'), "refused_element"),
        (extended("task", "x", "<zeebe:surprise/>"), "unknown_element"),
        (extended("task", "x", "<zeebe:userTask/>"), "unknown_element"),
        (user_task("x", inside="<bpmn:extensionElements/>"), "extension_twice"),
        (user_task("x", more='<zeebe:assignmentDefinition candidateGroups="head"/>'), "extension_twice"),
        (user_task("x", more="<zeebe:taskListeners/>"), "refused_element"),
        ('<bpmn:scriptTask id="x"><bpmn:script>1</bpmn:script></bpmn:scriptTask>', "refused_element"),
    ],
)
def test_foreign_and_unknown_parts_are_refused(element: str, code: str) -> None:
    assert (code, "x") in codes(step(element))


def test_drawing_is_kept_and_not_looked_into() -> None:
    drawing = (
        '<bpmn:textAnnotation id="note"><bpmn:text>Xem Luật</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="line" sourceRef="ask" targetRef="note"/>'
        '<bpmn:dataObject id="paper"/><bpmn:dataObjectReference id="paper_1" dataObjectRef="paper"/>'
    )

    assert not codes(process(START + user_task("ask") + END + drawing + flows("start", "ask", "end")))


def test_marks_of_the_modeler_are_kept() -> None:
    content = definitions(
        '<bpmn:process id="leave" isExecutable="true">'
        + START
        + user_task("ask").replace('name="', 'zeebe:modelerTemplate="t" b:stroke="#000" name="')
        + END
        + flows("start", "ask", "end")
        + "</bpmn:process>",
        more=' xmlns:b="http://bpmn.io/schema/bpmn/biocolor/1.0" exporter="Camunda Modeler"',
    )

    assert not codes(content)


@pytest.mark.parametrize("element_id", ["", "a b", "1a", "../x", "đơn", "a" * 201, "a'b"])
def test_id_must_be_a_name(element_id: str) -> None:
    found = codes(process(START + f'<bpmn:task id="{element_id}"/>' + END + flows("start", "end")))

    assert "id_malformed" in {code for code, _ in found}


def test_id_is_used_once() -> None:
    assert ("id_twice", "end") in codes(process(START + END + END + flows("start", "end")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('targetRef="x"', 'targetRef="nowhere"'),
        ('targetRef="x"', 'targetRef="x_end"'),
        ('sourceRef="x"', "sourceRef=\"x'] | //*[@id='x\""),
    ],
)
def test_reference_must_lead_to_an_element(old: str, new: str) -> None:
    found = codes(step('<bpmn:task id="x"/>').replace(old.encode(), new.encode()))

    assert "reference_dangling" in {code for code, _ in found}


def test_listed_flows_must_be_the_drawn_ones() -> None:
    lists = "<bpmn:incoming>start_x</bpmn:incoming><bpmn:outgoing>start_x</bpmn:outgoing>"
    task = f'<bpmn:task id="x">{lists}</bpmn:task>'

    assert codes(step(task)) == {("flow_disagrees", "x")}


def test_one_process_id_in_two_files_is_refused() -> None:
    content = process(START + user_task("ask") + END + flows("start", "ask", "end"))

    assert codes(content, other=content) == {("process_twice", "leave")}
