"""The table of built-in functions: a Python function with annotated parameters becomes a function of FEEL.

Its annotations are its signature: a missing, superfluous or wrongly typed argument gives null. Parameters
have the names of the DMN standard with ``_`` for a space (and one at the end where Python uses the word). A
first parameter ``run`` receives the evaluation under way. Several registrations under one name are tried in
their order.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import GenericAlias, UnionType
from typing import Any, Final, TypeVar, cast

from engine.feel.conformance import NAMES_OF_CLASSES
from engine.feel.limits import Run
from engine.feel.measure import measure
from engine.feel.types import ANY, Type
from engine.feel.values import Function, Value

# The functions differ in their parameters; their annotations are checked here when they are called.
_Implementation = Callable[..., Value]
F = TypeVar("F", bound=_Implementation)
_Accepted = frozenset[type] | None


@dataclass(frozen=True)
class _Signature:
    parameters: tuple[str, ...]
    accepted: tuple[_Accepted, ...]
    """For each parameter the types it takes; None takes everything."""
    required: int
    is_variadic: bool
    cost: int
    """Steps that a call is charged, beside those for the lists and texts it is given."""
    takes_run: bool
    implementation: _Implementation

    def fit(self, arguments: list[Value]) -> list[Value] | None:
        """Return the arguments as the implementation takes them, or None if they do not fit."""
        if len(arguments) < self.required or (len(arguments) > len(self.accepted) and not self.is_variadic):
            return None
        fitted: list[Value] = []
        for position, argument in enumerate(arguments):
            accepted = self.accepted[min(position, len(self.accepted) - 1)]
            if accepted is not None and type(argument) not in accepted:
                coerced = _coerce(argument, accepted)
                if coerced is None:
                    return None
                fitted.append(coerced)
            else:
                fitted.append(argument)
        return fitted

    def order(self, arguments: dict[str, Value]) -> list[Value] | None:
        """Return arguments given by name in their order, or None for a foreign name; one left out is null."""
        if not arguments.keys() <= set(self.parameters):
            return None
        last = max(self.parameters.index(name) for name in arguments)
        return [arguments.get(name) for name in self.parameters[: max(last + 1, self.required)]]


def _coerce(argument: Value, accepted: frozenset[type]) -> Value:
    """A list of one item stands for the item, and an item for the list of it (DMN 1.3, 10.3.2.9.4)."""
    if isinstance(argument, list):
        return argument[0] if len(argument) == 1 and type(argument[0]) in accepted else None
    return [argument] if list in accepted and argument is not None else None


_CHARACTERS_PER_STEP: Final = 1_000
_signatures: Final[dict[str, list[_Signature]]] = {}
FUNCTIONS: Final[dict[str, Function]] = {}
"""Every built-in function by its name."""


def built_in(name: str, *, cost: int = 1) -> Callable[[F], F]:
    """Register a Python function as the built-in function of this name; ``cost`` counts steps of a call."""

    def register(implementation: F) -> F:
        signature = _signature_of(implementation, cost)
        signatures = _signatures.setdefault(name, [])
        signatures.append(signature)
        FUNCTIONS.setdefault(name, _function(name, signatures))
        return implementation

    return register


def _signature_of(implementation: _Implementation, cost: int) -> _Signature:
    parameters = list(inspect.signature(implementation).parameters.values())
    takes_run = bool(parameters) and parameters[0].name == "run"
    parameters = parameters[takes_run:]
    return _Signature(
        parameters=tuple(parameter.name.rstrip("_").replace("_", " ") for parameter in parameters),
        accepted=tuple(_accepted(parameter.annotation) for parameter in parameters),
        required=sum(
            parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL
            for parameter in parameters
        ),
        is_variadic=any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters),
        cost=cost,
        takes_run=takes_run,
        implementation=implementation,
    )


def _accepted(annotation: Any) -> _Accepted:  # noqa: ANN401 -- what stands behind a parameter may be anything
    if annotation == Value:
        return None
    parts: tuple[Any, ...] = annotation.__args__ if isinstance(annotation, UnionType) else (annotation,)
    return frozenset(
        cast("type", part.__origin__ if isinstance(part, GenericAlias) else part) for part in parts
    )


def _function(name: str, signatures: list[_Signature]) -> Function:
    def call(run: Run, arguments: list[Value]) -> Value:
        for argument in arguments:
            if isinstance(argument, list):
                run.charge(len(argument))
            elif isinstance(argument, str):
                run.charge(len(argument) // _CHARACTERS_PER_STEP)
        for signature in signatures:
            if (fitted := signature.fit(arguments)) is not None:
                return _invoke(signature, run, fitted)
        return None

    def call_named(run: Run, arguments: dict[str, Value]) -> Value:
        for signature in signatures:
            if (ordered := signature.order(arguments)) is not None and signature.fit(ordered) is not None:
                return call(run, ordered)
        return None

    first = signatures[0]
    members = tuple(zip(first.parameters, map(_type_of, first.accepted), strict=True))
    return Function(name, first.parameters, call, call_named, Type("function", members))


def _type_of(accepted: _Accepted) -> Type:
    kinds = (accepted or frozenset()) - {type(None)}
    return Type(NAMES_OF_CLASSES[next(iter(kinds))]) if len(kinds) == 1 else ANY


def _invoke(signature: _Signature, run: Run, arguments: list[Value]) -> Value:
    """What cannot be computed is null; what is new is measured."""
    run.charge(signature.cost)
    try:
        if signature.takes_run:
            result = signature.implementation(run, *arguments)
        else:
            result = signature.implementation(*arguments)
    except (ArithmeticError, ValueError):
        return None
    if isinstance(result, str):
        run.grow(len(result))
    elif isinstance(result, list | dict):
        measure(result, run)
    return result
