"""What has no end is stopped, and what is merely long runs."""
# ruff: noqa: E501 -- lines of diagrams

import random
from collections.abc import Iterator
from itertools import count, pairwise

import pytest
from walking import Walk, diagram, extended, user_tasks

from engine.errors import QuotaExceededError


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
        <bpmn:startEvent id="s"/>{user_tasks("a")}<bpmn:exclusiveGateway id="x" default="x_to_e"/><bpmn:endEvent id="e"/>
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


def test_a_process_that_calls_itself_is_stopped() -> None:
    call = extended('<zeebe:calledElement processId="p"/>')
    with pytest.raises(QuotaExceededError):
        Walk(
            diagram(f'<bpmn:startEvent id="s"/><bpmn:callActivity id="c">{call}</bpmn:callActivity>\ns -> c')
        )


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
