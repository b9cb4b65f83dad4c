"""Checks that gateways have a way for every case, and no way that nothing ever takes."""

from collections.abc import Mapping
from typing import Final

from engine.diagram import Diagram, Element, Flow
from engine.feel.nodes import Comparison, Literal, Logic, Name, Node
from engine.ingest.conditions import Case, Trial, path_of, read_node, try_conditions
from engine.ingest.dialect import CONDITIONAL_GATEWAYS
from engine.ingest.domains import Domain, Path
from engine.ingest.report import Report
from engine.ingest.variables import Known

_TWO: Final = 2


def check_gateways(diagram: Diagram, domains: Mapping[Path, Domain], known: Known, *, report: Report) -> None:
    """Report cases that no flow takes, flows that no case takes, and cases that several flows would take."""
    for element in diagram.elements.values():
        if element.kind in CONDITIONAL_GATEWAYS and len(element.outgoing) > 1:
            _check_gateway(element, diagram, domains, report=report)
    for flow in diagram.flows.values():
        _check_words(flow, domains, known, report=report)


def unquoted_words(condition: str, domains: Mapping[Path, Domain], known: Known) -> list[str]:
    """Return the names in a condition that are no variables, but options of what they are compared with."""
    node = read_node(condition)
    found: list[str] = []
    for comparison in _comparisons(node) if node is not None else []:
        left, right = comparison.left, comparison.right
        for one, other in ((left, right), (right, left)):
            domain = domains.get(path_of(one))
            if isinstance(other, Name) and other.name not in known.names and domain is not None:
                found += [other.name] if other.name in (domain.values or ()) else []
    return found


def missed_option(flow: Flow, domains: Mapping[Path, Domain]) -> tuple[str, Domain] | None:
    """Return the text with which a condition compares a field that has no such option."""
    node = read_node(flow.condition or "")
    for comparison in _comparisons(node) if node is not None else []:
        domain = domains.get(path_of(comparison.left))
        value = comparison.right.value if isinstance(comparison.right, Literal) else None
        options = domain.values if domain is not None else None
        if domain is not None and options is not None and isinstance(value, str) and value not in options:
            return value, domain
    return None


def _comparisons(node: Node) -> list[Comparison]:
    if isinstance(node, Comparison):
        return [node] if node.operator in {"=", "!="} else []
    return (
        [one for operand in node.operands for one in _comparisons(operand)] if isinstance(node, Logic) else []
    )


def _check_words(flow: Flow, domains: Mapping[Path, Domain], known: Known, *, report: Report) -> None:
    for word in unquoted_words(flow.condition or "", domains, known):
        report.add("word_unquoted", flow, value=word)


def _check_gateway(
    gateway: Element, diagram: Diagram, domains: Mapping[Path, Domain], *, report: Report
) -> None:
    flows = [diagram.flows[one] for one in gateway.outgoing if one != gateway.default_flow]
    texts = [flow.condition for flow in flows if flow.condition is not None]
    trial = try_conditions(texts, domains) if len(texts) == len(flows) else None
    if trial is None:
        if gateway.default_flow is None:
            report.add("default_missing", gateway)
        return
    _check_gap(gateway, trial, domains, diagram=diagram, report=report)
    _check_flows(flows, trial, domains, report=report)
    if gateway.kind == "exclusiveGateway":
        _check_overlap(gateway, flows, trial, domains=domains, report=report)


def _check_gap(
    gateway: Element, trial: Trial, domains: Mapping[Path, Domain], *, diagram: Diagram, report: Report
) -> None:
    missed = next((case for case, taken in trial.cases if not taken), None)
    if gateway.default_flow is None and missed is not None:
        code = "gateway_gap" if trial.is_complete else "gateway_gap_possible"
        report.add(code, gateway, **_words(missed, domains))
    elif missed is None and trial.is_complete and gateway.default_flow in diagram.flows:
        report.add("default_never", diagram.flows[gateway.default_flow or ""])


def _check_flows(flows: list[Flow], trial: Trial, domains: Mapping[Path, Domain], *, report: Report) -> None:
    """Report flows that no case takes, where all cases are known."""
    taken = {number for _, numbers in trial.cases for number in numbers}
    for number, flow in enumerate(flows):
        if not trial.is_complete or number in taken:
            continue
        missed = missed_option(flow, domains)
        if missed is None:
            report.add("condition_never", flow)
        else:
            value, domain = missed
            report.add("option_missing", flow, value=value, field=domain.label[0], field_en=domain.label[1])


def _check_overlap(
    gateway: Element,
    flows: list[Flow],
    trial: Trial,
    *,
    domains: Mapping[Path, Domain],
    report: Report,
) -> None:
    for case, taken in trial.cases:
        if len(taken) >= _TWO:
            first, second = (flows[number] for number in taken[:2])
            names = {"first": first.name or first.id, "second": second.name or second.id}
            report.add("gateway_overlap", gateway, **names, **_words(case, domains))
            return


def _words(case: Case, domains: Mapping[Path, Domain]) -> dict[str, str]:
    vi, en = case.spoken(domains)
    return {"example": vi, "example_en": en}
