"""The options of a field at this moment: fixed ones, or those that the variables or an expression give."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from engine.feel import Value, display
from engine.forms.evaluation import Evaluator, value_at
from engine.forms.model import Option, OptionSource, Words

_MAX_OPTIONS: Final = 2_000


def resolve(source: OptionSource, names: Mapping[str, Value], evaluator: Evaluator) -> tuple[Option, ...]:
    """Return the options; of several with one value the first counts."""
    if source.fixed:
        return source.fixed
    if source.expression is not None:
        offered, _ = evaluator.evaluate(source.expression, names)
    else:
        offered = value_at(names, source.key) if source.key else None
    if not isinstance(offered, list):
        return ()
    found: dict[str, Option] = {}
    for value in offered[:_MAX_OPTIONS]:
        option = _option(value)
        if option is not None:
            found.setdefault(option.token, option)
    return tuple(found.values())


def _option(value: Value) -> Option | None:
    """A plain value, or a context with ``value``, ``label`` and, for English, ``label_en``."""
    label, english = value, None
    if isinstance(value, dict):
        label, english, value = value.get("label"), value.get("label_en"), value.get("value")
    if not isinstance(value, str | bool | Decimal) or value == "":
        return None
    label = value if label is None else label
    return Option(
        value,
        Words(
            label if isinstance(label, str) else display(label), english if isinstance(english, str) else ""
        ),
    )
