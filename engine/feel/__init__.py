"""FEEL, the expression language of DMN 1.5, as Camunda 8 uses it: read, checked and evaluated within limits.

``parse`` reads an expression (without the ``=`` that marks it in a diagram), ``evaluate`` gives its value.
Mistakes in the text raise ``FeelSyntaxError``; mistakes in the variables give null; what asks for too much
raises ``FeelLimitError``. Nothing else is ever raised, and nothing but variables and environment is read.
What of the standard is done, and what else, stands in ``docs/feel.md``.

The way of a text, module by module: ``tokens`` cuts it into words; ``parser``, with ``forms``, ``brackets``,
``unary``, ``literals`` and ``type_names``, turns the words at a ``cursor`` into ``nodes``, with what
``phrases`` know of names; ``compiler``, with ``conditions``, ``repetition`` and ``steps``, turns nodes into
Python functions of a ``scope``, which compute with ``arithmetic``, ``comparison``, ``properties``,
``conformance`` to ``types``, ``closures`` and ``functions`` on ``values``, while ``limits`` and ``measure``
count what they do; ``sentences`` say what is wrong.
"""

from engine.feel.closures import make_function
from engine.feel.codec import Json, from_json, to_json
from engine.feel.conformance import conform, is_instance
from engine.feel.display import display
from engine.feel.errors import FeelAssertionError, FeelLimitError, FeelSyntaxError
from engine.feel.expression import (
    Expression,
    UnaryTests,
    evaluate,
    names,
    parse,
    parse_type,
    parse_unary_tests,
    unary_test,
)
from engine.feel.limits import Environment, Limits, Run, WorkingCalendar
from engine.feel.scope import Scope
from engine.feel.types import Type, conforms
from engine.feel.values import DaysTimeDuration, Function, Range, Value, YearsMonthsDuration, to_feel

__all__ = [
    "DaysTimeDuration",
    "Environment",
    "Expression",
    "FeelAssertionError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Json",
    "Limits",
    "Range",
    "Run",
    "Scope",
    "Type",
    "UnaryTests",
    "Value",
    "WorkingCalendar",
    "YearsMonthsDuration",
    "conform",
    "conforms",
    "display",
    "evaluate",
    "from_json",
    "is_instance",
    "make_function",
    "names",
    "parse",
    "parse_type",
    "parse_unary_tests",
    "to_feel",
    "to_json",
    "unary_test",
]
