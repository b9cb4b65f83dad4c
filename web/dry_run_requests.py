"""Reads the requests of a dry run; our own fields begin with ``run:``, as no field of a form can."""

from flask import request

from engine.dry_runs import Result, read_variables
from engine.feel import Value
from web.dry_run_moves import Wanted


def wanted() -> Wanted:
    """Return what the address, or the form that was sent, asks for."""
    asked = request.form if request.method == "POST" else request.args
    prefix = "run:" if request.method == "POST" else ""
    person = asked.get(f"{prefix}person", type=int)
    return Wanted(asked.get(f"{prefix}move", ""), person, asked.get(f"{prefix}branch"))


def texts() -> dict[str, str]:
    """Return the texts of our own fields."""
    return {name: text for name, text in request.form.items() if name.startswith("run:")}


def number(name: str) -> int:
    """Return the number in a field, 0 where there is none."""
    return request.form.get(name, 0, type=int)


def variables(name: str) -> dict[str, Value]:
    """Return what the lines of a field say.

    Raises:
        BadLineError: a line says no variable.

    """
    return read_variables(request.form.get(name, ""))


def results() -> dict[str, Result]:
    """Return what the actions on the way are said to do: a choice and lines of variables for each.

    Raises:
        BadLineError: a line says no variable.

    """
    found: dict[str, Result] = {}
    for name in request.form:
        if not name.startswith("run:values."):
            continue
        element_id = name.removeprefix("run:values.")
        how = request.form.get(f"run:how.{element_id}", "")
        code = how.removeprefix("error:") if how.startswith("error:") else ""
        found[element_id] = Result(variables(name), fails=how == "fails", error_code=code)
    return found
