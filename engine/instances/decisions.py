"""Tells of a decision what the history keeps: the tables, the rules that fired and their annotations."""

from typing import Any, Final

from engine.dmn import Decision, Explanation, Hit, TableTrace

_MOST_TABLES: Final = 20
_MOST_RULES: Final = 20
_LONGEST_NOTE: Final = 300


def told(decision: Decision, explained: Explanation) -> dict[str, Any]:
    """Return how a decision came about, as plain JSON; its values stay with the variables of the instance.

    ``tables`` holds for each evaluated table its ``name``, ``policy``, whether the ``default`` was used,
    and its ``rules`` with ``number`` and ``notes``.
    """
    return {
        "decision": decision.id,
        "name": decision.name,
        "tables": [_table(trace) for trace in explained.tables[:_MOST_TABLES]],
    }


def _table(trace: TableTrace) -> dict[str, Any]:
    return {
        "name": trace.element_name,
        "policy": trace.hit_policy,
        "default": trace.used_default,
        "rules": [_rule(hit) for hit in trace.hits[:_MOST_RULES]],
    }


def _rule(hit: Hit) -> dict[str, Any]:
    notes = {name: text[:_LONGEST_NOTE] for name, text in hit.annotations.items()}
    return {"number": hit.number, "notes": notes}
