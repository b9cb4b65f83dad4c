"""Gateways, links, splits and ends: where tokens go."""
# ruff: noqa: E501 -- lines of diagrams

import random
from collections.abc import Iterator
from itertools import count, pairwise

import pytest
from walking import Walk, diagram, extended

from engine.errors import InvalidInputError, QuotaExceededError, StepFailedError

USER = '<bpmn:userTask id="{}"/>'


def tasks(*names: str) -> str:
    return "\n".join(USER.format(name) for name in names)


def test_a_task_leads_to_the_next_until_the_end() -> None:
    walk = Walk(
        diagram(f'<bpmn:startEvent id="s"/>{tasks("a", "b")}<bpmn:endEvent id="e"/>\ns -> a -> b -> e')
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
        {tasks("high", "middle", "low")}
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
            <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x"/>{tasks("a", "b")}
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
            <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="x_to_b"/>{tasks("a", "b")}
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
        {tasks("a", "b", "saw", "after")}
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
        <bpmn:parallelGateway id="join"/>{tasks("a", "b", "c", "d", "after")}
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
        <bpmn:exclusiveGateway id="right"/><bpmn:parallelGateway id="join"/>{tasks("a", "b", "c", "d", "after")}
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
        <bpmn:inclusiveGateway id="join"/>{tasks("a", "b", "other", "after")}
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
    walk = Walk(diagram(f'<bpmn:startEvent id="s"/>{tasks("a", "b", "c")}\ns -> a\na -> b\na -> c'))

    walk.complete("a")
    assert walk.open == ["b", "c"]
    walk.complete("b")
    assert walk.ended is None
    walk.complete("c")

    assert walk.ended is not None


def test_a_link_leads_to_its_target() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{tasks("a")}
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
        <bpmn:startEvent id="s"/><bpmn:task id="t"/><bpmn:manualTask id="m"/>{tasks("a")}
        s -> t -> m -> a
        """)
    )

    assert walk.open == ["a"]
    assert ("activity_completed", "m") in walk.host.records


def test_terminate_ends_everything_in_its_scope() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{tasks("a", "b")}
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
        <bpmn:startEvent id="s"/>{tasks("after")}
        <bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/>{tasks("a", "b")}
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
        {tasks("a", "b", "wait")}
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


def test_an_endless_automatic_cycle_is_stopped() -> None:
    with pytest.raises(QuotaExceededError):
        Walk(
            diagram("""
            <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="m"/><bpmn:task id="t"/>
            <bpmn:exclusiveGateway id="x" default="x_to_m"/><bpmn:endEvent id="e"/>
            s -> m -> t -> x
            x -> m
            x -> e : =never
            """)
        )


def test_twenty_doubling_splits_are_stopped() -> None:
    lines = ['<bpmn:startEvent id="s"/>', "s -> g0"]
    for number in range(20):
        lines += [
            f'<bpmn:parallelGateway id="g{number}"/><bpmn:task id="a{number}"/><bpmn:task id="b{number}"/>',
            f'<bpmn:exclusiveGateway id="m{number}"/>',
            f"g{number} -> a{number} -> m{number} -> g{number + 1}",
            f"g{number} -> b{number} -> m{number}",
        ]
    lines.append('<bpmn:userTask id="g20"/>')

    with pytest.raises(QuotaExceededError):
        Walk(diagram("\n".join(lines)))


def test_a_thousand_rounds_of_rework_stay_alive_small_and_end() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{tasks("a")}<bpmn:exclusiveGateway id="x" default="x_to_e"/><bpmn:endEvent id="e"/>
        s -> a -> x
        x -> a : =again
        x -> e
        """)
    )
    program = walk.program()
    walk.program = lambda: program  # type: ignore[method-assign] # a thousand builds would take their time
    walk.complete("a", again=True)
    size = len(walk.execution.save()[0])

    for _ in range(1_100):
        walk.complete("a", again=True)

    assert walk.open == ["a"]
    assert len(walk.execution.save()[0]) < size + 50
    walk.complete("a", again=False)
    assert walk.ended == "e"


def test_a_chain_of_six_hundred_tasks_runs() -> None:
    names = [f"t{number}" for number in range(600)]
    nodes = "".join(f'<bpmn:task id="{name}"/>' for name in names)

    walk = Walk(diagram(f'<bpmn:startEvent id="s"/>{nodes}\ns -> {" -> ".join(names)}'))

    assert walk.ended is not None


def test_a_called_process_runs_inside_with_variables_of_its_own() -> None:
    called = diagram(
        f"""
        <bpmn:startEvent id="s2"/>{tasks("inner")}<bpmn:endEvent id="e2"/>
        s2 -> inner -> e2
        """,
        process_id="q",
    )
    call = extended('<zeebe:calledElement processId="q" propagateAllChildVariables="true"/>')
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:callActivity id="c">{call}</bpmn:callActivity>{tasks("after")}
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


def test_a_process_that_calls_itself_is_stopped() -> None:
    call = extended('<zeebe:calledElement processId="p"/>')
    with pytest.raises(QuotaExceededError):
        Walk(
            diagram(f'<bpmn:startEvent id="s"/><bpmn:callActivity id="c">{call}</bpmn:callActivity>\ns -> c')
        )


def test_cancelling_leaves_nothing_that_waits() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/>{tasks("b")}
        <bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/>{tasks("a")}
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


def block(dice: random.Random, depth: int, names: Iterator[str]) -> tuple[list[str], str, str]:
    """Return the lines, the first and the last node of a random block that a token passes from end to end."""
    kind = (
        dice.choice(["task", "service", "row", "parallel", "inclusive", "loop", "sub"]) if depth else "task"
    )
    name = next(names)
    if kind in {"task", "service"}:
        return [f'<bpmn:{"userTask" if kind == "task" else "task"} id="{name}"/>'], name, name
    blocks = [block(dice, depth - 1, names) for _ in range(dice.randint(2, 3))]
    lines = [line for lines, _, _ in blocks for line in lines]
    if kind == "row":
        lines += [f"{end} -> {start}" for (_, _, end), (_, start, _) in pairwise(blocks)]
        return lines, blocks[0][1], blocks[-1][2]
    if kind == "sub":
        inner, start, end = blocks[0]
        flows = [f"{name}s -> {start}", f"{end} -> {name}e"]
        ends = f'<bpmn:startEvent id="{name}s"/><bpmn:endEvent id="{name}e"/>'
        return [f'<bpmn:subProcess id="{name}">{ends}', *inner, *flows, "</bpmn:subProcess>"], name, name
    if kind == "loop":
        inner, start, end = blocks[0]
        gateways = f'<bpmn:exclusiveGateway id="{name}m"/><bpmn:exclusiveGateway id="{name}x" default="{name}x_to_{name}o"/>'
        flows = [
            f"{name}m -> {start}",
            f"{end} -> {name}x",
            f"{name}x -> {name}m : =again",
            f"{name}x -> {name}o",
        ]
        return [gateways, f'<bpmn:task id="{name}o"/>', *inner, *flows], f"{name}m", f"{name}o"
    gateways = f'<bpmn:{kind}Gateway id="{name}a"/><bpmn:{kind}Gateway id="{name}b"/>'
    condition = " : =true" if kind == "inclusive" else ""
    for _, start, end in blocks:
        lines += [f"{name}a -> {start}{condition}", f"{end} -> {name}b"]
    return [gateways, *lines], f"{name}a", f"{name}b"


@pytest.mark.parametrize("seed", range(100))
def test_any_well_built_diagram_runs_to_its_end_whatever_the_order_of_work(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- the same diagrams in every run
    lines, start, end = block(dice, 4, (f"n{number}" for number in count()))
    walk = Walk(
        diagram(
            "\n".join(
                ['<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>', *lines, f"s -> {start}", f"{end} -> e"]
            )
        )
    )
    program = walk.program()
    walk.program = lambda: program  # type: ignore[method-assign] # building anew is tested elsewhere

    rounds = 0
    while walk.ended is None:
        rounds += 1
        assert rounds < 2_000
        task = dice.choice(walk.tasks())
        walk.complete(task.element.id, again=dice.random() < 0.2)

    assert walk.ended == "e"
    assert walk.execution.active_element_ids == set()
