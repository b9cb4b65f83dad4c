"""Event sub-processes: what they interrupt, what they run beside, what they catch."""

from datetime import timedelta

from walking import MONDAY, Walk, diagram, message, timer

TOLD = message("told", "=key")
ERROR = '<bpmn:error id="E" errorCode="refused"/>'
ESCALATION = '<bpmn:escalation id="L" escalationCode="late"/>'
ON_MESSAGE = '<bpmn:messageEventDefinition messageRef="told"/>'
ON_ERROR = '<bpmn:errorEventDefinition errorRef="E"/>'
ON_ESCALATION = '<bpmn:escalationEventDefinition escalationRef="L"/>'


def event_sub_process(event: str, *, interrupting: bool, definitions: str) -> bytes:
    kind = "true" if interrupting else "false"
    return diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:endEvent id="e"/>
        <bpmn:subProcess id="es" triggeredByEvent="true">
        <bpmn:startEvent id="on" isInterrupting="{kind}">{event}</bpmn:startEvent>
        <bpmn:userTask id="handle"/><bpmn:endEvent id="handled"/>
        on -> handle -> handled
        </bpmn:subProcess>
        s -> a -> e
        """,
        definitions=definitions,
    )


def test_an_interrupting_event_sub_process_ends_the_rest_of_its_scope() -> None:
    walk = Walk(event_sub_process(ON_MESSAGE, interrupting=True, definitions=TOLD), variables={"key": "k"})
    assert walk.waits == ["on"]

    walk.deliver("on", reason="withdrawn")

    assert walk.open == ["handle"]
    assert walk.execution.variables_at(walk.tasks()[0].workflow_task_id)["reason"] == "withdrawn"
    assert "reason" not in walk.variables
    walk.complete("handle")
    assert walk.ended == "handled"


def test_an_event_sub_process_beside_runs_each_time_and_the_scope_waits_for_it() -> None:
    walk = Walk(event_sub_process(ON_MESSAGE, interrupting=False, definitions=TOLD), variables={"key": "k"})

    walk.deliver("on")
    walk.deliver("on")
    assert walk.open == ["a", "handle", "handle"]
    walk.complete("a")
    assert walk.ended is None
    walk.complete("handle")
    walk.complete("handle")

    assert walk.ended is not None


def test_a_timer_event_sub_process_does_not_keep_the_process_open() -> None:
    walk = Walk(event_sub_process(timer("timeDuration", "P1D"), interrupting=False, definitions=""))
    assert walk.due_at("on") == MONDAY + timedelta(days=1)

    walk.complete("a")

    assert walk.ended == "e"
    assert walk.execution.timers() == []


def test_an_error_event_sub_process_catches_what_its_scope_throws() -> None:
    walk = Walk(
        diagram(
            f"""
            <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:endEvent id="e">{ON_ERROR}</bpmn:endEvent>
            <bpmn:subProcess id="es" triggeredByEvent="true">
            <bpmn:startEvent id="on">{ON_ERROR}</bpmn:startEvent><bpmn:userTask id="handle"/>
            on -> handle
            </bpmn:subProcess>
            s -> a -> e
            """,
            definitions=ERROR,
        )
    )

    walk.complete("a")

    assert walk.open == ["handle"]


def test_an_event_sub_process_does_not_catch_what_it_throws_itself() -> None:
    walk = Walk(
        diagram(
            f"""
            <bpmn:startEvent id="s"/><bpmn:userTask id="a"/>
            <bpmn:intermediateThrowEvent id="t">{ON_ESCALATION}</bpmn:intermediateThrowEvent>
            <bpmn:userTask id="b"/>
            <bpmn:subProcess id="es" triggeredByEvent="true">
            <bpmn:startEvent id="on" isInterrupting="false">{ON_ESCALATION}</bpmn:startEvent>
            <bpmn:endEvent id="again">{ON_ESCALATION}</bpmn:endEvent>
            on -> again
            </bpmn:subProcess>
            s -> a -> t -> b
            """,
            definitions=ESCALATION,
        )
    )

    walk.complete("a")

    assert walk.open == ["b"]
    assert walk.host.records.count(("flow ended", "again")) == 1
