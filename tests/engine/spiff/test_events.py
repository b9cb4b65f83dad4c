"""Timers, messages and signals: what interrupts, what runs beside."""
# ruff: noqa: E501 -- lines of diagrams

from datetime import UTC, datetime, timedelta

import pytest
from walking import MONDAY, Walk, diagram, extended, message, sub_process, timer

from engine.errors import ConflictError, StepFailedError

HOUR = timedelta(hours=1)
TOLD = message("told", "=key")
SIGNAL = '<bpmn:signal id="G" name="go"/>'
ON_MESSAGE = '<bpmn:messageEventDefinition messageRef="told"/>'
ON_SIGNAL = '<bpmn:signalEventDefinition signalRef="G"/>'


def on_the_edge_of_a(event: str, *, interrupting: bool = True, definitions: str = "") -> bytes:
    cancel = "true" if interrupting else "false"
    return diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="handle"/><bpmn:userTask id="after"/>
        <bpmn:boundaryEvent id="edge" attachedToRef="a" cancelActivity="{cancel}">{event}</bpmn:boundaryEvent>
        s -> a -> after
        edge -> handle
        """,
        definitions=definitions,
    )


def test_an_interrupting_timer_takes_the_task_away() -> None:
    walk = Walk(on_the_edge_of_a(timer("timeDuration", "PT1H")))
    assert walk.due_at("edge") == MONDAY + HOUR

    walk.fire("edge")

    assert walk.open == ["handle"]
    assert ("event_caught", "edge") in walk.host.records


def test_a_timer_beside_the_task_leaves_it_and_fires_once() -> None:
    walk = Walk(on_the_edge_of_a(timer("timeDuration", "PT1H"), interrupting=False))

    walk.fire("edge")

    assert walk.open == ["a", "handle"]
    assert walk.execution.timers() == []


def test_a_handler_beside_the_task_outlives_the_task() -> None:
    walk = Walk(on_the_edge_of_a(timer("timeCycle", "R/P1D"), interrupting=False))
    walk.fire("edge")

    walk.complete("a")

    assert walk.open == ["after", "handle"]
    assert walk.execution.timers() == []


def test_a_completed_task_disarms_its_edge() -> None:
    walk = Walk(on_the_edge_of_a(timer("timeDuration", "PT1H")))
    wait = walk.timer_of("edge")

    walk.complete("a")

    with pytest.raises(ConflictError):
        walk.execution.fire_timer(wait)


def test_missed_occurrences_of_a_cycle_do_not_come_in_a_burst() -> None:
    walk = Walk(on_the_edge_of_a(timer("timeCycle", "R/PT1H"), interrupting=False))

    walk.fire("edge", late=timedelta(hours=48, minutes=30))

    assert walk.open == ["a", "handle"]
    assert walk.due_at("edge") == MONDAY + 50 * HOUR


def test_a_cycle_ends_after_its_number() -> None:
    walk = Walk(on_the_edge_of_a(timer("timeCycle", "R2/PT1H"), interrupting=False))

    walk.fire("edge")
    walk.fire("edge")

    assert walk.open == ["a", "handle", "handle"]
    assert walk.execution.timers() == []


def test_a_deadline_does_not_move_when_its_variable_changes() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/><bpmn:userTask id="handle"/>
        <bpmn:boundaryEvent id="edge" attachedToRef="a">{timer("timeDuration", "=wait")}</bpmn:boundaryEvent>
        s -> a
        s -> b
        edge -> handle
        """),
        variables={"wait": timedelta(hours=5)},
    )

    walk.complete("b", wait=HOUR)

    assert walk.due_at("edge") == MONDAY + 5 * HOUR


def test_an_unreadable_timer_stops_the_step_and_names_its_event() -> None:
    with pytest.raises(StepFailedError) as failure:
        Walk(on_the_edge_of_a(timer("timeDuration", "=missing")))

    assert failure.value.element_id == "edge"


def test_two_timers_behind_one_event_gateway_each_keep_their_moment() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="g"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>
        <bpmn:intermediateCatchEvent id="late">{timer("timeDuration", "PT5H")}</bpmn:intermediateCatchEvent>
        <bpmn:intermediateCatchEvent id="soon">{timer("timeDuration", "PT1H")}</bpmn:intermediateCatchEvent>
        s -> g
        g -> late -> a
        g -> soon -> b
        """)
    )
    assert (walk.due_at("late"), walk.due_at("soon")) == (MONDAY + 5 * HOUR, MONDAY + HOUR)

    walk.fire("soon")

    assert walk.open == ["b"]
    assert walk.execution.timers() == []


def test_an_event_gateway_takes_the_message_or_the_timer() -> None:
    file = diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="g"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>
        <bpmn:receiveTask id="told_task" messageRef="told"/>
        <bpmn:intermediateCatchEvent id="soon">{timer("timeDuration", "PT1H")}</bpmn:intermediateCatchEvent>
        s -> g
        g -> told_task -> a
        g -> soon -> b
        """,
        definitions=TOLD,
    )
    walk = Walk(file, variables={"key": "k"})

    walk.deliver("told_task", answer=1)

    assert walk.open == ["a"]
    assert walk.execution.timers() == []
    assert walk.variables["answer"] == 1


def test_a_message_event_waits_for_its_name_and_key_and_maps_what_comes() -> None:
    walk = Walk(
        diagram(
            f"""
            <bpmn:startEvent id="s"/><bpmn:userTask id="after"/>
            <bpmn:intermediateCatchEvent id="wait">
            {extended('<zeebe:ioMapping><zeebe:output source="=result.passed" target="council.passed"/></zeebe:ioMapping>')}
            {ON_MESSAGE}</bpmn:intermediateCatchEvent>
            s -> wait -> after
            """,
            definitions=TOLD,
        ),
        variables={"key": 417},
    )
    wait = walk.execution.subscriptions()[0]
    assert (wait.message_name, wait.correlation_key) == ("told", "417")

    walk.deliver("wait", result={"passed": True}, other=1)

    assert walk.open == ["after"]
    assert walk.variables == {"key": 417, "council": {"passed": True}}


def test_a_correlation_key_that_is_null_stops_the_step() -> None:
    with pytest.raises(StepFailedError, match="correlation key"):
        Walk(on_the_edge_of_a(ON_MESSAGE, definitions=TOLD))


def test_a_message_beside_a_task_may_come_again_and_again() -> None:
    walk = Walk(on_the_edge_of_a(ON_MESSAGE, interrupting=False, definitions=TOLD), variables={"key": "k"})

    walk.deliver("edge", n=1)
    walk.deliver("edge", n=2)

    assert walk.open == ["a", "handle", "handle"]
    assert walk.variables["n"] == 2


def test_a_message_that_interrupts_a_sub_process_ends_all_that_runs_inside() -> None:
    walk = Walk(
        sub_process(
            """
            <bpmn:userTask id="a"/><bpmn:userTask id="b"/>
            s2 -> a
            s2 -> b
            """,
            f'<bpmn:boundaryEvent id="edge" attachedToRef="sub">{ON_MESSAGE}</bpmn:boundaryEvent>\nedge -> handle',
            definitions=TOLD,
        ),
        variables={"key": "k"},
    )

    walk.deliver("edge")

    assert walk.open == ["handle"]
    assert walk.waits == []


def test_throwing_a_message_hands_out_only_what_is_mapped() -> None:
    mapping = '<zeebe:ioMapping><zeebe:input source="=secret.part" target="part"/></zeebe:ioMapping>'
    for thrower in (
        f'<bpmn:intermediateThrowEvent id="t">{extended(mapping)}{ON_MESSAGE}</bpmn:intermediateThrowEvent>',
        f'<bpmn:sendTask id="t" messageRef="told">{extended(mapping)}</bpmn:sendTask>',
        f'<bpmn:endEvent id="t">{extended(mapping)}{ON_MESSAGE}</bpmn:endEvent>',
    ):
        walk = Walk(
            diagram(f'<bpmn:startEvent id="s"/>{thrower}\ns -> t', definitions=TOLD),
            variables={"key": "k", "secret": {"part": 1, "rest": 2}},
        )

        assert walk.host.sent == [("told", "k", {"part": 1})]


def test_a_send_task_without_a_message_calls_its_action() -> None:
    file = diagram(
        f"""<bpmn:startEvent id="s"/>
        <bpmn:sendTask id="t">{extended('<zeebe:taskDefinition type="tell"/>')}</bpmn:sendTask>
        s -> t"""
    )

    walk = Walk(file)

    assert [name for name, _ in walk.host.called] == ["tell"]


def test_a_signal_reaches_every_wait_in_the_instance_from_an_end_too() -> None:
    walk = Walk(
        diagram(
            f"""
            <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/><bpmn:userTask id="c"/>
            <bpmn:intermediateCatchEvent id="wait">{ON_SIGNAL}</bpmn:intermediateCatchEvent>
            <bpmn:boundaryEvent id="edge" attachedToRef="b">{ON_SIGNAL}</bpmn:boundaryEvent>
            <bpmn:userTask id="d"/><bpmn:endEvent id="e">{ON_SIGNAL}</bpmn:endEvent>
            s -> wait -> c
            s -> b
            edge -> d
            s -> a -> e
            """,
            definitions=SIGNAL,
        )
    )

    walk.complete("a")

    assert walk.open == ["c", "d"]


def test_a_process_starts_at_the_start_event_that_is_asked_for() -> None:
    file = diagram(
        f"""
        <bpmn:startEvent id="plain"/><bpmn:startEvent id="by_message">{ON_MESSAGE}</bpmn:startEvent>
        <bpmn:startEvent id="by_clock">{timer("timeCycle", "R/P1D")}</bpmn:startEvent>
        <bpmn:userTask id="a"/><bpmn:userTask id="b"/><bpmn:userTask id="c"/>
        by_message -> b
        plain -> a
        by_clock -> c
        """,
        definitions=TOLD,
    )

    assert Walk(file).open == ["a"]
    assert Walk(file, start_element_id="by_message").open == ["b"]
    assert Walk(file, start_element_id="by_clock").open == ["c"]


def test_an_intermediate_timer_takes_a_date_of_feel() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a"/>
        <bpmn:intermediateCatchEvent id="wait">{timer("timeDate", "=until")}</bpmn:intermediateCatchEvent>
        s -> wait -> a
        """),
        variables={"until": datetime(2026, 12, 1, 9, 0)},  # noqa: DTZ001 -- read on the city's clock
    )
    assert walk.due_at("wait") == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

    walk.fire("wait")

    assert walk.open == ["a"]


def test_a_due_moment_is_seen_with_the_input_mappings_of_its_activity() -> None:
    mapping = '<zeebe:ioMapping><zeebe:input source="=limit" target="days"/></zeebe:ioMapping>'
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a">{extended(mapping)}</bpmn:userTask>
        <bpmn:boundaryEvent id="edge" attachedToRef="a">{timer("timeDuration", "=days")}</bpmn:boundaryEvent>
        s -> a
        """),
        variables={"limit": timedelta(days=2)},
    )

    assert walk.due_at("edge") == MONDAY + timedelta(days=2)
