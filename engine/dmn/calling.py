"""Makes functions of business knowledge models, decision services and boxed function definitions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from engine import feel
from engine.dmn.errors import DecisionFailedError, NotFittingError
from engine.dmn.spots import Spot
from engine.dmn.types import Type
from engine.feel import Function, Value
from engine.feel.compiler import Code
from engine.feel.limits import Run
from engine.feel.scope import Scope

_LEVELS_OF_A_CALL: Final = 4
"""How much nesting a call counts for, since its body may be nested itself."""


@dataclass(frozen=True)
class Parameter:
    """A parameter with its type."""

    name: str
    type: Type


def make_function(
    name: str, parameters: Sequence[Parameter], body: Code, *, outer: Callable[[Run], Scope], spot: Spot
) -> Function:
    """Return a function whose body sees its arguments and, behind them, the scope that ``outer`` gives.

    It fails where FEEL would give null: wrong arguments are a mistake of the model, never a value.
    """

    def run_body(run: Run, arguments: dict[str, Value]) -> Value:
        fitted = {one.name: _fit(one, arguments[one.name], run, spot=spot) for one in parameters}
        run.charge(1)
        run.enter(_LEVELS_OF_A_CALL)
        try:
            return body(Scope(fitted, outer(run), run))
        finally:
            run.leave(_LEVELS_OF_A_CALL)

    def call(run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(parameters):
            reason = f"takes {len(parameters)} values, was given {len(arguments)}"
            raise DecisionFailedError(spot, reason)
        return run_body(run, {one.name: value for one, value in zip(parameters, arguments, strict=True)})

    def call_named(run: Run, arguments: dict[str, Value]) -> Value:
        wanted = {one.name for one in parameters}
        if set(arguments) != wanted:
            differing = ", ".join(sorted(wanted ^ set(arguments)))
            raise DecisionFailedError(spot, f"was called with other parameters than it has: {differing}")
        return run_body(run, arguments)

    names = tuple(one.name for one in parameters)
    type_ = feel.Type("function", tuple((one.name, one.type.in_feel) for one in parameters))
    return Function(name, names, call, call_named, type_)


def _fit(parameter: Parameter, value: Value, run: Run, *, spot: Spot) -> Value:
    try:
        return parameter.type.fit(value, run)
    except NotFittingError as error:
        raise DecisionFailedError(spot, f"parameter “{parameter.name}”: {error}") from None
