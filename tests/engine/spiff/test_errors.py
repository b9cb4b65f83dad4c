"""Errors and escalations: which edge catches them, and what happens where nobody does."""
# ruff: noqa: E501 -- lines of diagrams

from collections.abc import Mapping

import pytest
from walking import Walk, diagram, extended, sub_process

from engine.errors import BpmnError, StepFailedError
from engine.feel import Value

ERROR = '<bpmn:error id="E" errorCode="refused"/>'
ESCALATION = '<bpmn:escalation id="L" escalationCode="late"/>'
ON_ERROR = '<bpmn:errorEventDefinition errorRef="E"/>'
ON_ESCALATION = '<bpmn:escalationEventDefinition escalationRef="L"/>'


def refuse(variables: Mapping[str, Value]) -> None:
    del variables
    raise BpmnError("refused")


def service_that_fails(edge: str, *, definitions: str = ERROR) -> bytes:
    return sub_process(
        f"""
        <bpmn:userTask id="a"/><bpmn:userTask id="beside"/>
        <bpmn:serviceTask id="act">{extended('<zeebe:taskDefinition type="act"/>')}</bpmn:serviceTask>
        s2 -> a -> act
        s2 -> beside
        """,
        edge,
        definitions=definitions,
    )


def test_an_error_of_an_action_goes_to_the_edge_of_the_enclosing_sub_process() -> None:
    walk = Walk(
        service_that_fails(
            f'<bpmn:boundaryEvent id="edge" attachedToRef="sub">{ON_ERROR}</bpmn:boundaryEvent>\nedge -> handle'
        ),
        actions={"act": refuse},
    )

    walk.complete("a")

    assert walk.open == ["handle"]


def test_the_edge_of_the_task_itself_is_nearer_and_its_code_must_fit() -> None:
    other = '<bpmn:error id="O" errorCode="other"/>'
    walk = Walk(
        diagram(
            f"""
            <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="no"/><bpmn:userTask id="yes"/>
            <bpmn:serviceTask id="act">{extended('<zeebe:taskDefinition type="act"/>')}</bpmn:serviceTask>
            <bpmn:boundaryEvent id="wrong" attachedToRef="act">
            <bpmn:errorEventDefinition errorRef="O"/></bpmn:boundaryEvent>
            <bpmn:boundaryEvent id="any" attachedToRef="act"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>
            s -> a -> act
            wrong -> no
            any -> yes
            """,
            definitions=ERROR + other,
        ),
        actions={"act": refuse},
    )

    walk.complete("a")

    assert walk.open == ["yes"]


def test_an_error_that_nobody_catches_is_an_incident_at_its_task() -> None:
    walk = Walk(service_that_fails(""), actions={"act": refuse})

    with pytest.raises(StepFailedError) as failure:
        walk.complete("a")

    assert failure.value.element_id == "act"


def test_any_other_failure_of_an_action_passes_as_it_is_and_is_not_saved() -> None:
    def fall(variables: Mapping[str, Value]) -> None:
        del variables
        raise StepFailedError("no printer")

    walk = Walk(service_that_fails(""), actions={"act": fall})

    with pytest.raises(StepFailedError, match="no printer") as failure:
        walk.complete("a")

    assert failure.value.element_id == "act"


def test_an_error_end_interrupts_its_sub_process_and_a_call_activity() -> None:
    end = f'<bpmn:endEvent id="bad">{ON_ERROR}</bpmn:endEvent>'
    edge = (
        '<bpmn:boundaryEvent id="edge" attachedToRef="{}">'
        + ON_ERROR
        + "</bpmn:boundaryEvent>\nedge -> handle"
    )
    inside = sub_process(
        f'<bpmn:userTask id="a"/>{end}\ns2 -> a -> bad', edge.format("sub"), definitions=ERROR
    )
    called = diagram(
        f'<bpmn:startEvent id="s2"/><bpmn:userTask id="a"/>{end}\ns2 -> a -> bad',
        definitions=ERROR,
        process_id="q",
    )
    caller = diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="handle"/>
        <bpmn:callActivity id="c">{extended('<zeebe:calledElement processId="q"/>')}</bpmn:callActivity>
        {edge.format("c")}
        s -> c
        """,
        definitions=ERROR,
    )
    for files in ((inside,), (caller, called)):
        walk = Walk(*files)

        walk.complete("a")

        assert walk.open == ["handle"]


@pytest.mark.parametrize(("interrupting", "opened"), [("true", ["handle"]), ("false", ["b", "handle"])])
def test_an_escalation_interrupts_or_runs_beside(interrupting: str, opened: list[str]) -> None:
    walk = Walk(
        sub_process(
            f"""
            <bpmn:userTask id="a"/><bpmn:userTask id="b"/>
            <bpmn:intermediateThrowEvent id="t">{ON_ESCALATION}</bpmn:intermediateThrowEvent>
            s2 -> a -> t -> b
            """,
            f"""<bpmn:boundaryEvent id="edge" attachedToRef="sub" cancelActivity="{interrupting}">
            {ON_ESCALATION}</bpmn:boundaryEvent>
            edge -> handle""",
            definitions=ESCALATION,
        )
    )

    walk.complete("a")

    assert walk.open == opened


def test_an_escalation_that_nobody_catches_lets_the_flow_go_on() -> None:
    walk = Walk(
        sub_process(f'<bpmn:endEvent id="t">{ON_ESCALATION}</bpmn:endEvent>\ns2 -> t', definitions=ESCALATION)
    )

    assert walk.open == ["after"]
