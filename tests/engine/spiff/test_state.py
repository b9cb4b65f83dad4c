"""State as bytes: sealed, small, apart from the program, never saved after a failure."""
# ruff: noqa: E501 -- lines of diagrams

import random
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from walking import RecordingHost, Walk, diagram, extended, timer

from engine.errors import BpmnError, ConflictError, NotFoundError, QuotaExceededError, StepFailedError
from engine.spiff import Execution, StateDamagedError, compile_program, state
from engine.spiff.environment import NoPythonEngine, PythonRefusedError

CHAIN = diagram(
    '<bpmn:startEvent id="s"/>'
    + "".join(f'<bpmn:userTask id="t{number}"/>' for number in range(30))
    + "\ns -> "
    + " -> ".join(f"t{number}" for number in range(30))
)


def started() -> tuple[Execution, bytes, bytes]:
    execution = Execution.start(
        compile_program("a" * 64, {"p.bpmn": CHAIN}), "p", {"x": "y"}, RecordingHost()
    )
    return execution, *execution.save()


def load(workflow: bytes, variables: bytes, sha256: str = "a" * 64, process_id: str = "p") -> Execution:
    return Execution.load(
        compile_program(sha256, {"p.bpmn": CHAIN}), process_id, workflow, variables, RecordingHost()
    )


def test_any_damage_is_noticed() -> None:
    _, workflow, variables = started()
    places = random.Random(7)  # noqa: S311 -- the same damage in every run
    for _ in range(300):
        damaged = bytearray(workflow)
        damaged[places.randrange(len(damaged))] ^= 1 << places.randrange(8)
        with pytest.raises(StateDamagedError):
            load(bytes(damaged), variables)
    for cut in range(0, len(workflow), 7):
        with pytest.raises(StateDamagedError):
            load(workflow[:cut], variables)
    with pytest.raises(StateDamagedError):
        load(workflow, variables[:-1])


def test_a_version_that_we_do_not_read_is_named() -> None:
    _, workflow, variables = started()

    with pytest.raises(StateDamagedError, match="version 9"):
        load(workflow[:2] + bytes([9]) + workflow[3:], variables)


def test_the_state_belongs_to_its_program_and_process() -> None:
    _, workflow, variables = started()

    with pytest.raises(StateDamagedError, match="program"):
        load(workflow, variables, sha256="b" * 64)
    with pytest.raises(StateDamagedError, match="process"):
        load(workflow, variables, process_id="q")
    with pytest.raises(StateDamagedError):
        load(variables, workflow)


def test_state_that_does_not_fit_is_refused_and_nothing_of_it_runs() -> None:
    content = state.unseal(started()[1])
    tokens = content["tokens"]
    broken_ones: list[dict[str, Any]] = [
        {**content, "tokens": [[*tokens[0][:2], "nowhere", *tokens[0][3:]]]},
        {**content, "tokens": []},
        {**content, "tokens": [["not an id", -1, "/start", 64, {}]]},
        {**content, "scopes": [["00" * 16, "p", tokens]]},
    ]
    for broken in broken_ones:
        with pytest.raises(StateDamagedError):
            load(state.seal(broken), state.seal({}))


def test_a_failed_step_leaves_the_saved_state_fit_for_another_try() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>
        <bpmn:boundaryEvent id="edge" attachedToRef="b">{timer("timeDuration", "=wait")}</bpmn:boundaryEvent>
        s -> a -> b
        """)
    )
    saved = walk.execution.save()
    with pytest.raises(StepFailedError):
        walk.complete("a", wait="soon")

    walk.execution = Execution.load(walk.program(), "p", *saved, walk.host)
    walk.complete("a", wait="PT1H")

    assert walk.open == ["b"]


def test_the_librarys_task_data_stays_empty() -> None:
    execution, *_ = started()

    execution.complete_task(execution.open_tasks()[0].workflow_task_id, {"secret": "marked choice"})

    workflow, variables = execution.save()
    assert "marked choice" not in str(state.unseal(workflow))
    assert "marked choice" in str(state.unseal(variables))


def test_the_library_cannot_run_python() -> None:
    engine = NoPythonEngine()
    attempts: list[Callable[[], object]] = [
        lambda: engine.validate("1"),
        lambda: engine.evaluate(None, "1"),
        lambda: engine.execute(None, "x = 1"),
        lambda: engine.call_service(None),
        lambda: engine.environment.evaluate("1", {}),
        lambda: engine.environment.execute("x = 1", {}),
        lambda: engine.environment.call_service({}),
    ]
    for attempt in attempts:
        with pytest.raises(PythonRefusedError):
            attempt()


def test_a_tree_deeper_than_the_library_sees_is_never_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a"/>
        <bpmn:boundaryEvent id="edge" attachedToRef="a">{timer("timeDuration", "PT1H")}</bpmn:boundaryEvent>
        s -> a
        """)
    )
    monkeypatch.setattr(state, "DEPTH_LIMIT", 1)

    with pytest.raises(QuotaExceededError):
        walk.execution.save()


def test_threads_share_one_program() -> None:
    file = diagram(f"""
        <bpmn:startEvent id="s"/>
        <bpmn:userTask id="a"><bpmn:multiInstanceLoopCharacteristics>
        {extended('<zeebe:loopCharacteristics inputCollection="=[1, 2]" outputCollection="r" outputElement="=n"/>')}
        </bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
        <bpmn:subProcess id="es" triggeredByEvent="true">
        <bpmn:startEvent id="on" isInterrupting="false">{timer("timeDuration", "PT1H")}</bpmn:startEvent>
        </bpmn:subProcess>
        s -> a
        """)
    program = compile_program("0" * 64, {"p.bpmn": file})
    before = {name: sorted(scope.task_specs) for name, scope in program.scopes.items()}
    ended: list[str] = []

    def run(number: int) -> None:
        for _ in range(20):
            walk = Walk(file)
            walk.program = lambda: program  # type: ignore[method-assign] # shared on purpose
            walk.reload()
            walk.fire("on")
            walk.complete("a", n=number)
            walk.complete("a", n=number)
            if walk.execution.is_completed and walk.variables["r"] == [number, number]:
                ended.append("well")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert ended == ["well"] * 80
    assert before == {name: sorted(scope.task_specs) for name, scope in program.scopes.items()}


def test_lanes_are_kept_when_a_file_without_a_process_comes_first() -> None:
    lonely = diagram("").replace(b'<bpmn:process id="p" isExecutable="true"></bpmn:process>', b"")
    lanes = diagram("""
        <bpmn:laneSet id="l"><bpmn:lane id="lane" name="Thủ trưởng"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>
        </bpmn:lane></bpmn:laneSet><bpmn:startEvent id="s"/><bpmn:userTask id="a"/>
        s -> a
        """)
    for _ in range(30):
        program = compile_program("0" * 64, {"0.bpmn": lonely, "1.bpmn": lanes})

        assert program.element("a").lane == "Thủ trưởng"


def test_data_objects_and_odd_references_cost_no_time() -> None:
    inner = '<bpmn:dataObjectReference id="r" dataObjectRef="o"/>'
    odd = "x' or '1'='1"
    file = diagram(f"""
        <bpmn:dataObject id="o"/><bpmn:startEvent id="s"/>
        <bpmn:subProcess id="one"><bpmn:startEvent id="s1"/>
        <bpmn:subProcess id="two"><bpmn:startEvent id="s2"/>{inner}<bpmn:userTask id="a"/>
        s2 -> a
        </bpmn:subProcess>
        s1 -> two
        </bpmn:subProcess>
        <bpmn:receiveTask id="w" messageRef="{odd}"/>
        s -> one
        """)
    began = time.process_time()

    assert Walk(file).open == ["a"]
    assert time.process_time() - began < 2


def test_only_what_is_there_can_be_started_or_asked_for() -> None:
    program = compile_program("a" * 64, {"p.bpmn": CHAIN})

    with pytest.raises(NotFoundError):
        Execution.start(program, "q", {}, RecordingHost())
    with pytest.raises(NotFoundError):
        Execution.start(program, "p", {}, RecordingHost(), start_element_id="t1")
    with pytest.raises(NotFoundError):
        program.element("nothing")
    with pytest.raises(ConflictError):
        Walk(CHAIN).execution.variables_at(uuid4())


def test_an_error_thrown_beside_work_that_is_ready_stops_that_work() -> None:
    """What is ready in the interrupted scope must not run after the interruption."""

    def refuse(_: object) -> None:
        raise BpmnError("refused")

    action = (
        '<bpmn:serviceTask id="{0}">' + extended('<zeebe:taskDefinition type="{0}"/>') + "</bpmn:serviceTask>"
    )
    walk = Walk(
        diagram(
            f"""
            <bpmn:startEvent id="s"/><bpmn:userTask id="handle"/>
            <bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/><bpmn:task id="fork"/>
            {action.format("bad")}{action.format("pay")}
            s2 -> fork
            fork -> bad
            fork -> pay
            </bpmn:subProcess>
            <bpmn:boundaryEvent id="edge" attachedToRef="sub"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>
            s -> sub
            edge -> handle
            """
        ),
        actions={"bad": refuse},
    )

    assert [name for name, _ in walk.host.called] == ["bad"]
    assert walk.open == ["handle"]
