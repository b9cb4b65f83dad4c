"""Functions as values, made of something that computes with arguments by name."""

from collections.abc import Callable

from engine.feel.conformance import conform
from engine.feel.limits import Run
from engine.feel.types import Type
from engine.feel.values import Function, Value

Body = Callable[[Run, dict[str, Value]], Value]


def make_function(type_: Type, body: Body, *, name: str = "", cost: int = 1, depth: int = 1) -> Function:
    """Return a function of the parameters of ``type_``; an argument of another type makes the result null.

    A call is charged ``cost`` steps and counts as ``depth`` levels of calls.
    """
    parameters = tuple(parameter for parameter, _ in type_.members)

    def call(run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(parameters):
            return None
        run.charge(cost)
        given: dict[str, Value] = {}
        for (parameter, wanted), argument in zip(type_.members, arguments, strict=True):
            given[parameter] = conform(argument, wanted, run)
            if given[parameter] is None and argument is not None:
                return None
        run.enter(depth)
        try:
            return body(run, given)
        finally:
            run.leave(depth)

    def call_named(run: Run, arguments: dict[str, Value]) -> Value:
        if arguments.keys() != set(parameters):
            return None
        return call(run, [arguments[parameter] for parameter in parameters])

    return Function(name, parameters, call, call_named, type_)
