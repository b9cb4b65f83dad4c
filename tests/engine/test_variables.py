"""Scopes of variables: which is seen, which is set, what is stored."""

from datetime import date
from decimal import Decimal

import pytest

from engine.feel import Value
from engine.variables import PROCESS_SCOPE, Scopes, with_entry

CHAIN = ["task", "sub", PROCESS_SCOPE]


def test_inner_variables_hide_outer_ones() -> None:
    scopes = Scopes({PROCESS_SCOPE: {"a": "outer", "b": "outer"}, "task": {"a": "inner"}})

    assert dict(scopes.view(CHAIN)) == {"a": "inner", "b": "outer"}
    assert dict(scopes.view([PROCESS_SCOPE])) == {"a": "outer", "b": "outer"}


@pytest.mark.parametrize(("name", "holder"), [("known", "sub"), ("new", PROCESS_SCOPE)])
def test_a_value_goes_where_its_name_is_known_else_to_the_outermost_scope(name: str, holder: str) -> None:
    scopes = Scopes({"sub": {"known": "old"}, PROCESS_SCOPE: {}})

    scopes.assign(CHAIN, name, "value")

    assert scopes.local(holder)[name] == "value"


def test_a_path_sets_an_entry_and_keeps_the_others() -> None:
    scopes = Scopes({PROCESS_SCOPE: {"dossier": {"unit": "so_y_te"}}})
    before = scopes.local(PROCESS_SCOPE)["dossier"]

    scopes.assign(CHAIN, "dossier.verdict.by", "an")

    assert scopes.local(PROCESS_SCOPE)["dossier"] == {"unit": "so_y_te", "verdict": {"by": "an"}}
    assert before == {"unit": "so_y_te"}


def test_what_is_no_context_gives_way_to_one() -> None:
    assert with_entry("text", ["a"], Decimal(1)) == {"a": 1}
    assert with_entry({"a": Decimal(1)}, [], None) is None


def test_a_dropped_scope_is_gone() -> None:
    scopes = Scopes({"task": {"a": "x"}, PROCESS_SCOPE: {}})

    scopes.drop("task")
    scopes.drop("task")

    assert dict(scopes.view(CHAIN)) == {}


def test_scopes_survive_as_json() -> None:
    values: dict[str, Value] = {"typename": "UUID", "day": date(2026, 11, 23), "n": [Decimal("1.50"), None]}

    assert Scopes.from_json(Scopes({PROCESS_SCOPE: values}).to_json()).local(PROCESS_SCOPE) == values


def test_what_is_no_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="no variables"):
        Scopes.from_json({PROCESS_SCOPE: 5})
