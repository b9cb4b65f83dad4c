"""How elements hang together: what would never run, never end, or run by chance."""

import pytest
from ingest_diagrams import END, START, around, check, codes, extended, flow, flows, process, user_task

from engine.ingest import Severity
from engine.ingest.components import strongly_connected

TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
MESSAGE = extended("message", "m", '<zeebe:subscription correlationKey="=code"/>', attributes='name="paid"')
NO_MESSAGE = "<bpmn:messageEventDefinition/>"
ON_MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'


def gateway(kind: str, element_id: str, default: str = "") -> str:
    """Return a gateway."""
    return f'<bpmn:{kind}Gateway id="{element_id}"' + (f' default="{default}"/>' if default else "/>")


def test_simple_process_has_no_problem() -> None:
    assert not codes(around(user_task("ask"), "ask"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (user_task("ask") + END + flows("ask", "end"), {("start_missing", "leave"), ("no_incoming", "ask")}),
        (START + user_task("ask") + flows("start", "ask") + user_task("lost"), {("no_incoming", "lost")}),
        (
            START + END + flows("start", "end") + user_task("a") + user_task("b") + flows("a", "b", "a"),
            {("unreachable", "a"), ("unreachable", "b")},
        ),
        (
            START
            + START.replace('"start"', '"start2"')
            + END
            + flows("start", "end")
            + flows("start2", "end"),
            {("start_twice", "start2")},
        ),
        (START + END + user_task("ask") + flows("start", "end", "ask"), {("flow_out_of", "end")}),
        (
            START + user_task("ask") + END + flows("start", "ask", "end") + flow("ask", "start"),
            {("flow_into", "start")},
        ),
    ],
)
def test_start_end_and_reach(body: str, expected: set[tuple[str, str]]) -> None:
    assert codes(process(body)) == expected


def test_flow_may_not_cross_the_border_of_a_sub_process() -> None:
    inner = START.replace('"start"', '"start2"') + END.replace('"end"', '"end2"') + flows("start2", "end2")
    body = (
        START
        + f'<bpmn:subProcess id="part">{inner}</bpmn:subProcess>'
        + flows("start", "part")
        + user_task("ask")
    )

    assert ("flow_crosses", "start2_ask") in codes(process(body + flow("start2", "ask")))


def test_gateway_needs_conditions_or_a_default() -> None:
    body = START + gateway("exclusive", "choice") + user_task("ask") + END
    flows_out = flows("start", "choice", "ask") + flow("choice", "end", "=agreed")

    assert ("condition_missing", "choice") in codes(process(body + flows_out))


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [("=not(agreed)", []), ("=count(tries) > 2", [(Severity.NOTE, "default_missing")])],
)
def test_gateway_without_default_is_noted_unless_all_cases_have_a_way(
    otherwise: str, expected: list[tuple[Severity, str]]
) -> None:
    body = START + gateway("exclusive", "choice") + user_task("ask") + END + flows("start", "choice")
    both = flow("choice", "ask", otherwise) + flow("choice", "end", "=agreed")

    assert [(p.severity, p.code) for p in check(process(body + both))] == expected


def test_condition_belongs_to_a_choosing_gateway() -> None:
    body = START + user_task("ask") + END + flows("start", "ask") + flow("ask", "end", "=agreed")

    assert codes(process(body)) == {("condition_not_here", "ask_end")}


def test_automatic_cycle_without_a_way_out_is_refused() -> None:
    body = (
        START
        + gateway("exclusive", "join")
        + '<bpmn:task id="step"/>'
        + flows("start", "join", "step", "join")
    )

    assert codes(process(body)) == {("automatic_cycle", "join")}


def test_cycle_with_a_person_is_accepted_if_it_can_be_left() -> None:
    body = START + gateway("exclusive", "join") + user_task("ask") + flows("start", "join", "ask")
    way_out = gateway("exclusive", "choice", "choice_join") + END + flow("choice", "end", "=agreed")

    assert not codes(process(body + way_out + flows("ask", "choice", "join")))
    assert codes(process(body + flows("ask", "join"))) == {("endless", "join")}


@pytest.mark.parametrize(
    ("condition", "refused"), [("=true", True), ("=tries &lt; 3", False), ("=1 > 2", False)]
)
def test_way_out_that_is_never_taken_does_not_count(condition: str, refused: bool) -> None:
    body = (
        START
        + gateway("exclusive", "choice", "choice_end")
        + '<bpmn:task id="step"/>'
        + END
        + flows("start", "choice", "end")
        + flow("choice", "step", condition)
        + flows("step", "choice")
    )

    assert (("automatic_cycle", "choice") in codes(process(body))) is refused


def test_parallel_join_after_a_choice_is_refused() -> None:
    body = (
        START
        + gateway("exclusive", "choice", "choice_a")
        + user_task("a")
        + user_task("b")
        + gateway("parallel", "join")
        + END
        + flows("start", "choice", "a", "join", "end")
        + flow("choice", "b", "=agreed")
        + flows("b", "join")
    )

    assert codes(process(body)) == {("deadlock", "join")}
    assert not codes(
        process(
            body.replace(
                'exclusiveGateway id="choice" default="choice_a"', 'parallelGateway id="choice"'
            ).replace("<bpmn:conditionExpression>=agreed</bpmn:conditionExpression>", "")
        )
    )


def test_links_lead_to_their_catch_event() -> None:
    link = '<bpmn:linkEventDefinition name="{}"/>'
    throw = f'<bpmn:intermediateThrowEvent id="throw">{link.format("L")}</bpmn:intermediateThrowEvent>'
    catch = f'<bpmn:intermediateCatchEvent id="catch">{link.format("L")}</bpmn:intermediateCatchEvent>'
    body = START + throw + catch + user_task("ask") + flows("start", "throw") + flows("catch", "ask")

    assert not codes(process(body))
    assert ("link_dangling", "throw") in codes(process(body.replace('name="L"', 'name="M"', 1)))


def test_calls_in_a_circle_are_refused_across_files() -> None:
    def calling(process_id: str, called: str) -> bytes:
        call = extended("callActivity", "call", f'<zeebe:calledElement processId="{called}"/>')
        return process(START + call + END + flows("start", "call", "end"), process_id=process_id)

    assert codes(calling("leave", "pay"), pay=calling("pay", "leave")) == {("call_cycle", "call")}
    assert not codes(
        calling("leave", "pay"), pay=process(START + END + flows("start", "end"), process_id="pay")
    )


def test_two_boundaries_for_one_message_are_refused() -> None:
    boundaries = "".join(
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="ask">{ON_MESSAGE}</bpmn:boundaryEvent>'
        for name in "ab"
    )
    body = (
        START
        + user_task("ask")
        + boundaries
        + END
        + flows("start", "ask", "end")
        + flow("a", "end")
        + flow("b", "end")
    )

    assert codes(process(body, top=MESSAGE)) == {("message_twice", "b")}


def test_event_gateway_waits_for_events_only() -> None:
    timer = f'<bpmn:intermediateCatchEvent id="late">{TIMER}</bpmn:intermediateCatchEvent>'
    paid = f'<bpmn:intermediateCatchEvent id="paid">{ON_MESSAGE}</bpmn:intermediateCatchEvent>'
    body = START + gateway("eventBased", "wait") + timer + END + flows("start", "wait", "late", "end")

    assert not codes(process(body + paid + flows("wait", "paid", "end"), top=MESSAGE))
    assert codes(process(body + user_task("ask") + flows("wait", "ask", "end"))) == {
        ("event_gateway_target", "ask")
    }


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (
            f'<bpmn:intermediateCatchEvent id="x">{TIMER}{TIMER}</bpmn:intermediateCatchEvent>',
            "event_multiple",
        ),
        ('<bpmn:intermediateCatchEvent id="x"/>', "event_kind"),
        (
            f'<bpmn:intermediateCatchEvent id="x">{NO_MESSAGE}</bpmn:intermediateCatchEvent>',
            "event_name_missing",
        ),
        (
            '<bpmn:intermediateThrowEvent id="x"><bpmn:errorEventDefinition/></bpmn:intermediateThrowEvent>',
            "event_kind",
        ),
        ('<bpmn:receiveTask id="x"/>', "event_reference_missing"),
        ('<bpmn:serviceTask id="x"/>', "action_missing"),
        ('<bpmn:callActivity id="x"/>', "call_none"),
        ('<bpmn:businessRuleTask id="x"/>', "decision_none"),
        ('<bpmn:scriptTask id="x"/>', "script_not_feel"),
    ],
)
def test_element_must_say_what_it_does(event: str, code: str) -> None:
    assert (code, "x") in codes(around(event, "x"))


def test_long_chain_is_refused() -> None:
    names = [f"t{number}" for number in range(400)]
    steps = "".join(f'<bpmn:task id="{name}"/>' for name in names)

    assert codes(process(START + steps + END + flows("start", *names, "end"))) == {
        ("chain_too_long", "leave")
    }


def test_too_many_elements_are_refused() -> None:
    names = [f"t{number}" for number in range(2_001)]
    steps = "".join(f'<bpmn:task id="{name}"/>' + flow("start", name) for name in names)

    assert codes(process(START + steps)) == {("too_many_elements", None)}


def test_deep_nesting_is_refused() -> None:
    inner = user_task("ask")
    for level in range(40):
        inner = f'<bpmn:subProcess id="p{level}"><bpmn:startEvent id="s{level}"/>{inner}</bpmn:subProcess>'
        inner += flow(f"s{level + 1}" if level < 39 else "start", f"p{level}")

    found = {code for code, _ in codes(process(START + inner))}

    assert "nesting_too_deep" in found


def test_components_of_a_graph() -> None:
    graph = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": [], "f": ["f"]}

    assert [sorted(component) for component in strongly_connected(graph)] == [
        ["e"],
        ["d"],
        ["a", "b", "c"],
        ["f"],
    ]


def test_components_of_a_long_chain_need_no_recursion() -> None:
    graph = {str(number): [str(number + 1)] for number in range(20_000)} | {"20000": ["0"]}

    assert [len(component) for component in strongly_connected(graph)] == [20_001]
