"""What values a variable can have: where only fields of forms set it, nothing else can come."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine import feel
from engine.diagram import Diagram, Element
from engine.feel import Value
from engine.ingest.variables import Known

if TYPE_CHECKING:
    from engine.forms import Component, Form

Path = tuple[str, ...]
_CHOSEN: Final = frozenset({"radio", "select"})
_WORDS: Final[Mapping[object, tuple[str, str]]] = {
    None: ("để trống", "left empty"),
    True: ("có", "yes"),
    False: ("không", "no"),
}


@dataclass(frozen=True)
class Domain:
    """The possible values of a variable."""

    label: tuple[str, str]
    """How people call it, in Vietnamese and English."""
    values: tuple[Value, ...] | None = None
    """All there are, but for null; None where they cannot be listed."""
    may_be_empty: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    is_whole: bool = False
    words: Mapping[Value, tuple[str, str]] = field(default_factory=dict[Value, tuple[str, str]], hash=False)
    """How people call the values."""

    def spoken(self, value: Value) -> tuple[str, str]:
        """Return ``name = value`` in both languages."""
        vi, en = self.words.get(value) or spoken_value(value)
        return f"{self.label[0]} = {vi}", f"{self.label[1]} = {en}"


def spoken_value(value: Value) -> tuple[str, str]:
    """Return a value as people read it."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    said = format(value, "f") if isinstance(value, Decimal) else str(value)
    return said, said


def domains_of(diagrams: Iterable[Diagram], known: Known) -> Mapping[Path, Domain]:
    """Return the domains of the variables that nothing but fields of forms sets."""
    found: dict[Path, list[Domain]] = defaultdict(list)
    others: set[str] = set()
    for diagram in diagrams:
        for element in diagram.elements.values():
            form = known.forms.get(element.form_id or "") if element.kind == "userTask" else None
            given = dict(_given(element, form)) if form is not None else {}
            for path, domain in given.items():
                found[path].append(domain)
            others |= known.set_by(element).names - {path[0] for path in given}
    merged = {path: _merged(domains) for path, domains in found.items() if path[0] not in others}
    return {path: domain for path, domain in merged.items() if domain is not None}


def _given(element: Element, form: "Form") -> Iterator[tuple[Path, Domain]]:
    fields = {one.path: one for one in form.all_components if one.is_input and one.list_number is None}
    if not element.outputs:
        for path, component in fields.items():
            yield path, _domain(component, form)
        return
    for mapping in element.outputs:
        source = _path(mapping.source)
        if source in fields:
            yield tuple(mapping.target.split(".")), _domain(fields[source], form)


def _path(source: str) -> Path:
    """Return the name or path of names that an expression is."""
    if not source.startswith("="):
        return ()
    try:
        expression = feel.parse(source[1:])
    except feel.FeelSyntaxError:
        return ()
    steps = tuple(step.strip() for step in source[1:].split("."))
    return steps if steps in expression.paths or expression.names == frozenset(steps) else ()


def _domain(component: "Component", form: "Form") -> Domain:
    label = component.label
    domain = Domain(
        (label.vi or component.key, label.en or label.vi or component.key),
        may_be_empty=_may_be_empty(component, form),
    )
    if component.read_only:
        return replace(domain, may_be_empty=True)
    if component.kind == "checkbox":
        return replace(domain, values=(True,) if component.rules.required else (True, False))
    if component.kind in _CHOSEN and component.options is not None and component.options.fixed:
        options = component.options.fixed
        words: dict[Value, tuple[str, str]] = {
            one.value: (one.label.read("vi"), one.label.read("en")) for one in options
        }
        return replace(domain, values=tuple(words), words=words)
    if component.kind == "number":
        rules = component.rules
        is_whole = rules.decimal_digits == 0
        return replace(domain, minimum=rules.minimum, maximum=rules.maximum, is_whole=is_whole)
    return domain


def _may_be_empty(component: "Component", form: "Form") -> bool:
    """Whether the field may be left empty, or be hidden so that nothing comes of it."""
    is_filled = component.rules.required or component.kind == "checkbox"
    around: Component | None = component
    while around is not None:
        if around.hide is not None:
            return True
        parent = around.parent_number
        around = form.all_components[parent] if parent is not None else None
    return not is_filled


def _merged(domains: list[Domain]) -> Domain | None:
    """Return the domain of what several fields set; None where they are not of one kind."""
    first = domains[0]
    if len({one.values is None for one in domains}) > 1:
        return None
    empty = any(one.may_be_empty for one in domains)
    if first.values is None:
        return replace(
            first,
            may_be_empty=empty,
            minimum=_lowest([one.minimum for one in domains]),
            maximum=_highest([one.maximum for one in domains]),
            is_whole=all(one.is_whole for one in domains),
        )
    words = {value: said for one in domains for value, said in one.words.items()}
    values = dict.fromkeys(value for one in domains for value in one.values or ())
    return replace(first, values=tuple(values), may_be_empty=empty, words=words)


def _lowest(bounds: list[Decimal | None]) -> Decimal | None:
    known = [one for one in bounds if one is not None]
    return min(known) if len(known) == len(bounds) else None


def _highest(bounds: list[Decimal | None]) -> Decimal | None:
    known = [one for one in bounds if one is not None]
    return max(known) if len(known) == len(bounds) else None
