"""Multi-instance: votes, reviews, sequences."""
# ruff: noqa: E501 -- lines of diagrams

from collections.abc import Sequence
from datetime import timedelta

import pytest
from walking import Walk, diagram, extended, timer

from engine.errors import QuotaExceededError, StepFailedError

MEMBERS = ["an", "binh", "chi"]


def vote(
    *, sequential: bool = False, condition: str = "", edge: str = "", inner: str = "", loop: str = ""
) -> bytes:
    kind = "true" if sequential else "false"
    ends = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    facts = loop or 'inputElement="member" outputCollection="votes" outputElement="=vote"'
    marker = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{kind}">'
        f'{extended(f"""<zeebe:loopCharacteristics inputCollection="=members" {facts}/>""")}{ends}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    body = inner or f'<bpmn:userTask id="ballot">{marker}</bpmn:userTask>'
    return diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="after"/>
        {body.replace("MARKER", marker)}
        {edge}
        s -> ballot -> after
        """
    )


def members_of(walk: Walk) -> list[object]:
    tasks = walk.tasks("ballot")
    return [walk.execution.variables_at(task.workflow_task_id)["member"] for task in tasks]


def test_every_member_gets_a_ballot_and_results_stand_in_the_members_order() -> None:
    walk = Walk(vote(), variables={"members": MEMBERS})
    assert members_of(walk) == MEMBERS

    walk.complete("ballot", place=2, vote="third")
    walk.complete("ballot", place=0, vote="first")
    assert members_of(walk) == ["binh"]
    walk.complete("ballot", vote="second")

    assert walk.open == ["after"]
    assert walk.variables["votes"] == ["first", "second", "third"]
    assert "vote" not in walk.variables
    assert "member" not in walk.variables


def test_ballots_are_counted_after_a_reload_with_a_program_built_anew() -> None:
    walk = Walk(vote(), variables={"members": MEMBERS})
    for _ in MEMBERS:
        walk.reload()
        walk.complete("ballot", vote="yes")

    assert walk.open == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("places", [(0, 0), (2, 0)])
def test_a_majority_ends_the_vote_early(places: Sequence[int], *, sequential: bool) -> None:
    walk = Walk(
        vote(sequential=sequential, condition='=count(votes[item = "yes"]) &gt; nrOfInstances / 2'),
        variables={"members": MEMBERS},
    )

    walk.complete("ballot", place=0 if sequential else places[0], vote="yes")
    assert walk.tasks("ballot")
    walk.complete("ballot", place=0 if sequential else places[1], vote="yes")

    assert walk.open == ["after"]


def test_the_condition_knows_the_counts_and_the_ballot_just_cast() -> None:
    walk = Walk(
        vote(condition='=vote = "no" or numberOfCompletedInstances = 2'), variables={"members": MEMBERS}
    )
    walk.complete("ballot", vote="yes")
    walk.complete("ballot", vote="yes")
    assert walk.open == ["after"]

    walk = Walk(vote(condition='=vote = "no"'), variables={"members": MEMBERS})
    walk.complete("ballot", vote="no")
    assert walk.open == ["after"]


def test_a_sequence_goes_item_by_item_with_a_counter() -> None:
    walk = Walk(vote(sequential=True), variables={"members": MEMBERS})
    counters: list[object] = []
    for member in MEMBERS:
        assert members_of(walk) == [member]
        task = walk.tasks("ballot")[0]
        counters.append(walk.execution.variables_at(task.workflow_task_id)["loopCounter"])
        walk.complete("ballot", vote=member)

    assert counters == [1, 2, 3]
    assert walk.variables["votes"] == MEMBERS


def test_an_empty_collection_passes_straight_through() -> None:
    walk = Walk(vote(), variables={"members": []})

    assert walk.open == ["after"]
    assert walk.variables["votes"] == []


def test_a_second_round_starts_afresh() -> None:
    walk = Walk(
        diagram(f"""
        <bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="x_to_e"/><bpmn:endEvent id="e"/>
        <bpmn:userTask id="ballot"><bpmn:multiInstanceLoopCharacteristics>
        {extended('<zeebe:loopCharacteristics inputCollection="=members" outputCollection="votes" outputElement="=vote"/>')}
        </bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
        s -> ballot -> x
        x -> ballot : =list contains(votes, "tie")
        x -> e
        """),
        variables={"members": MEMBERS},
    )
    for ballot in ("tie", "yes", "no", "yes", "yes", "yes"):
        walk.complete("ballot", vote=ballot)

    assert walk.ended == "e"
    assert walk.variables["votes"] == ["yes", "yes", "yes"]


def test_ballots_cast_before_the_deadline_are_kept_when_it_interrupts() -> None:
    edge = (
        f'<bpmn:boundaryEvent id="edge" attachedToRef="ballot">{timer("timeDuration", "P1D")}</bpmn:boundaryEvent>'
        '<bpmn:userTask id="count"/>\nedge -> count'
    )
    walk = Walk(vote(edge=edge), variables={"members": MEMBERS})
    walk.complete("ballot", place=1, vote="yes")

    walk.fire("edge")

    assert walk.open == ["count"]
    assert walk.variables["votes"] == [None, "yes", None]


def test_a_reminder_beside_a_vote_leaves_the_ballots_alone() -> None:
    edge = (
        f'<bpmn:boundaryEvent id="edge" attachedToRef="ballot" cancelActivity="false">'
        f'{timer("timeCycle", "R/P1D")}</bpmn:boundaryEvent><bpmn:task id="remind"/>\nedge -> remind'
    )
    walk = Walk(vote(edge=edge), variables={"members": MEMBERS})
    walk.complete("ballot", vote="yes")

    walk.fire("edge", late=timedelta(days=3))

    assert len(walk.tasks("ballot")) == 2
    for _ in range(2):
        walk.complete("ballot", vote="yes")
    assert walk.open == ["after"]
    assert walk.execution.timers() == []


@pytest.mark.parametrize("sequential", [False, True])
def test_a_sub_process_is_repeated_with_scopes_of_its_own(*, sequential: bool) -> None:
    inner = """
    <bpmn:subProcess id="ballot">MARKER<bpmn:startEvent id="s2"/>
    <bpmn:userTask id="mark"/><bpmn:userTask id="check"/>
    s2 -> mark -> check
    </bpmn:subProcess>
    """
    walk = Walk(vote(sequential=sequential, inner=inner), variables={"members": MEMBERS})
    while walk.tasks("mark"):
        task = walk.tasks("mark")[0]
        member = walk.execution.variables_at(task.workflow_task_id)["member"]
        walk.complete("mark", vote=member)
        walk.complete("check")

    assert walk.open == ["after"]
    assert walk.variables["votes"] == MEMBERS
    assert set(walk.variables) == {"members", "votes"}


def test_a_sub_process_that_is_interrupted_leaves_none_of_its_repetitions() -> None:
    inner = """
    <bpmn:subProcess id="ballot">MARKER<bpmn:startEvent id="s2"/><bpmn:userTask id="mark"/>
    s2 -> mark
    </bpmn:subProcess>
    """
    edge = f'<bpmn:boundaryEvent id="edge" attachedToRef="ballot">{timer("timeDuration", "P1D")}</bpmn:boundaryEvent>'
    walk = Walk(vote(inner=inner, edge=edge), variables={"members": MEMBERS})
    walk.complete("mark", vote="yes")

    walk.fire("edge")

    assert walk.open == []
    assert walk.ended is not None


def test_an_early_end_of_repeated_sub_processes_cancels_what_runs_inside() -> None:
    inner = """
    <bpmn:subProcess id="ballot">MARKER<bpmn:startEvent id="s2"/><bpmn:userTask id="mark"/>
    s2 -> mark
    </bpmn:subProcess>
    """
    walk = Walk(vote(inner=inner, condition="=nrOfCompletedInstances = 1"), variables={"members": MEMBERS})

    walk.complete("mark", vote="yes")

    assert walk.open == ["after"]


def test_service_tasks_are_repeated_in_one_step() -> None:
    inner = f"""
    <bpmn:serviceTask id="ballot">{extended('<zeebe:taskDefinition type="square"/>')}MARKER</bpmn:serviceTask>
    """
    walk = Walk(
        vote(inner=inner, loop='inputElement="n" outputCollection="squares" outputElement="=square"'),
        variables={"members": [1, 2, 3]},
        actions={"square": lambda variables: {"square": variables["n"] * variables["n"]}},  # type: ignore[operator] # numbers
    )

    assert walk.variables["squares"] == [1, 4, 9]


def test_parallel_reviews_do_not_lose_or_mix_each_others_entries() -> None:
    walk = Walk(
        vote(
            loop='inputElement="member" outputCollection="reviews"'
            ' outputElement="={by: member, text: text, mark: mark}"'
        ),
        variables={"members": ["an", "binh"]},
    )

    walk.complete("ballot", place=1, text="b", mark=2)
    walk.complete("ballot", place=0, text="a", mark=1)

    assert walk.variables["reviews"] == [
        {"by": "an", "text": "a", "mark": 1},
        {"by": "binh", "text": "b", "mark": 2},
    ]


@pytest.mark.parametrize("members", [None, "an", 3])
def test_a_collection_that_is_no_list_stops_the_step(members: object) -> None:
    with pytest.raises(StepFailedError) as failure:
        Walk(vote(), variables={"members": members})

    assert failure.value.element_id == "ballot"


def test_too_many_repetitions_are_refused() -> None:
    with pytest.raises(QuotaExceededError):
        Walk(vote(), variables={"members": list(range(1_001))})
