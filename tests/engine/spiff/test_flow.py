"""Gateways, links, splits and ends: where tokens go."""
# ruff: noqa: E501 -- lines of diagrams

import pytest
from walking import Walk, diagram, extended, user_tasks

from engine.errors import InvalidInputError, StepFailedError


def test_a_task_leads_to_the_next_until_the_end() -> None:
    walk = Walk(
        diagram(f'<bpmn:startEvent id="s"/>{user_tasks("a", "b")}<bpmn:endEvent id="e"/>\ns -> a -> b -> e')
    )

    walk.complete("a")
    walk.complete("b")

    assert walk.ended == "e"
    assert walk.execution.completed_element_ids == {"s", "a", "b", "e"}
    assert walk.execution.taken_flow_ids == {"s_to_a", "a_to_b", "b_to_e"}


@pytest.mark.parametrize(("score", "task"), [(9, "high"), (6, "middle"), (1, "low")])
def test_an_exclusive_gateway_takes_the_first_true_flow_or_the_default(score: int, task: str) -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="x_to_low"/>
        {user_tasks("high", "middle", "low")}
        s -> x
        x -> high : =score > 8
        x -> middle : =score > 5
        x -> low
        """),
        variables={"score": score},
    )

    assert walk.open == [task]


def test_a_gateway_without_a_true_flow_or_default_fails_at_its_element() -> None:
    with pytest.raises(StepFailedError) as failure:
        Walk(
            diagram(f"""
            <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x"/>{user_tasks("a", "b")}
            s -> x
            x -> a : =missing
            x -> b : =missing = 1
            """)
        )

    assert failure.value.element_id == "x"


def test_a_condition_that_gives_text_fails_at_its_gateway() -> None:
    with pytest.raises(StepFailedError, match="not true or false"):
        Walk(
            diagram(f"""
            <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="x_to_b"/>{user_tasks("a", "b")}
            s -> x
            x -> a : ="yes"
            x -> b
            """)
        )


def test_a_parallel_gateway_waits_for_all_branches_which_see_each_other() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>
        <bpmn:exclusiveGateway id="x" default="x_to_m"/><bpmn:exclusiveGateway id="m"/>
        {user_tasks("a", "b", "saw", "after")}
        s -> split
        split -> a -> join
        split -> b -> x
        x -> saw : =score = 7
        x -> m
        saw -> m -> join -> after
        """)
    )

    walk.complete("a", score=7)
    assert walk.open == ["b"]
    walk.complete("b")
    assert walk.open == ["saw"]
    walk.complete("saw")

    assert walk.open == ["after"]


def test_a_parallel_join_takes_one_token_of_each_flow_and_keeps_the_rest() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:exclusiveGateway id="merge"/>
        <bpmn:parallelGateway id="join"/>{user_tasks("a", "b", "c", "d", "after")}
        s -> split
        split -> a -> merge
        split -> b -> merge
        split -> c -> join
        split -> d -> join
        merge -> join -> after
        """)
    )

    walk.complete("a")
    walk.complete("b")
    walk.complete("c")
    assert walk.open == ["d"]
    walk.complete("d")

    assert walk.open == ["after"]


def test_a_second_set_of_tokens_does_not_remove_what_the_first_has_led_to() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:exclusiveGateway id="left"/>
        <bpmn:exclusiveGateway id="right"/><bpmn:parallelGateway id="join"/>{user_tasks("a", "b", "c", "d", "after")}
        s -> split
        split -> a -> left
        split -> b -> right
        split -> c -> left
        split -> d -> right
        left -> join
        right -> join
        join -> after
        """)
    )

    for name in ("a", "b", "c", "d"):
        walk.complete(name)

    assert walk.open == ["after", "after"]
    walk.complete("after")
    walk.complete("after")
    assert walk.ended is not None


@pytest.mark.parametrize(
    ("variables", "opened"),
    [({"x": 1}, ["a"]), ({"x": 1, "y": 1}, ["a", "b"]), ({}, ["other"])],
)
def test_an_inclusive_gateway_takes_every_true_flow_and_its_join_waits_for_them(
    variables: dict[str, object], opened: list[str]
) -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:inclusiveGateway id="split" default="split_to_other"/>
        <bpmn:inclusiveGateway id="join"/>{user_tasks("a", "b", "other", "after")}
        s -> split
        split -> a : =x = 1
        split -> b : =y = 1
        split -> other
        a -> join
        b -> join
        other -> join
        join -> after
        """),
        variables=variables,
    )

    assert walk.open == opened
    for name in opened:
        assert "after" not in walk.open
        walk.complete(name)
    assert walk.open == ["after"]


def test_several_flows_out_of_a_task_are_a_parallel_split_and_a_missing_end_is_an_end() -> None:
    walk = Walk(diagram(f'<bpmn:startEvent id="s"/>{user_tasks("a", "b", "c")}\ns -> a\na -> b\na -> c'))

    walk.complete("a")
    assert walk.open == ["b", "c"]
    walk.complete("b")
    assert walk.ended is None
    walk.complete("c")

    assert walk.ended is not None


def test_a_link_leads_to_its_target() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{user_tasks("a")}
        <bpmn:intermediateThrowEvent id="out"><bpmn:linkEventDefinition name="L"/></bpmn:intermediateThrowEvent>
        <bpmn:intermediateCatchEvent id="in"><bpmn:linkEventDefinition name="L"/></bpmn:intermediateCatchEvent>
        s -> out
        in -> a
        """)
    )

    assert walk.open == ["a"]


def test_plain_and_manual_tasks_pass_through() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:task id="t"/><bpmn:manualTask id="m"/>{user_tasks("a")}
        s -> t -> m -> a
        """)
    )

    assert walk.open == ["a"]
    assert ("activity_completed", "m") in walk.host.records


def test_terminate_ends_everything_in_its_scope() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{user_tasks("a", "b")}
        <bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>
        s -> a -> stop
        s -> b
        """)
    )

    walk.complete("a")

    assert walk.ended == "stop"
    assert walk.open == []


def test_terminate_in_a_sub_process_lets_the_process_go_on() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{user_tasks("after")}
        <bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/>{user_tasks("a", "b")}
        <bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>
        s2 -> a -> stop
        s2 -> b
        </bpmn:subProcess>
        s -> sub -> after
        """)
    )

    walk.complete("a")

    assert walk.open == ["after"]


def test_a_join_that_can_never_be_complete_is_an_incident_and_no_silent_end() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="x_to_b"/><bpmn:parallelGateway id="join"/>
        {user_tasks("a", "b", "wait")}
        s -> wait -> x
        x -> a : =left
        x -> b
        a -> join
        b -> join
        """)
    )
    walk.complete("wait")

    with pytest.raises(StepFailedError) as failure:
        walk.complete("b")

    assert failure.value.element_id == "join"


def test_a_called_process_runs_inside_with_variables_of_its_own() -> None:
    called = diagram(
        f"""
        <bpmn:startEvent id="s2"/>{user_tasks("inner")}<bpmn:endEvent id="e2"/>
        s2 -> inner -> e2
        """,
        process_id="q",
    )
    call = extended('<zeebe:calledElement processId="q" propagateAllChildVariables="true"/>')
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:callActivity id="c">{call}</bpmn:callActivity>{user_tasks("after")}
        s -> c -> after
        """),
        called,
        variables={"given": 1},
    )
    task = walk.tasks("inner")[0]
    assert walk.execution.variables_at(task.workflow_task_id)["given"] == 1
    assert walk.execution.active_element_ids == {"c", "inner"}

    walk.complete("inner", result="ok")

    assert walk.open == ["after"]
    assert walk.variables == {"given": 1, "result": "ok"}


def test_cancelling_leaves_nothing_that_waits() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{user_tasks("b")}
        <bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/>{user_tasks("a")}
        s2 -> a
        </bpmn:subProcess>
        s -> sub
        s -> b
        """)
    )

    walk.execution.cancel()
    walk.reload()

    assert walk.open == []
    assert walk.execution.active_element_ids == set()
    assert not walk.execution.is_completed


@pytest.mark.parametrize(
    "odd",
    [
        '<bpmn:adHocSubProcess id="odd"/>',
        '<bpmn:complexGateway id="odd"/>',
        '<bpmn:receiveTask id="odd"/>',
        '<bpmn:intermediateCatchEvent id="odd"><bpmn:conditionalEventDefinition/></bpmn:intermediateCatchEvent>',
        '<bpmn:task id="odd"/><bpmn:boundaryEvent id="edge" attachedToRef="odd"/>',
        '<bpmn:intermediateThrowEvent id="odd"><bpmn:linkEventDefinition name="X"/></bpmn:intermediateThrowEvent>',
    ],
)
def test_what_is_not_executed_is_never_passed_in_silence(odd: str) -> None:
    with pytest.raises(InvalidInputError):
        Walk(diagram(f'<bpmn:startEvent id="s"/>{odd}\ns -> odd'))
