"""Builds small decision models: what a test does not say is left out or ordinary."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def model(*declarations: str, namespace: str = "urn:model", attributes: str = "") -> bytes:
    """Return a file of declarations."""
    head = f'<definitions xmlns="{DMN}" id="model" name="model" namespace="{namespace}" {attributes}>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{"".join(declarations)}</definitions>'.encode()


def input_data(name: str, type_ref: str = "Any") -> str:
    """Return an input whose id is its name without spaces."""
    return f'<inputData id="{element_id(name)}" name={quoteattr(name)}>{variable(name, type_ref)}</inputData>'


def decision(name: str, logic: str, *, needs: Sequence[str] = (), type_ref: str = "Any") -> str:
    """Return a decision that needs inputs, ``decision:`` decisions and ``knowledge:`` business knowledge."""
    arrows = "".join(map(_arrow, needs))
    head = f'<decision id="{element_id(name)}" name={quoteattr(name)}>'
    return f"{head}{variable(name, type_ref)}{arrows}{logic}</decision>"


def knowledge(
    name: str, parameters: Sequence[tuple[str, str]], logic: str, *, needs: Sequence[str] = ()
) -> str:
    """Return a business knowledge model with its parameters and their types."""
    formal = "".join(f'<formalParameter name={quoteattr(p)} typeRef="{t}"/>' for p, t in parameters)
    head = f'<businessKnowledgeModel id="{element_id(name)}" name={quoteattr(name)}>{variable(name, "Any")}'
    body = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
    return f"{head}{body}{''.join(map(_arrow, needs))}</businessKnowledgeModel>"


def service(
    name: str, *, outputs: Sequence[str], inputs: Sequence[str] = (), encapsulated: Sequence[str] = ()
) -> str:
    """Return a decision service; ``inputs`` are inputs, or decisions with ``decision:`` before them."""
    parts = [f'<outputDecision href="#{element_id(one)}"/>' for one in outputs]
    parts += [f'<encapsulatedDecision href="#{element_id(one)}"/>' for one in encapsulated]
    for one in inputs:
        kind, _, named = one.rpartition(":")
        parts.append(f'<{"inputDecision" if kind else "inputData"} href="#{element_id(named)}"/>')
    head = f'<decisionService id="{element_id(name)}" name={quoteattr(name)}>{variable(name, "Any")}'
    return f"{head}{''.join(parts)}</decisionService>"


def literal(text: str) -> str:
    """Return a literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def item_definition(
    name: str, type_ref: str = "", *, allowed: str = "", attributes: str = "", inside: str = ""
) -> str:
    """Return a type; ``inside`` may hold its components."""
    reference = f"<typeRef>{type_ref}</typeRef>" if type_ref else ""
    values = f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    return (
        f'<itemDefinition id="{name}" name="{name}" {attributes}>{reference}{values}{inside}</itemDefinition>'
    )


def table(  # noqa: PLR0913 -- by keyword
    rules: Sequence[str],
    *,
    inputs: Sequence[str] = ("score:number",),
    outputs: Sequence[str] = ("award:string",),
    policy: str = "UNIQUE",
    aggregation: str = "",
    input_values: str = "",
    output_values: Sequence[str] = (),
    defaults: Sequence[str] = (),
    annotations: Sequence[str] = (),
) -> str:
    """Return a decision table; the cells of a rule are parted by ``|``, columns are ``name:type``."""
    gathered = f' aggregation="{aggregation}"' if aggregation else ""
    columns = [_input(column, input_values) for column in inputs]
    for place, column in enumerate(outputs):
        values = output_values[place] if place < len(output_values) else ""
        default = defaults[place] if place < len(defaults) else ""
        columns.append(_output(column, values, default))
    columns += [f"<annotation name={quoteattr(name)}/>" for name in annotations]
    rows = [_rule(rule, len(inputs), len(outputs), number) for number, rule in enumerate(rules, 1)]
    return f'<decisionTable hitPolicy="{policy}"{gathered}>{"".join(columns + rows)}</decisionTable>'


def variable(name: str, type_ref: str) -> str:
    """Return the variable of an element."""
    return f'<variable name={quoteattr(name)} typeRef="{type_ref}"/>'


def element_id(name: str) -> str:
    """Return the id of the element of this name."""
    return name.replace(" ", "_")


def _arrow(need: str) -> str:
    kind, _, name = need.rpartition(":")
    outer, inner = {
        "": ("informationRequirement", "requiredInput"),
        "decision": ("informationRequirement", "requiredDecision"),
        "knowledge": ("knowledgeRequirement", "requiredKnowledge"),
    }[kind]
    href = name if "#" in name else f"#{element_id(name)}"
    return f'<{outer}><{inner} href="{href}"/></{outer}>'


def _input(column: str, values: str) -> str:
    text, _, type_ref = column.partition(":")
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    return (
        f'<input><inputExpression typeRef="{type_ref or "Any"}"><text>{escape(text)}</text></inputExpression>'
        f"{allowed}</input>"
    )


def _output(column: str, values: str, default: str) -> str:
    name, _, type_ref = column.partition(":")
    allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    otherwise = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f'<output name={quoteattr(name)} typeRef="{type_ref or "Any"}">{allowed}{otherwise}</output>'


def _rule(rule: str, inputs: int, outputs: int, number: int) -> str:
    cells = [f"<text>{escape(cell.strip())}</text>" for cell in rule.split("|")]
    kinds = ["inputEntry"] * inputs + ["outputEntry"] * outputs
    kinds += ["annotationEntry"] * (len(cells) - len(kinds))
    entries = "".join(f"<{kind}>{cell}</{kind}>" for kind, cell in zip(kinds, cells, strict=False))
    return f'<rule id="rule_{number}">{entries}</rule>'
