"""``vinhdanh decide``: makes one decision of a model in a file, and says which rules fired."""

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path

from engine import clock, dmn, feel
from engine.dmn import TableTrace
from engine.errors import InvalidInputError
from engine.feel import Environment, Value
from engine.ingest import XmlRefusedError
from engine.ingest.messages import visible


def decide(options: argparse.Namespace) -> int:
    """Print the value of a decision as JSON and, if asked, the rules that led to it."""
    explained = _load(options.file).explain(
        options.decision, options.input, environment=Environment(now=clock.now())
    )
    sys.stdout.write(f"{visible(as_json(explained.value))}\n")
    if options.explain:
        for trace in explained.tables:
            sys.stdout.writelines(f"{visible(line)}\n" for line in _told(trace))
    return 0


def inputs(text: str) -> dict[str, Value]:
    """Return the inputs that a JSON object gives; FEEL's ``date("2026-09-02")`` may stand in it too.

    Raises:
        argparse.ArgumentTypeError: it is none.

    """
    try:
        found = feel.evaluate(text, {})
    except (feel.FeelSyntaxError, feel.FeelLimitError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("an object with the inputs by name is needed")
    return found


def as_json(value: Value) -> str:
    """Return a value as JSON: numbers to their last digit, dates and durations as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return f"[{', '.join(map(as_json, value))}]"
    if isinstance(value, dict):
        entries = (f"{json.dumps(key, ensure_ascii=False)}: {as_json(item)}" for key, item in value.items())
        return f"{{{', '.join(entries)}}}"
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(feel.display(value), ensure_ascii=False)


def _load(path: Path) -> dmn.Model:
    try:
        return dmn.load(path.read_bytes(), folder=path.parent, file=path.name)
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}") from None
    except XmlRefusedError as error:
        raise InvalidInputError(f"{path} is no decision model: {error}") from None


def _told(trace: TableTrace) -> list[str]:
    lines = ["", f"{trace.element_name} ({trace.hit_policy})"]
    lines += [f"  {label} = {as_json(value)}" for label, value in trace.inputs.items()]
    for hit in trace.hits:
        notes = "; ".join(f"{name}: {text}" if name else text for name, text in hit.annotations.items())
        answer = ", ".join(as_json(value) for value in hit.outputs.values())
        lines.append(f"  dòng | rule {hit.number} → {answer}{f'  ({notes})' if notes else ''}")
    if not trace.hits:
        lines.append("  không dòng nào khớp | no rule fires")
    return lines
