"""A definition is played by the engine itself, on a database, a clock and people of its own."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from factories import MONDAY, bpmn, flow, service_task, start_and_end, user_task
from sqlalchemy import select

from engine import tasks
from engine.definitions import NotPublishableError
from engine.dry_runs import (
    About,
    BadLineError,
    DryRun,
    Outcome,
    Result,
    RunTooLongError,
    Shelf,
    actor_for,
    beginning,
    completion,
    find_outcomes,
    list_due,
    message,
    play,
    read_variables,
    run_to_end,
    steps_of,
    write_variables,
)
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from engine.feel import Value
from engine.models import (
    HistoryEvent,
    Incident,
    IncidentState,
    InstanceState,
    MailState,
    MessageSubscription,
    OutboxMail,
    Person,
    ProcessInstance,
    Task,
    TaskState,
)
from engine.setup import ActionCall, Setup

EIGHT = MONDAY - timedelta(hours=1)
FORM = {
    "type": "default",
    "id": "decide",
    "components": [
        {
            "type": "radio",
            "key": "outcome",
            "label": "Kết quả",
            "values": [{"label": "Duyệt", "value": "approve"}, {"label": "Trả lại", "value": "send_back"}],
            "validate": {"required": True},
        },
        {
            "type": "textarea",
            "key": "reason",
            "label": "Lý do",
            "validate": {"required": True},
            "conditional": {"hide": '=outcome != "send_back"'},
        },
        {"type": "filepicker", "key": "paper", "label": "Văn bản", "validate": {"required": True}},
    ],
}
DECIDE = json.dumps(FORM).encode()
TIMER = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
MESSAGE = (
    '<message id="m" name="answered"><extensionElements>'
    '<zeebe:subscription correlationKey="=case_id"/></extensionElements></message>'
)


def conditional(source: str, target: str, condition: str) -> str:
    """Return a sequence flow with a condition."""
    return (
        f'<sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">'
        f"<conditionExpression>={condition}</conditionExpression></sequenceFlow>"
    )


def gateway(element_id: str, default: str) -> str:
    """Return an exclusive gateway."""
    return f'<exclusiveGateway id="{element_id}" default="{element_id}__{default}"/>'


def task_with_form(element_id: str, groups: str) -> str:
    """Return a user task whose form is ``decide``."""
    return (
        f'<userTask id="{element_id}"><extensionElements><zeebe:userTask/>'
        f'<zeebe:formDefinition formId="decide"/><zeebe:assignmentDefinition candidateGroups="{groups}"/>'
        "</extensionElements></userTask>"
    )


APPROVAL = (
    start_and_end(),
    user_task("ask", "officer"),
    task_with_form("decide", "head"),
    gateway("is_approved", "ask"),
    flow("start", "ask", "decide", "is_approved", "ask"),
    conditional("is_approved", "end", 'outcome = "approve"'),
)


SIGNED = (
    start_and_end(),
    user_task("sign", "=&quot;unit_head@&quot; + unit_code"),
    flow("start", "sign", "end"),
)


def beside(element_id: str, *, is_interrupting: bool) -> str:
    """Return an event sub-process that the message ``<element_id>_m`` starts."""
    start, end = f"{element_id}_start", f"{element_id}_end"
    return (
        f'<subProcess id="{element_id}" triggeredByEvent="true">'
        f'<startEvent id="{start}" isInterrupting="{str(is_interrupting).lower()}">'
        f'<messageEventDefinition messageRef="{element_id}_m"/></startEvent><endEvent id="{end}"/>'
        f"{flow(start, end)}"
        "</subProcess>"
    )


@pytest.fixture
def opened() -> Iterator[list[DryRun]]:
    """Return a list of runs that are closed at the end."""
    runs: list[DryRun] = []
    yield runs
    for run in runs:
        run.close()


@pytest.fixture
def begin(setup: Setup, opened: list[DryRun]) -> "Begin":
    """Return what begins a run of a diagram with one process ``p``."""
    return Begin(setup, opened)


class Begin:
    """Begins runs, and starts them unless told not to."""

    def __init__(self, setup: Setup, opened: list[DryRun]) -> None:
        self.setup = setup
        self.opened = opened

    def __call__(
        self,
        *body: str,
        declarations: str = "",
        variables: dict[str, Value] | None = None,
        results: dict[str, Result] | None = None,
    ) -> DryRun:
        """Begin and start a run."""
        files = {
            "p.bpmn": bpmn("p", *body, declarations=declarations),
            "decide.form": json.dumps(FORM).encode(),
        }
        run = DryRun.begin("p", files, self.setup, folder=self.setup.files, language="vi", now=MONDAY)
        self.opened.append(run)
        run.start(variables or {}, results=results)
        return run


def open_task(run: DryRun) -> tuple[int, str]:
    """Return number and element of the one open task."""
    with run.factory() as session:
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
        return task.id, task.element_id


def outcomes_of(run: DryRun) -> tuple[int, list[Outcome]]:
    """Return who would do the one open task, and where it may lead."""
    with run.factory() as session:
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
        actor = actor_for(run, session, task)
        assert actor is not None
        move = completion(run, session, task, actor)
        actor_id = actor.id
    return actor_id, find_outcomes(run, move)


def do_task(run: DryRun, branch: str = "", results: dict[str, Result] | None = None) -> None:
    """Hand in the one open task, on the way that takes a flow."""
    actor_id, outcomes = outcomes_of(run)
    chosen = next(o for o in outcomes if not branch or branch in {flow.id for flow in o.branches})
    task_id, _ = open_task(run)
    run.complete(task_id, chosen.attempt.values, actor_id=actor_id, results=results or dict(chosen.results))


def state_of(run: DryRun) -> tuple[InstanceState, str]:
    """Return how the one instance stands."""
    with run.factory() as session:
        instance = session.scalars(select(ProcessInstance)).one()
        return instance.state, instance.outcome


def failure_of(run: DryRun) -> str:
    """Return the element at which something failed, empty if nothing did."""
    with run.factory() as session:
        standing = select(Incident.element_id).where(Incident.state == IncidentState.OPEN)
        return session.scalars(standing).first() or ""


def test_a_run_begins_on_the_morning_of_a_working_day(begin: Begin) -> None:
    run = begin(*APPROVAL)

    assert run.now == EIGHT
    assert open_task(run)[1] == "ask"


def test_the_answers_of_a_form_are_made_up_for_every_branch(begin: Begin) -> None:
    run = begin(*APPROVAL)
    do_task(run)

    _, outcomes = outcomes_of(run)

    assert {flow.id for outcome in outcomes for flow in outcome.branches} == {
        "is_approved__ask",
        "is_approved__end",
    }
    assert all(outcome.attempt.is_accepted for outcome in outcomes)
    back = next(outcome for outcome in outcomes if outcome.key == "is_approved__ask")
    assert back.attempt.values["reason"]
    assert back.attempt.fields["paper.kept"]


def test_trying_out_answers_leaves_nothing_behind(begin: Begin) -> None:
    run = begin(*APPROVAL)
    do_task(run)
    before = run.content()

    outcomes_of(run)

    assert run.content() == before


def test_a_chosen_branch_is_the_one_that_is_taken(begin: Begin) -> None:
    run = begin(*APPROVAL)
    do_task(run)
    do_task(run, "is_approved__ask")
    again = open_task(run)[1]
    do_task(run)
    do_task(run, "is_approved__end")

    assert again == "ask"
    assert state_of(run) == (InstanceState.COMPLETED, "end")
    with run.factory() as session:
        steps = steps_of(session)
    assert [step.kind for step in steps] == ["begun", "started", *["completed"] * 4]
    assert steps[-1].flows == ["decide__is_approved", "is_approved__end"]


def test_who_holds_no_role_of_a_task_may_not_do_it(begin: Begin) -> None:
    run = begin(*APPROVAL)
    do_task(run)
    with run.factory() as session:
        officer = session.scalars(select(Person.id).where(Person.username == "officer.1")).one()

    with pytest.raises((NotAllowedError, NotFoundError)):
        run.complete(open_task(run)[0], {"outcome": "approve"}, actor_id=officer)


def test_four_eyes_are_two_invented_people(begin: Begin) -> None:
    checks = {"not_same_person_as": "ask"}
    run = begin(
        start_and_end(),
        user_task("ask", "officer"),
        user_task("check", "officer", properties=checks),
        flow("start", "ask", "check", "end"),
    )

    do_task(run)
    do_task(run)

    with run.factory() as session:
        first, second = session.scalars(select(Task).order_by(Task.id))
        assert first.completed_by_id != second.completed_by_id


def test_a_candidate_of_a_unit_that_only_variables_know_is_there(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        user_task("sign", "=&quot;unit_head@&quot; + unit_code"),
        flow("start", "sign", "end"),
    )

    demanded = run.demands.started_with

    assert demanded == ("unit_code",)
    assert failure_of(run) != ""  # the start of the fixture gave no unit


def test_a_jump_fires_timers_and_sends_reminders_at_their_own_moments(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        user_task("ask", "officer", due="=add working days(today(), 3)"),
        f'<boundaryEvent id="late" attachedToRef="ask" cancelActivity="false">{TIMER}</boundaryEvent>',
        user_task("hurry", "head"),
        '<endEvent id="hurried"/>',
        flow("start", "ask", "end"),
        flow("late", "hurry", "hurried"),
    )
    with run.factory() as session:
        due = {one.kind: one.at for one in list_due(session, run.now)}

    run.jump(EIGHT + timedelta(days=4))

    assert due["timer"] == EIGHT + timedelta(days=2)
    with run.factory() as session:
        hurry = session.scalars(select(Task).where(Task.element_id == "hurry")).one()
        assert hurry.created_at == EIGHT + timedelta(days=2)
        mails = session.scalars(select(OutboxMail)).all()
        assert ("reminder_due", due["due"]) in {(mail.kind, mail.created_at) for mail in mails}
        assert {mail.state for mail in mails} == {MailState.SENT}
    assert run.now == EIGHT + timedelta(days=4)


def test_time_does_not_go_back(begin: Begin) -> None:
    run = begin(*APPROVAL)

    with pytest.raises(InvalidInputError):
        run.jump(EIGHT - timedelta(minutes=1))


def test_an_action_is_never_called(begin: Begin, calls: list[ActionCall]) -> None:
    run = begin(start_and_end(), service_task("note", "leave.note"), flow("start", "note", "end"))

    assert calls == []
    assert state_of(run) == (InstanceState.COMPLETED, "end")
    with run.factory() as session:
        [called] = steps_of(session)[-1].facts["called"]
    assert (called["element_id"], called["action"]) == ("note", "leave.note")


COUNTED = (
    '<startEvent id="start"/>',
    user_task("ask", "officer"),
    service_task("count", "leave.note"),
    gateway("is_many", "few"),
    '<endEvent id="many"/><endEvent id="few"/>',
    flow("start", "ask", "count", "is_many", "few"),
    conditional("is_many", "many", "day_count &gt; 10"),
)


def test_results_of_an_action_are_made_up_for_every_branch(begin: Begin) -> None:
    run = begin(*COUNTED)

    _, outcomes = outcomes_of(run)

    results = {outcome.key: outcome.results["count"].values["day_count"] for outcome in outcomes}
    assert results == {"is_many__many": Decimal(11), "is_many__few": Decimal(10)}


def test_a_step_that_fails_is_an_incident_and_can_be_tried_again(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        service_task("note", "leave.note"),
        flow("start", "note", "end"),
        results={"note": Result(fails=True)},
    )
    failed_at = failure_of(run)
    with run.factory() as session:
        incident_id = session.scalars(select(Incident.id)).one()

    run.retry(incident_id)

    assert failed_at == "note"
    assert failure_of(run) == ""
    assert state_of(run) == (InstanceState.COMPLETED, "end")


def test_an_action_may_throw_an_error_of_the_diagram(begin: Begin) -> None:
    error = '<error id="e" name="e" errorCode="too_late"/>'
    run = begin(
        start_and_end(),
        service_task("note", "leave.note"),
        '<boundaryEvent id="caught" attachedToRef="note">'
        '<errorEventDefinition errorRef="e"/></boundaryEvent>',
        '<endEvent id="refused"/>',
        flow("start", "note", "end"),
        flow("caught", "refused"),
        declarations=error,
        results={"note": Result(error_code="too_late")},
    )

    assert state_of(run) == (InstanceState.COMPLETED, "refused")


WAITING = (
    start_and_end(),
    '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>',
    gateway("is_good", "bad"),
    '<endEvent id="bad"/>',
    flow("start", "wait", "is_good", "bad"),
    conditional("is_good", "end", "is_accepted"),
)


def test_a_message_brings_what_is_read_behind_it(begin: Begin) -> None:
    run = begin(*WAITING, declarations=MESSAGE, variables={"case_id": Decimal(7)})
    with run.factory() as session:
        wait = session.scalars(select(MessageSubscription)).one()

    outcomes = find_outcomes(run, message(run, wait))
    run.send(wait.workflow_task_id, outcomes[-1].attempt.values)

    assert run.demands.started_with == ("case_id",)
    assert [outcome.attempt.values for outcome in outcomes] == [{"is_accepted": True}, {"is_accepted": False}]
    assert state_of(run) == (InstanceState.COMPLETED, "bad")


def test_what_a_start_needs_is_made_up(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        user_task("sign", "=&quot;unit_head@&quot; + unit_code"),
        flow("start", "sign", "end"),
    )

    [outcome] = find_outcomes(run, beginning(run, "start"))

    assert outcome.attempt.values == {"unit_code": "unit_a"}
    assert outcome.rehearsal.failure == ""


TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="http://example.org">
<decision id="grade" name="grade"><variable name="grade" typeRef="string"/>
<decisionTable hitPolicy="FIRST"><input id="i"><inputExpression><text>rank</text></inputExpression></input>
<output id="o" name="grade"/>
<rule id="r1"><inputEntry id="a"><text>"gold", "silver"</text></inputEntry>
<outputEntry id="b"><text>"high"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text>-</text></inputEntry>
<outputEntry id="d"><text>"low"</text></outputEntry></rule></decisionTable></decision></definitions>"""
DECIDED = (
    '<businessRuleTask id="decide"><extensionElements><zeebe:calledDecision decisionId="grade"'
    ' resultVariable="grade"/></extensionElements></businessRuleTask>'
)
GRADED = (
    '<startEvent id="start"/><endEvent id="high"/><endEvent id="low"/>',
    DECIDED,
    gateway("is_high", "low"),
    flow("start", "decide", "is_high", "low"),
    conditional("is_high", "high", "grade = &quot;high&quot;"),
)


def test_values_come_from_the_cells_of_a_decision_table(setup: Setup, opened: list[DryRun]) -> None:
    files = {"p.bpmn": bpmn("p", *GRADED), "grade.dmn": TABLE}
    run = DryRun.begin("p", files, setup, folder=setup.files, language="vi", now=MONDAY)
    opened.append(run)

    outcomes = find_outcomes(run, beginning(run, "start"))

    found = {outcome.key: outcome.attempt.values["rank"] for outcome in outcomes}
    assert found == {"is_high__high": "gold", "is_high__low": "(rank)"}


def test_a_definition_with_an_error_is_not_played(begin: Begin) -> None:
    with pytest.raises(NotPublishableError) as refused:
        begin('<startEvent id="start"/><complexGateway id="odd"/>', flow("start", "odd"))

    assert {problem.element_id for problem in refused.value.problems} >= {"odd"}


def test_a_run_plays_itself_to_the_end_on_new_ways_first(begin: Begin) -> None:
    run = begin(*APPROVAL)

    arrival = run_to_end(run)

    assert arrival.ending == "completed"
    with run.factory() as session:
        done = session.scalars(select(Task.element_id).order_by(Task.id)).all()
        gone = {flow for step in steps_of(session) for flow in step.flows}
    assert done == ["ask", "decide"]
    assert gone == {"start__ask", "ask__decide", "decide__is_approved", "is_approved__end"}


def test_a_loop_that_never_ends_is_left_after_a_while(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        user_task("ask", "officer"),
        '<exclusiveGateway id="is_enough" default="is_enough__ask"/>',
        flow("start", "ask", "is_enough", "ask"),
        '<sequenceFlow id="is_enough__end" sourceRef="is_enough" targetRef="end">'
        "<conditionExpression>=1 > 2</conditionExpression></sequenceFlow>",
    )

    assert run_to_end(run, moves=4).ending == "bounded"


def test_a_run_that_nobody_can_move_says_where_it_stands(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        user_task("ask", "", assignee="=boss"),
        flow("start", "ask", "end"),
        variables={"boss": "nobody.here"},
    )

    arrival = run_to_end(run)

    assert (arrival.ending, arrival.element_id) == ("incident", "ask")
    assert "nobody.here" in arrival.reason


def test_a_run_has_an_end_to_its_steps(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(*APPROVAL)
    monkeypatch.setattr(play, "STEPS_LIMIT", 1)

    with pytest.raises(RunTooLongError):
        run.jump(EIGHT + timedelta(days=1))


def test_a_run_goes_on_from_its_bytes(begin: Begin, setup: Setup, opened: list[DryRun]) -> None:
    run = begin(*APPROVAL)
    do_task(run)

    again = DryRun.resume(run.content(), setup)
    opened.append(again)

    assert again.now == run.now
    assert open_task(again) == open_task(run)


@pytest.mark.parametrize(
    "value",
    [None, True, Decimal("1.5"), 'có "dấu"', date(2026, 11, 23), MONDAY, [Decimal(1), {"a b": ["x"]}], {}],
)
def test_what_is_written_is_read_again(value: Value) -> None:
    assert read_variables(write_variables({"x": value})) == {"x": value}


@pytest.mark.parametrize("text", ["x", "= 1", "x = ", "2x = 1", "x = (", "__x = 1", "x 1 = 2"])
def test_a_line_that_says_no_variable_is_refused(text: str) -> None:
    with pytest.raises(BadLineError) as refused:
        read_variables(f"ok = 1\n\n{text}")

    assert (refused.value.number, refused.value.line) == (3, text)


# The shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Return an empty shelf."""
    return Shelf(tmp_path / "dry-runs")


@pytest.fixture
def about(shelf: Shelf, setup: Setup) -> About:
    """Return a run of person 1 that has begun."""
    return put_on(shelf, setup, owner_id=1)


def beginner(setup: Setup, files: dict[str, bytes]) -> Callable[[Path], DryRun]:
    """Return what begins a run of files in the folder it is given."""
    return lambda folder: DryRun.begin("p", files, setup, folder=folder, language="vi", now=MONDAY)


def put_on(shelf: Shelf, setup: Setup, *, owner_id: int, at: datetime = MONDAY) -> About:
    """Add a run to a shelf."""
    files = {"p.bpmn": bpmn("p", *APPROVAL), "decide.form": DECIDE}
    wanted = About("", owner_id, at, "Xin nghỉ", "Leave", version_id=3)
    return shelf.add(
        wanted,
        beginner(setup, files),
        now=at,
    )


def test_a_run_is_found_by_its_owner_alone(shelf: Shelf, about: About) -> None:
    assert shelf.find(about.token, owner_id=1, now=MONDAY) == about
    for token, owner_id in ((about.token, 2), ("x" * 22, 1), (f"../{about.token}", 1), ("", 1)):
        with pytest.raises(NotFoundError):
            shelf.find(token, owner_id=owner_id, now=MONDAY)


def test_going_back_restores_the_run_exactly(shelf: Shelf, about: About, setup: Setup) -> None:
    with shelf.opened(about.token, setup) as run:
        begun = run.content()
    with shelf.played(about.token, setup, after=1, now=MONDAY) as run:
        run.start({})
    with shelf.played(about.token, setup, after=2, now=MONDAY) as run:
        do_task(run)

    shelf.go_back(about.token, after=3, to=1, now=MONDAY)

    with shelf.opened(about.token, setup) as run:
        assert run.content() == begun
    assert shelf.step_number(about.token) == 1


def test_a_step_that_raises_leaves_the_run_as_it_was(shelf: Shelf, about: About, setup: Setup) -> None:
    def fail() -> None:
        with shelf.played(about.token, setup, after=1, now=MONDAY) as run:
            run.start({})
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert shelf.step_number(about.token) == 1
    with shelf.opened(about.token, setup) as run, run.factory() as session:
        assert session.scalars(select(ProcessInstance)).all() == []


def test_two_steps_at_once_are_one_too_many(shelf: Shelf, about: About, setup: Setup) -> None:
    with shelf.played(about.token, setup, after=1, now=MONDAY) as run:
        run.start({})
        with pytest.raises(ConflictError), shelf.played(about.token, setup, after=1, now=MONDAY):
            pass

    with pytest.raises(ConflictError), shelf.played(about.token, setup, after=1, now=MONDAY):
        pass


def test_a_run_is_thrown_away_after_a_day(shelf: Shelf, about: About) -> None:
    tomorrow = MONDAY + timedelta(days=1, minutes=1)

    with pytest.raises(NotFoundError):
        shelf.find(about.token, owner_id=1, now=tomorrow)
    assert shelf.sweep(tomorrow) == 1
    assert list(shelf.folder.iterdir()) == []


def test_of_many_runs_of_a_person_the_oldest_go(
    shelf: Shelf, setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.dry_runs.shelf.KEPT_PER_PERSON", 2)
    other = put_on(shelf, setup, owner_id=2)
    own = [put_on(shelf, setup, owner_id=1, at=MONDAY + timedelta(minutes=n)) for n in range(3)]

    assert {path.name for path in shelf.folder.iterdir()} == {other.token, own[1].token, own[2].token}


def test_a_definition_that_cannot_begin_leaves_no_folder(shelf: Shelf, setup: Setup) -> None:
    wanted = About("", 1, MONDAY, "Hỏng", "Broken")
    files = {"p.bpmn": bpmn("p", '<complexGateway id="odd"/>')}

    with pytest.raises(NotPublishableError):
        shelf.add(
            wanted,
            beginner(setup, files),
            now=MONDAY,
        )

    assert list(shelf.folder.iterdir()) == []


def test_the_inbox_of_an_invented_person_is_the_real_one(begin: Begin) -> None:
    run = begin(*APPROVAL)

    with run.factory() as session:
        people = {person.username: person for person in session.scalars(select(Person))}
        offered = [task.element_id for task in tasks.inbox_groups(session, people["officer.2"], run.now)]
        others = tasks.inbox_groups(session, people["head.1"], run.now)

    assert offered == ["ask"]
    assert others == []


def test_what_a_start_brings_is_made_up_even_if_a_later_step_sets_it(
    setup: Setup, opened: list[DryRun]
) -> None:
    body = (
        (
            '<startEvent id="start"><extensionElements><zeebe:properties>'
            '<zeebe:property name="brings" value="due_on"/></zeebe:properties></extensionElements>'
            "</startEvent>"
        ),
        '<endEvent id="end"/>',
        (
            '<intermediateCatchEvent id="wait"><timerEventDefinition>'
            "<timeDate>=add working days(due_on, 1)</timeDate></timerEventDefinition>"
            "</intermediateCatchEvent>"
        ),
        (
            '<scriptTask id="move"><extensionElements>'
            '<zeebe:script expression="=today()" resultVariable="due_on"/></extensionElements></scriptTask>'
        ),
        flow("start", "wait", "move", "end"),
    )
    files = {"p.bpmn": bpmn("p", *body)}
    run = DryRun.begin("p", files, setup, folder=setup.files, language="vi", now=MONDAY)
    opened.append(run)

    assert run_to_end(run).ending == "completed"


def test_an_event_beside_the_rest_happens_once_and_an_interruption_last(begin: Begin) -> None:
    run = begin(
        start_and_end(),
        f'<intermediateCatchEvent id="wait">{TIMER}</intermediateCatchEvent>',
        beside("asked", is_interrupting=False),
        beside("stopped", is_interrupting=True),
        flow("start", "wait", "end"),
        declarations="".join(
            MESSAGE.replace('"m" name="answered"', f'"{name}_m" name="{name}"')
            for name in ("asked", "stopped")
        ),
        variables={"case_id": "7"},
    )

    arrival = run_to_end(run)

    assert arrival.ending == "completed"
    with run.factory() as session:
        heard = select(HistoryEvent.element_id).where(HistoryEvent.kind == "message_received")
        assert session.scalars(heard).all() == ["asked_start"]
