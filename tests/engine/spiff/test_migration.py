"""Instances in memory that go on in another version of their diagram."""
# ruff: noqa: E501 -- lines of diagrams

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from walking import MONDAY, RecordingHost, Walk, diagram, extended, message, sub_process, timer, user_tasks

from engine.errors import StepFailedError
from engine.spiff import (
    Execution,
    Fate,
    Migration,
    Reason,
    StateDamagedError,
    Stored,
    compile_program,
    migrate,
)

LATER = MONDAY + timedelta(days=10)
NONE: Mapping[str, str] = {}


class Change:
    """An instance of one version that is brought to another, ten days after it began."""

    def __init__(self, walk: Walk, *files: bytes, now: datetime = LATER) -> None:
        self.walk = walk
        self.before = walk.program()
        self.after = compile_program(
            "1" * 64, {f"{number}.bpmn": content for number, content in enumerate(files)}
        )
        self.host = RecordingHost(walk.host.actions)
        self.host.now = now

    def result(self, mapping: Mapping[str, str] = NONE, *, is_trial: bool = False) -> Migration:
        """Carry the instance over."""
        since = {task.workflow_task_id: MONDAY for task in self.walk.execution.open_tasks()}
        stored = Stored("p", *self.walk.execution.save(), MONDAY, since)
        return migrate(self.before, self.after, stored, self.host, mapping=mapping, is_trial=is_trial)

    def execution(self, mapping: Mapping[str, str] = NONE) -> Execution:
        """Carry the instance over; it must succeed."""
        result = self.result(mapping)
        assert result.execution is not None, result.findings
        return result.execution


def open_in(execution: Execution) -> list[str]:
    return sorted(task.element.id for task in execution.open_tasks())


def complete(execution: Execution, element_id: str) -> None:
    task = next(task for task in execution.open_tasks() if task.element.id == element_id)
    execution.complete_task(task.workflow_task_id, {})


def line(*names: str, extra: str = "") -> bytes:
    return diagram(f'<bpmn:startEvent id="s"/>{user_tasks(*names)}{extra}\ns -> ' + " -> ".join(names))


def boundary(event_id: str, at: str, inner: str, *, interrupting: bool = True) -> str:
    cancel = "" if interrupting else ' cancelActivity="false"'
    return f'<bpmn:boundaryEvent id="{event_id}" attachedToRef="{at}"{cancel}>{inner}</bpmn:boundaryEvent>'


def test_a_token_stays_where_its_element_is_and_goes_on_by_the_new_flows() -> None:
    walk = Walk(line("ask", "decide"))
    was = walk.tasks()[0]

    execution = Change(walk, line("ask", "check", "decide")).execution()

    assert [(task.workflow_task_id, task.element.id) for task in execution.open_tasks()] == [
        (was.workflow_task_id, "ask")
    ]
    complete(execution, "ask")
    assert open_in(execution) == ["check"]


def test_who_waits_in_an_element_that_is_gone_must_be_told_where_to_go() -> None:
    walk = Walk(line("ask", "check", "decide"))
    walk.complete("ask")

    [finding] = Change(walk, line("ask", "decide")).result().findings

    assert (finding.element_id, finding.fate, finding.reason) == ("check", Fate.UNDECIDED, Reason.GONE)
    assert (finding.target_id, finding.choices) == ("decide", ("ask", "decide"))


def test_a_mapped_task_keeps_its_identity_and_its_variables() -> None:
    walk = Walk(line("ask", "check", "decide"), variables={"days": 3})
    walk.complete("ask")
    was = walk.tasks()[0]

    execution = Change(walk, line("ask", "decide")).execution({"check": "decide"})

    [task] = execution.open_tasks()
    assert (task.workflow_task_id, task.element.id) == (was.workflow_task_id, "decide")
    assert execution.variables_at(task.workflow_task_id) == {"days": 3}


def test_the_proposal_is_what_bears_the_same_name_before_what_comes_next() -> None:
    named = '<bpmn:userTask id="{}" name="Thẩm định"/>'
    before = diagram(f'<bpmn:startEvent id="s"/>{named.format("a")}{user_tasks("b", "c")}\ns -> a -> b')
    after = diagram(f'<bpmn:startEvent id="s"/>{user_tasks("b", "c")}{named.format("z")}\ns -> b -> c -> z')

    [finding] = Change(Walk(before), after).result().findings

    assert finding.target_id == "z"


def test_a_new_element_in_the_same_place_is_proposed() -> None:
    walk = Walk(line("ask", "check", "decide"))
    walk.complete("ask")

    [finding] = Change(walk, line("ask", "examine", "decide")).result().findings

    assert finding.target_id == "examine"


def test_a_token_may_be_sent_before_anything_of_its_scope_and_runs_on() -> None:
    service = f'<bpmn:serviceTask id="note">{extended("""<zeebe:taskDefinition type="note"/>""")}</bpmn:serviceTask>'
    walk = Walk(line("ask", "check"))
    walk.complete("ask")
    change = Change(
        walk,
        diagram(f'<bpmn:startEvent id="s"/>{service}{user_tasks("ask", "last")}\ns -> ask -> note -> last'),
    )

    trial = change.result({"check": "note"}, is_trial=True)
    assert [finding.fate for finding in trial.findings] == [Fate.RESTARTED]
    assert change.host.called == []

    execution = change.execution({"check": "note"})
    assert open_in(execution) == ["last"]
    assert [name for name, _ in change.host.called] == ["note"]


def test_a_running_deadline_stays_when_the_diagram_writes_another() -> None:
    edge = boundary("late", "ask", timer("timeDuration", "P20D"))
    walk = Walk(line("ask", extra=edge))
    due_at = walk.due_at("late")

    execution = Change(walk, line("ask", extra=edge.replace("P20D", "P3D"))).execution()

    assert [timer.due_at for timer in execution.timers()] == [due_at]


def test_a_new_boundary_timer_counts_from_when_the_task_came() -> None:
    walk = Walk(line("ask"))
    edge = boundary("late", "ask", timer("timeDuration", "P20D"))

    result = Change(walk, line("ask", extra=edge)).result()

    assert [(armed.element_id, armed.due_at) for armed in result.armed] == [
        ("late", MONDAY + timedelta(days=20))
    ]
    execution = result.execution
    assert execution is not None
    execution.fire_timer(execution.timers()[0].workflow_task_id)
    assert execution.is_completed


def test_now_in_a_new_timer_is_when_the_task_came() -> None:
    walk = Walk(line("ask"))
    edge = boundary("late", "ask", timer("timeDate", '=now() + duration("P20D")'))

    [armed] = Change(walk, line("ask", extra=edge)).result().armed

    assert armed.due_at == MONDAY + timedelta(days=20)


def test_a_new_repeated_timer_leaves_out_what_it_has_missed() -> None:
    walk = Walk(line("ask"))
    edge = boundary("nag", "ask", timer("timeCycle", "R/P4D"), interrupting=False)

    [armed] = Change(walk, line("ask", extra=edge)).result().armed

    assert armed.due_at == MONDAY + timedelta(days=12)


def test_a_timer_that_has_fired_once_is_not_armed_again() -> None:
    edge = boundary("nag", "ask", timer("timeDuration", "PT1H"), interrupting=False)
    other = boundary("late", "ask", timer("timeDuration", "P20D"))
    walk = Walk(line("ask", extra=edge + other))
    walk.fire("nag")

    result = Change(walk, line("ask", extra=edge + other)).result()

    assert result.armed == ()
    assert result.execution is not None
    assert [timer.element.id for timer in result.execution.timers()] == ["late"]


def test_an_edge_that_is_gone_watches_no_longer() -> None:
    walk = Walk(line("ask", extra=boundary("late", "ask", timer("timeDuration", "P20D"))))

    result = Change(walk, line("ask")).result()

    assert result.dropped == ("late",)
    assert result.execution is not None
    assert result.execution.timers() == []
    complete(result.execution, "ask")
    assert result.execution.is_completed


def test_what_a_boundary_has_started_beside_its_task_goes_on() -> None:
    def version(*edges: str) -> bytes:
        return diagram(
            f'<bpmn:startEvent id="s"/>{user_tasks("ask", "remind")}{"".join(edges)}\ns -> ask\n'
            + ("nag -> remind" if edges else "")
        )

    nag = boundary("nag", "ask", timer("timeCycle", "R/PT1H"), interrupting=False)
    walk = Walk(version(nag))
    walk.fire("nag")
    assert walk.open == ["ask", "remind"]

    for after in (version(nag), version()):
        execution = Change(walk, after).execution()
        assert open_in(execution) == ["ask", "remind"]
        complete(execution, "ask")
        complete(execution, "remind")
        assert execution.is_completed


VOTE = """<bpmn:userTask id="vote">
<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements>
<zeebe:loopCharacteristics inputCollection="=members" inputElement="member" outputCollection="votes" outputElement="=choice"/>
</bpmn:extensionElements>{condition}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"""


def vote(sequential: str = "false", condition: str = "", *, before: str = "s", after: str = "count") -> bytes:
    text = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    return diagram(
        f'<bpmn:startEvent id="s"/>{VOTE.format(sequential=sequential, condition=text)}{user_tasks("count", "more")}\n'
        f"{before} -> vote -> {after}\n" + ("more -> count" if after == "more" else "")
    )


@pytest.mark.parametrize("sequential", ["false", "true"])
def test_ballots_that_are_cast_survive_and_the_others_are_still_counted(sequential: str) -> None:
    walk = Walk(vote(sequential), variables={"members": ["a", "b", "c"]})
    walk.complete("vote", choice="yes")

    execution = Change(walk, vote(sequential, after="more")).execution()

    for choice in ("no", "yes"):
        task = execution.open_tasks()[0]
        execution.complete_task(task.workflow_task_id, {"choice": choice})
    assert open_in(execution) == ["more"]
    assert execution.variables_at()["votes"] == ["yes", "no", "yes"]


def test_a_running_vote_whose_rules_change_is_blocked() -> None:
    walk = Walk(vote(), variables={"members": ["a", "b", "c"]})
    walk.complete("vote", choice="yes")

    for after in (vote("true"), vote(condition="=numberOfCompletedInstances > 1"), line("vote", "count")):
        [finding] = Change(walk, after).result().findings
        assert (finding.fate, finding.reason) == (Fate.BLOCKED, Reason.LOOP_CHANGED)


def test_a_vote_under_a_new_name_can_be_mapped() -> None:
    walk = Walk(vote(), variables={"members": ["a", "b"]})
    walk.complete("vote", choice="yes")
    change = Change(walk, vote().replace(b'"vote"', b'"ballot"'))

    [finding] = change.result().findings
    assert (finding.fate, finding.choices, finding.target_id) == (Fate.UNDECIDED, ("ballot",), "ballot")
    execution = change.execution({"vote": "ballot"})
    complete(execution, "ballot")
    assert open_in(execution) == ["count"]


def test_a_token_inside_a_sub_process_stays_there_with_its_variables() -> None:
    inner = '<bpmn:userTask id="inner"/>\ns2 -> inner'
    walk = Walk(sub_process(inner), variables={"x": 1})

    execution = Change(walk, sub_process(f'<bpmn:userTask id="more"/>{inner} -> more')).execution()

    complete(execution, "inner")
    assert open_in(execution) == ["more"]
    complete(execution, "more")
    assert open_in(execution) == ["after"]


def test_a_sub_process_that_is_gone_blocks_and_a_renamed_one_can_be_mapped() -> None:
    inner = '<bpmn:userTask id="inner"/>\ns2 -> inner'
    walk = Walk(sub_process(inner))

    [gone] = Change(walk, line("handle", "after")).result().findings
    assert (gone.element_id, gone.fate, gone.reason) == ("sub", Fate.BLOCKED, Reason.GONE)

    renamed = sub_process(inner).replace(b'"sub"', b'"part"')
    assert open_in(Change(walk, renamed).execution({"sub": "part"})) == ["inner"]


def test_an_element_that_moved_into_a_sub_process_is_told_apart_from_one_that_is_gone() -> None:
    walk = Walk(line("handle", "after"))

    [finding] = (
        Change(
            walk,
            sub_process('<bpmn:userTask id="handle2"/>\ns2 -> handle2')
            .replace(b'id="handle"', b'id="x"')
            .replace(b"handle2", b"handle"),
        )
        .result()
        .findings
    )

    assert finding.reason is Reason.OTHER_SCOPE


CALL = '<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="{}" propagateAllChildVariables="true"/></bpmn:extensionElements></bpmn:callActivity>'


def caller(process_id: str) -> bytes:
    return diagram(
        f'<bpmn:startEvent id="s"/>{CALL.format(process_id)}{user_tasks("after")}\ns -> call -> after'
    )


def called(process_id: str, *names: str) -> bytes:
    return diagram(
        f'<bpmn:startEvent id="s"/>{user_tasks(*names)}\ns -> ' + " -> ".join(names), process_id=process_id
    )


def test_a_called_process_goes_along_and_blocks_when_it_is_gone() -> None:
    walk = Walk(caller("sub"), called("sub", "inner"))

    execution = Change(walk, caller("sub"), called("sub", "inner", "more")).execution()
    complete(execution, "inner")
    assert open_in(execution) == ["more"]

    findings = Change(walk, caller("other"), called("other", "inner")).result().findings
    assert [(finding.fate, finding.reason) for finding in findings if finding.reason] == [
        (Fate.BLOCKED, Reason.PROCESS_GONE)
    ]


def fork(*branches: tuple[str, ...]) -> bytes:
    names = [name for branch in branches for name in branch]
    return diagram(
        f'<bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>{user_tasks(*names, "last")}\n'
        "s -> split\njoin -> last\n"
        + "\n".join(f"split -> {' -> '.join(branch)} -> join" for branch in branches)
    )


def test_a_join_knows_the_branch_again_where_a_step_was_inserted_before_it() -> None:
    walk = Walk(fork(("a",), ("b",)))
    walk.complete("a")

    execution = Change(walk, fork(("a", "a2"), ("b",))).execution()

    complete(execution, "b")
    assert open_in(execution) == ["last"]


def test_a_join_that_has_all_it_waits_for_in_the_new_version_lets_go() -> None:
    walk = Walk(fork(("a",), ("b",), ("c",)))
    walk.complete("a")
    walk.complete("b")

    change = Change(walk, fork(("a",), ("b",)))

    assert [finding.element_id for finding in change.result().findings if not finding.is_settled] == ["c"]
    execution = change.execution({"c": "last"})
    assert open_in(execution) == ["last", "last"]


def test_a_join_whose_branch_is_gone_must_be_decided() -> None:
    walk = Walk(fork(("a",), ("b",), ("c",)))
    walk.complete("a")

    findings = Change(walk, fork(("b",), ("c",))).result().findings

    assert [(each.element_id, each.reason) for each in findings if not each.is_settled] == [
        ("join", Reason.BRANCH_GONE)
    ]


def race(*events: str) -> bytes:
    made = {
        "answer": '<bpmn:intermediateCatchEvent id="answer"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>',
        "late": f'<bpmn:intermediateCatchEvent id="late">{timer("timeDuration", "P20D")}</bpmn:intermediateCatchEvent>',
        "later": f'<bpmn:intermediateCatchEvent id="later">{timer("timeDuration", "P30D")}</bpmn:intermediateCatchEvent>',
    }
    return diagram(
        f'<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="gw"/>{"".join(made[name] for name in events)}{user_tasks("last")}\n'
        "s -> gw\n" + "\n".join(f"gw -> {name} -> last" for name in events),
        definitions=message("m", "=key"),
    )


def test_an_event_gateway_keeps_its_waits_adds_new_ones_and_drops_those_that_are_gone() -> None:
    walk = Walk(race("answer", "late"), variables={"key": "k"})
    was = walk.execution.subscriptions()

    result = Change(walk, race("answer", "later")).result()

    execution = result.execution
    assert execution is not None
    assert result.dropped == ("late",)
    assert execution.subscriptions() == was
    assert [each.element.id for each in execution.timers()] == ["later"]
    execution.deliver_message(was[0].workflow_task_id, {})
    assert open_in(execution) == ["last"]
    assert execution.timers() == []


def test_a_message_that_became_a_timer_is_of_another_kind() -> None:
    def version(inner: str) -> bytes:
        event = f'<bpmn:intermediateCatchEvent id="wait">{inner}</bpmn:intermediateCatchEvent>'
        return diagram(
            f'<bpmn:startEvent id="s"/>{event}{user_tasks("last")}\ns -> wait -> last',
            definitions=message("m", "=key"),
        )

    walk = Walk(version('<bpmn:messageEventDefinition messageRef="m"/>'), variables={"key": "k"})
    change = Change(walk, version(timer("timeDuration", "P1D")))

    [finding] = change.result().findings
    assert (finding.reason, finding.target_id) == (Reason.OTHER_KIND, "wait")
    execution = change.execution({"wait": "wait"})
    assert execution.subscriptions() == []
    assert [each.due_at for each in execution.timers()] == [LATER + timedelta(days=1)]


def awaiting(name: str) -> bytes:
    event = '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    return diagram(
        f'<bpmn:startEvent id="s"/>{event}{user_tasks("last")}\ns -> wait -> last',
        definitions=message("m", "=key"),
    ).replace(b'name="m"', f'name="{name}"'.encode())


def test_who_waits_for_a_message_that_is_called_otherwise_now_must_be_told_so() -> None:
    walk = Walk(awaiting("granted"), variables={"key": "k"})
    change = Change(walk, awaiting("decided"))

    [finding] = change.result().findings
    assert (finding.reason, finding.target_id) == (Reason.OTHER_EVENT, "wait")
    [wait] = change.execution({"wait": "wait"}).subscriptions()
    assert (wait.message_name, wait.correlation_key) == ("decided", "k")


def test_an_event_gateway_waits_anew_for_what_is_of_another_kind_now() -> None:
    walk = Walk(race("answer", "late"), variables={"key": "k"})
    other = race("answer", "late").replace(b'name="m"', b'name="n"')

    result = Change(walk, other).result()

    assert result.execution is not None
    assert result.dropped == ("answer",)
    assert [wait.message_name for wait in result.execution.subscriptions()] == ["n"]
    assert [each.element.id for each in result.execution.timers()] == ["late"]


HANDLER = """<bpmn:subProcess id="withdrawal" triggeredByEvent="true"><bpmn:startEvent id="w">{inner}</bpmn:startEvent>
<bpmn:userTask id="confirm"/>
w -> confirm
</bpmn:subProcess>"""


def test_a_new_event_sub_process_watches_the_running_instance() -> None:
    walk = Walk(line("ask"))

    result = Change(walk, line("ask", extra=HANDLER.format(inner=timer("timeDuration", "P20D")))).result()

    assert [(armed.element_id, armed.due_at) for armed in result.armed] == [
        ("w", MONDAY + timedelta(days=20))
    ]
    assert result.execution is not None
    result.execution.fire_timer(result.execution.timers()[0].workflow_task_id)
    assert open_in(result.execution) == ["confirm"]


def test_an_event_sub_process_that_stays_or_goes() -> None:
    walk = Walk(line("ask", extra=HANDLER.format(inner=timer("timeDuration", "P20D"))))
    [was] = walk.execution.timers()

    stays = Change(walk, line("ask", extra=HANDLER.format(inner=timer("timeDuration", "P1D"))))
    [now] = stays.execution().timers()
    assert (now.workflow_task_id, now.due_at) == (was.workflow_task_id, was.due_at)
    goes = Change(walk, line("ask"))
    assert goes.result().dropped == ("w",)
    assert goes.execution().timers() == []


def test_an_event_sub_process_that_starts_otherwise_now_is_armed_anew() -> None:
    walk = Walk(
        line("ask", extra=HANDLER.format(inner='<bpmn:messageEventDefinition messageRef="m"/>')).replace(
            b"<bpmn:process", message("m", "=key").encode() + b"<bpmn:process"
        ),
        variables={"key": "k"},
    )

    result = Change(walk, line("ask", extra=HANDLER.format(inner=timer("timeDuration", "P20D")))).result()

    assert result.dropped == ("w",)
    assert [armed.element_id for armed in result.armed] == ["w"]


def test_a_state_that_does_not_fit_its_program_is_damaged() -> None:
    walk = Walk(line("ask"))
    change = Change(walk, line("ask"))
    change.before = compile_program(change.before.sha256, {"0.bpmn": line("other")})

    with pytest.raises(StateDamagedError):
        change.result()


def assigned(groups: str, due: str = "", inputs: str = "") -> bytes:
    schedule = f'<zeebe:taskSchedule dueDate="{due}"/>' if due else ""
    mapping = f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>" if inputs else ""
    extension = extended(
        f'<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="{groups}"/>{schedule}{mapping}'
    )
    return diagram(f'<bpmn:startEvent id="s"/><bpmn:userTask id="ask">{extension}</bpmn:userTask>\ns -> ask')


def test_a_task_goes_to_whom_the_new_version_names_and_keeps_its_deadline() -> None:
    walk = Walk(assigned("officer", "P5D"))

    [task] = Change(walk, assigned("head", "P1D")).execution().open_tasks()

    assert task.candidate_groups == [("head", "")]
    assert task.due_at == MONDAY + timedelta(days=5)


def test_a_task_without_a_deadline_gets_one_counted_from_when_it_came() -> None:
    walk = Walk(assigned("officer"))

    [task] = Change(walk, assigned("officer", "P5D")).execution().open_tasks()

    assert task.due_at == MONDAY + timedelta(days=5)


def test_a_task_gets_the_inputs_that_the_new_version_adds() -> None:
    walk = Walk(assigned("officer"), variables={"days": 3})

    execution = Change(
        walk, assigned("officer", inputs='<zeebe:input source="=days + 1" target="more"/>')
    ).execution()

    [task] = execution.open_tasks()
    assert execution.variables_at(task.workflow_task_id) == {"days": 3, "more": 4}


def test_an_expression_that_fails_names_its_element() -> None:
    walk = Walk(line("ask"))
    edge = boundary("late", "ask", timer("timeDuration", "=nothing"))

    with pytest.raises(StepFailedError) as failure:
        Change(walk, line("ask", extra=edge)).result(is_trial=True)

    assert failure.value.element_id == "late"


def test_a_moved_token_enters_its_new_element_and_takes_its_edge_along() -> None:
    edge = boundary("late", "b", timer("timeDuration", "P1D"))
    walk = Walk(line("a", "b", "c", extra=edge))
    walk.complete("a")
    assert walk.execution.targets_of("b") == ["a", "c"]

    walk.execution.move("b", "a")
    walk.reload()
    assert (walk.open, walk.execution.timers()) == (["a"], [])
    walk.execution.move("a", "b")
    walk.reload()
    assert (walk.open, len(walk.execution.timers())) == (["b"], 1)


def test_a_vote_that_is_moved_on_hands_out_what_was_cast() -> None:
    walk = Walk(vote(), variables={"members": ["a", "b"]})
    walk.complete("vote", choice="yes")

    walk.execution.move("vote", "count")
    walk.reload()

    assert walk.open == ["count"]
    assert walk.variables["votes"] == ["yes", None]
