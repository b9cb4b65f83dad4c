"""Functions that write values for other programs, and read theirs; Camunda has them too."""

import json
from base64 import b64encode
from decimal import Decimal

from engine.feel.display import number_text, text_of
from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value, to_feel


@built_in("to base64")
def to_base64(value: str) -> Value:
    """Return the text in UTF-8, written in Base64."""
    return b64encode(value.encode()).decode("ascii")


@built_in("from json")
def from_json(value: str) -> Value:
    """Return the value that is written in JSON."""
    try:
        return to_feel(json.loads(value, parse_int=Decimal, parse_float=Decimal, parse_constant=_refuse))
    except TypeError:
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


@built_in("to json")
def to_json(run: Run, value: Value) -> Value:
    """Return the value written in JSON; what JSON does not know is text in it, as ``string()`` gives it."""
    return _written(value, run)


def _written(value: Value, run: Run) -> str:
    run.grow(1)
    if isinstance(value, list):
        return f"[{','.join([_written(item, run) for item in value])}]"
    if isinstance(value, dict):
        entries = [f"{_quoted(key)}:{_written(item, run)}" for key, item in value.items()]
        return f"{{{','.join(entries)}}}"
    if isinstance(value, Decimal):
        return number_text(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return _quoted(text_of(value, run) or "")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
