"""Activities and their variables: mappings, scripts, actions, decisions, assignment."""
# ruff: noqa: E501 -- lines of diagrams

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from walking import MONDAY, Walk, diagram, extended

from engine.errors import ConflictError, QuotaExceededError, StepFailedError
from engine.feel import Value


def mappings(**given: tuple[str, str]) -> str:
    inner = "".join(
        f'<zeebe:{name.partition("_")[0]} source="{source}" target="{target}"/>'
        for name, (source, target) in given.items()
    )
    return f"<zeebe:ioMapping>{inner}</zeebe:ioMapping>"


def one_task(*extensions: str) -> bytes:
    return diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="a">{extended(*extensions)}</bpmn:userTask>
        <bpmn:userTask id="after"/>
        s -> a -> after
        """
    )


def test_answers_reach_the_process_by_output_mappings_only() -> None:
    walk = Walk(one_task(mappings(output=("=verdict", "review.verdict"))), variables={"review": {"by": "An"}})

    walk.complete("a", verdict="good", note="private")

    assert walk.variables == {"review": {"by": "An", "verdict": "good"}}


def test_answers_without_mappings_keep_their_names() -> None:
    walk = Walk(one_task(), variables={"verdict": "old"})

    walk.complete("a", verdict="good", typename="UUID")

    assert walk.variables == {"verdict": "good", "typename": "UUID"}


def test_input_mappings_make_variables_of_the_task_alone_and_plain_text_is_text() -> None:
    walk = Walk(
        one_task(
            mappings(
                input_1=("=dossier.unit", "unit.code"),
                input_2=("text", "label"),
                input_3=("=unit.code", "again"),
            )
        ),
        variables={"dossier": {"unit": "so_y_te"}},
    )

    seen = walk.execution.variables_at(walk.tasks("a")[0].workflow_task_id)

    assert seen["unit"] == {"code": "so_y_te"}
    assert (seen["label"], seen["again"]) == ("text", "so_y_te")
    assert walk.variables == {"dossier": {"unit": "so_y_te"}}


def test_values_of_every_kind_survive_reloads() -> None:
    values: dict[str, Value] = {
        "number": Decimal("1.10"),
        "day": date(2026, 11, 23),
        "moment": MONDAY,
        "length": timedelta(hours=5),
        "mark": {"typename": "UUID", "value": [None, True, {"$type": "x"}]},
    }

    walk = Walk(one_task(), variables=values)
    walk.reload()

    assert walk.variables == values


def test_a_script_gives_its_value_to_its_variable() -> None:
    script = extended('<zeebe:script expression="=a + 1" resultVariable="b"/>')
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:scriptTask id="t">{script}</bpmn:scriptTask><bpmn:userTask id="u"/>
        s -> t -> u
        """),
        variables={"a": 1},
    )

    assert walk.variables == {"a": 1, "b": 2}


def test_no_python_runs_wherever_it_stands() -> None:
    script = extended('<zeebe:script expression="=__import__(&quot;os&quot;)" resultVariable="b"/>')
    with pytest.raises(StepFailedError) as failure:
        Walk(
            diagram(f"""
            <bpmn:startEvent id="s"/><bpmn:scriptTask id="t">{script}</bpmn:scriptTask>
            s -> t
            """)
        )

    assert failure.value.element_id == "t"


def test_a_service_task_hands_its_action_everything_in_reach_and_takes_its_results() -> None:
    def gather(variables: Mapping[str, Value]) -> Mapping[str, object]:
        return {"total": variables["count"], "left": 1}

    action = '<zeebe:taskDefinition type="awards.gather"/>'
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="u"/>
        <bpmn:serviceTask id="t">{extended(action, mappings(input=("=n", "count"), output=("=total", "sum")))}
        </bpmn:serviceTask>
        s -> t -> u
        """),
        variables={"n": 7},
        actions={"awards.gather": gather},
    )

    assert walk.host.called == [("awards.gather", {"n": 7, "count": 7})]
    assert walk.variables == {"n": 7, "sum": 7}


def test_a_business_rule_task_asks_its_decision() -> None:
    rule = extended('<zeebe:calledDecision decisionId="eligible" resultVariable="verdict"/>')
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:businessRuleTask id="t">{rule}</bpmn:businessRuleTask><bpmn:userTask id="u"/>
        s -> t -> u
        """),
        variables={"eligible": "yes"},
    )

    assert walk.variables["verdict"] == "yes"


def test_variables_of_a_sub_process_end_with_it_but_for_its_output_mappings() -> None:
    io = extended(mappings(input=("=0", "count"), output=("=count", "total")))
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="after"/>
        <bpmn:subProcess id="sub">{io}<bpmn:startEvent id="s2"/><bpmn:userTask id="a"/>
        s2 -> a
        </bpmn:subProcess>
        s -> sub -> after
        """),
        variables={"count": 100},
    )

    walk.complete("a", count=3, free=1)

    assert walk.variables == {"count": 100, "total": 3, "free": 1}


def test_a_called_process_sees_only_what_is_mapped_and_gives_only_what_is_mapped() -> None:
    call = extended(
        '<zeebe:calledElement processId="q" propagateAllParentVariables="false" propagateAllChildVariables="false"/>',
        mappings(input=("=x", "given"), output=("=result", "y")),
    )
    called = diagram('<bpmn:startEvent id="s2"/><bpmn:userTask id="inner"/>\ns2 -> inner', process_id="q")
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:callActivity id="c">{call}</bpmn:callActivity><bpmn:userTask id="after"/>
        s -> c -> after
        """),
        called,
        variables={"x": 1, "secret": 2},
    )
    assert walk.execution.variables_at(walk.tasks()[0].workflow_task_id) == {"given": 1}

    walk.complete("inner", result=5, secret=9)

    assert walk.variables == {"x": 1, "secret": 2, "y": 5}


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("unit_officer, chairman", [("unit_officer", ""), ("chairman", "")]),
        ('="unit_head@" + unit', [("unit_head", "so_y_te")]),
        ('=["clerk", "unit_head@" + unit, "clerk"]', [("clerk", ""), ("unit_head", "so_y_te")]),
    ],
)
def test_candidate_groups_are_text_or_feel(text: str, groups: list[tuple[str, str]]) -> None:
    assignment = f'<zeebe:assignmentDefinition candidateGroups="{text.replace(chr(34), "&quot;")}"/>'

    walk = Walk(one_task(assignment), variables={"unit": "so_y_te"})

    assert walk.tasks("a")[0].candidate_groups == groups


@pytest.mark.parametrize("text", ["=missing", "=5", '=["a", 3]', '="unit_head@" + missing', '="unit_head@"'])
def test_groups_that_name_nobody_stop_the_step_at_their_task(text: str) -> None:
    assignment = f'<zeebe:assignmentDefinition candidateGroups="{text.replace(chr(34), "&quot;")}"/>'

    with pytest.raises(StepFailedError) as failure:
        Walk(one_task(assignment))

    assert failure.value.element_id == "a"


@pytest.mark.parametrize(
    ("text", "due_at"),
    [
        ("2026-12-01", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
        ("2026-12-01T08:00:00+07:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ('=date("2026-12-01")', datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
        ('=date and time("2026-12-01T09:00:00")', datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ('=duration("P2D")', MONDAY + timedelta(days=2)),
        ("=null", None),
    ],
)
def test_a_due_date_is_worked_out_once(text: str, due_at: datetime | None) -> None:
    schedule = f'<zeebe:taskSchedule dueDate="{text.replace(chr(34), "&quot;")}"/>'
    walk = Walk(one_task(schedule, '<zeebe:priorityDefinition priority="=40 + 30"/>'))
    walk.host.now += timedelta(days=9)
    walk.reload()

    task = walk.tasks("a")[0]

    assert (task.due_at, task.priority) == (due_at, 70)


def test_a_due_date_that_is_no_moment_stops_the_step_at_its_task() -> None:
    with pytest.raises(StepFailedError, match="due date") as failure:
        Walk(one_task('<zeebe:taskSchedule dueDate="=5"/>'))

    assert failure.value.element_id == "a"


def test_the_assignee_is_a_user_name() -> None:
    walk = Walk(one_task('<zeebe:assignmentDefinition assignee="=who"/>'), variables={"who": "an.nguyen"})

    assert walk.tasks("a")[0].assignee == "an.nguyen"


def test_a_task_is_completed_once() -> None:
    walk = Walk(one_task())
    task = walk.tasks("a")[0]
    walk.complete("a")

    with pytest.raises(ConflictError):
        walk.execution.complete_task(task.workflow_task_id, {})


def test_one_command_cannot_flood_the_inboxes() -> None:
    flows = "\n".join(f"s -> t{number}" for number in range(501))
    nodes = "".join(f'<bpmn:userTask id="t{number}"/>' for number in range(501))

    with pytest.raises(QuotaExceededError):
        Walk(diagram(f'<bpmn:startEvent id="s"/>{nodes}\n{flows}'))


def test_the_calendar_is_asked_only_by_expressions_about_working_days() -> None:
    class Eager(Exception):  # noqa: N818 -- shows itself only when the calendar is asked
        pass

    class Closed:
        def is_working_day(self, day: date) -> bool:
            raise Eager(day)

        def add_working_days(self, day: date, count: int) -> date:
            return day + timedelta(days=count + 2)

        def working_days_between(self, start: date, end: date) -> int:
            raise Eager(start, end)

    walk = Walk(
        diagram("""
        <bpmn:startEvent id="s"/><bpmn:userTask id="first"/>
        <bpmn:userTask id="a"><bpmn:extensionElements>
        <zeebe:taskSchedule dueDate="=add working days(today(), 5)"/></bpmn:extensionElements></bpmn:userTask>
        s -> first -> a
        """)
    )
    walk.host.calendar = Closed()
    walk.reload()

    walk.complete("first")

    assert walk.tasks("a")[0].due_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
