"""Functions of contexts. No function changes its argument."""

from typing import cast

from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value


@built_in("get value")
def get_value(m: dict[str, Value], key: str) -> Value:
    """Return an entry."""
    return m.get(key)


@built_in("get value")
def get_value_behind(m: dict[str, Value], keys: list[Value]) -> Value:
    """Return the entry at the end of a path of keys."""
    value: Value = m
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value if keys else None


@built_in("get entries")
def get_entries(m: dict[str, Value]) -> Value:
    """Return each entry as a context of its ``key`` and ``value``."""
    return [{"key": key, "value": value} for key, value in m.items()]


@built_in("context")
def context(entries: list[Value]) -> Value:
    """Make a context of entries that have a ``key`` and a ``value``; the opposite of ``get entries``."""
    result: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in result:
            return None
        result[key] = entry["value"]
    return result


@built_in("context put")
def context_put(context: dict[str, Value], key: str, value: Value) -> Value:
    """Return the context with an entry added or replaced."""
    return {**context, key: value}


@built_in("context put")
def context_put_behind(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """Return the context with the entry at the end of a path of keys added or replaced."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    return _put(run, context, cast("list[str]", keys), value)


def _put(run: Run, context: dict[str, Value], keys: list[str], value: Value) -> Value:
    first, *others = keys
    if not others:
        return {**context, first: value}
    inner = context.get(first)
    if inner is not None and not isinstance(inner, dict):
        return None
    run.charge(1 + len(context))
    inside = _put(run, inner or {}, others, value)
    return None if inside is None else {**context, first: inside}


@built_in("context merge")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    """Return one context with the entries of all; later ones win."""
    result: dict[str, Value] = {}
    for one in contexts:
        if not isinstance(one, dict):
            return None
        run.charge(len(one))
        result.update(one)
    return result
