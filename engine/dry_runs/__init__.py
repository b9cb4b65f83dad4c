"""Dry runs: a definition played by the engine itself, with a clock, people and mails of its own.

A run lives in a database in memory that no other session sees (``scratch``). Everything that moves in it is
the engine: instances, tasks, forms, timers, messages, reminders, the outbox. What lies outside a definition
is made up: people (``cast``), and what actions and form sources would give (``pretence``), from what the
expressions of the diagrams do with it (``demands``, ``shapes``, ``samples``). ``play`` is one run, made of
``acts``; ``outcomes`` finds the answers that lead down each branch, ``autopilot`` plays to the end, ``shelf``
keeps runs for a day.
"""

from engine.dry_runs.agenda import Due, list_due
from engine.dry_runs.autopilot import Arrival, run_to_end
from engine.dry_runs.form_values import make_up_form_values
from engine.dry_runs.outcomes import (
    Outcome,
    Possible,
    actor_for,
    beginning,
    completion,
    find_outcomes,
    message,
)
from engine.dry_runs.play import DryRun, RunTooLongError
from engine.dry_runs.pretence import Called, Result
from engine.dry_runs.samples import Stock
from engine.dry_runs.scratch import Step, steps_of
from engine.dry_runs.shelf import About, Shelf
from engine.dry_runs.written import BadLineError, read_variables, write_value, write_variables

__all__ = [
    "About",
    "Arrival",
    "BadLineError",
    "Called",
    "DryRun",
    "Due",
    "Outcome",
    "Possible",
    "Result",
    "RunTooLongError",
    "Shelf",
    "Step",
    "Stock",
    "actor_for",
    "beginning",
    "completion",
    "find_outcomes",
    "list_due",
    "make_up_form_values",
    "message",
    "read_variables",
    "run_to_end",
    "steps_of",
    "write_value",
    "write_variables",
]
