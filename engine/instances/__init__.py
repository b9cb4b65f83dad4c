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
from engine.instances.sight import Progress, get_instance, progress_of, variables_at
from engine.instances.steps import advance, as_context, cancel, lock, start
from engine.instances.throwing import throw_message

__all__ = [
    "Command",
    "CompleteTask",
    "DeliverMessage",
    "FireTimer",
    "Progress",
    "StartProcess",
    "advance",
    "as_context",
    "cancel",
    "decode",
    "encode",
    "get_instance",
    "lock",
    "progress_of",
    "start",
    "throw_message",
    "variables_at",
]
