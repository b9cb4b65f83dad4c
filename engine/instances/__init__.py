"""Runs process instances on the database: the one writer of their state.

``start``, ``advance`` and ``cancel`` carry out one command to the next waits and write everything it changes:
tokens, variables, tasks, timers, waits for messages, reminders and history, in the caller's transaction.
"""

from engine.instances.commands import (
    Command,
    CompleteTask,
    DeliverMessage,
    FireTimer,
    StartProcess,
    decode,
    encode,
)
from engine.instances.places import Place, PlacePage, Wait, find_places, waits_of
from engine.instances.sight import Progress, get_instance, local_variables, progress_of, variables_at
from engine.instances.standing import Span, Standing, find_standings, is_watch, usual_spans
from engine.instances.steps import advance, as_context, cancel, lock, start
from engine.instances.throwing import throw_message

__all__ = [
    "Command",
    "CompleteTask",
    "DeliverMessage",
    "FireTimer",
    "Place",
    "PlacePage",
    "Progress",
    "Span",
    "Standing",
    "StartProcess",
    "Wait",
    "advance",
    "as_context",
    "cancel",
    "decode",
    "encode",
    "find_places",
    "find_standings",
    "get_instance",
    "is_watch",
    "local_variables",
    "lock",
    "progress_of",
    "start",
    "throw_message",
    "usual_spans",
    "variables_at",
    "waits_of",
]
