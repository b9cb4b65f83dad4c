"""Walks a diagram's tree and names everything that the dialect does not have in its place."""

import re
from typing import Final

from engine.ingest.dialect import (
    BPMN_RULES,
    DRAWN,
    DRAWN_NAMESPACES,
    FIXED_VALUES,
    REFUSED,
    TEMPLATE_MARKS,
    TEXT_ELEMENTS,
    ZEEBE_RULES,
    Rule,
)
from engine.ingest.report import Report
from engine.ingest.xml import BPMN, XSI, ZEEBE, Node, local_name

MOST_ATTRIBUTES: Final = 60
MOST_ELEMENTS: Final = 30_000
LONGEST_NAME: Final = 1_000
LONGEST_TEXT: Final = 60_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_XSI_ATTRIBUTES: Final = frozenset({"type", "schemaLocation", "noNamespaceSchemaLocation"})


def check_policy(root: Node, report: Report) -> None:
    """Report what is unknown, refused, foreign, said twice or too big."""
    waiting = [root]
    count = 0
    while waiting:
        node = waiting.pop()
        count += 1
        if count > MOST_ELEMENTS:
            report.add("too_many_elements", limit=str(MOST_ELEMENTS))
            return
        _check_attributes(node, report)
        waiting.extend(reversed(_check_children(node, report)))


def _check_children(node: Node, report: Report) -> list[Node]:
    """Report children that do not belong here; return those to look into."""
    if _is_text(node):
        if len(node):
            report.add("elements_in_text", node, kind=local_name(node))
        return []
    entered: list[Node] = []
    seen: set[str] = set()
    for child in node:
        namespace, name = namespace_of(child), local_name(child)
        if namespace in DRAWN_NAMESPACES or (namespace == BPMN and name in DRAWN):
            _check_drawing(child, report)
            continue
        if _is_single(node, name) and child.tag in seen:
            report.add("extension_twice", node, kind=name)
        seen.add(str(child.tag))
        if _belongs(node, child, report):
            entered.append(child)
    return entered


def _is_text(node: Node) -> bool:
    return namespace_of(node) == BPMN and local_name(node) in TEXT_ELEMENTS


def _is_single(parent: Node, name: str) -> bool:
    """Whether only the first of several would be read, so that a second one hides what is meant."""
    if name == "extensionElements" or local_name(parent) == "extensionElements":
        return True
    return name in {"multiInstanceLoopCharacteristics", "conditionExpression", "completionCondition"}


def _belongs(parent: Node, child: Node, report: Report) -> bool:
    namespace, name = namespace_of(child), local_name(child)
    if namespace not in {BPMN, ZEEBE}:
        report.add("foreign_element", child, kind=name, namespace=namespace or "–")
        return False
    if name in REFUSED and name not in _allowed(parent, namespace):
        report.add("loop_cardinality" if name == "loopCardinality" else "refused_element", child, kind=name)
        return False
    if name not in _allowed(parent, namespace):
        if name.endswith("EventDefinition") and local_name(parent).endswith("Event"):
            report.add("event_kind", child, kind=name.removesuffix("EventDefinition"))
        else:
            report.add("unknown_element", child, kind=name)
        return False
    return True


def _allowed(parent: Node, namespace: str) -> frozenset[str]:
    """Return the names that children of ``parent`` in ``namespace`` may have."""
    if local_name(parent) == "extensionElements" and namespace_of(parent) == BPMN:
        host = parent.getparent()
        if host is None or namespace == BPMN:
            return frozenset()
        return _rule(host).extensions | {"properties"}
    if namespace == BPMN:
        return _rule(parent).children | {"documentation", "extensionElements"}
    return _rule(parent).children if namespace_of(parent) == ZEEBE else frozenset()


def _rule(node: Node) -> Rule:
    rules = ZEEBE_RULES if namespace_of(node) == ZEEBE else BPMN_RULES
    return rules.get(local_name(node), Rule())


def _check_attributes(node: Node, report: Report) -> None:
    if len(node.attrib) > MOST_ATTRIBUTES:
        report.add("too_many_attributes", node)
        return
    for key, value in node.attrib.items():
        namespace, _, name = str(key).rpartition("}")
        _check_text(node, name, str(value), report=report)
        if not _is_known_attribute(node, namespace.lstrip("{"), name):
            report.add("unknown_attribute", node, attribute=name, kind=local_name(node))
        elif name in {"language", "expressionLanguage"}:
            _check_language(node, str(value), report)
        elif not namespace and str(value) not in FIXED_VALUES.get(name, {str(value)}):
            report.add("attribute_value", node, attribute=name, value=str(value))
    _check_text(node, local_name(node), node.text or "", report=report)


def _is_known_attribute(node: Node, namespace: str, name: str) -> bool:
    if namespace == XSI:
        return name in _XSI_ATTRIBUTES
    if namespace == ZEEBE:
        return name in TEMPLATE_MARKS
    if namespace:
        return namespace in DRAWN_NAMESPACES
    common = {"id", "name"} if namespace_of(node) == BPMN else set[str]()
    return name in common or name in _rule(node).attributes


def _check_language(node: Node, language: str, report: Report) -> None:
    if "feel" not in language.lower():
        report.add("language_not_feel", node, value=language)


def _check_text(node: Node, name: str, value: str, *, report: Report) -> None:
    spoken = name in {"name", "id"} and local_name(node) not in {"message", "signal"}
    limit = LONGEST_NAME if spoken else LONGEST_TEXT
    if len(value) > limit:
        report.add("text_too_long", node, attribute=name, limit=str(limit))
    if _CONTROL.search(value):
        report.add("control_character", node, attribute=name)


def _check_drawing(node: Node, report: Report) -> None:
    """Report what does not belong into a drawing: elements that some other tool would execute."""
    for inner in node.iter():
        namespace, name = namespace_of(inner), local_name(inner)
        drawn = namespace in DRAWN_NAMESPACES or namespace == BPMN
        if not drawn and not (namespace == ZEEBE and name in {"properties", "property"}):
            report.add("foreign_element", inner, kind=name, namespace=namespace or "–")
        if namespace == BPMN:
            for key, value in inner.attrib.items():
                _check_text(inner, str(key), str(value), report=report)
            _check_text(inner, name, inner.text or "", report=report)


def namespace_of(node: Node) -> str:
    """Return the namespace of ``node``; empty where it has none."""
    return str(node.tag).rpartition("}")[0].lstrip("{")
