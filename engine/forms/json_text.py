"""Reads JSON from outside, stricter than the standard library: no doubles, no NaN, nothing unstorable."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NoReturn

from engine.forms.problems import Findings

Json = None | bool | str | int | Decimal | list["Json"] | dict[str, "Json"]

MAX_BYTES: Final = 1_000_000
_MAX_DIGITS: Final = 34
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


class _RefusedError(ValueError):
    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def read_json(content: bytes, findings: Findings) -> Json:
    """Return what the bytes say, or None after noting in ``findings`` why they cannot be used."""
    if len(content) > MAX_BYTES:
        findings.add("too_big", limit=MAX_BYTES)
        return None
    try:
        result = _load(content.decode("utf-8-sig"))
        _refuse_unstorable(result)
    except UnicodeDecodeError:
        findings.add("not_utf8")
    except _RefusedError as refused:
        findings.add(refused.code, **refused.facts)
    except RecursionError:
        findings.add("not_json", why="nested too deeply")
    except ValueError as error:
        findings.add("not_json", why=error)
    else:
        return result
    return None


def _load(text: str) -> Json:
    result: Json = json.loads(
        text,
        object_pairs_hook=_object,
        parse_float=_number,
        parse_int=_whole,
        parse_constant=_refuse_constant,
    )
    return result


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for name, value in pairs:
        if name in result:
            raise _RefusedError("duplicate_member", name=name)
        result[name] = value
    return result


def _number(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= 2 * _MAX_DIGITS else Decimal("inf")
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise _RefusedError("bad_number", value=text)
    return number


def _whole(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise _RefusedError("bad_number", value=text)
    return int(text)


def _refuse_constant(text: str) -> NoReturn:
    raise _RefusedError("bad_number", value=text)


def _refuse_unstorable(value: Json) -> None:
    """No UTF-8 database stores half a surrogate pair, and PostgreSQL stores no NUL."""
    if any(_UNSTORABLE.search(text) for text in _texts(value)):
        raise _RefusedError("bad_character")


def _texts(value: Json) -> Iterator[str]:
    waiting: list[Json] = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, dict):
            yield from current
            waiting.extend(current.values())
