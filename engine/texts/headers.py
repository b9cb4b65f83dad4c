"""How a step of a diagram says which mail it sends, and to whom."""

from typing import Final

ACTION: Final = "send_mail"
"""The type of a send or service task that sends a text of its definition."""
TEXT_HEADER: Final = "text"
TO_HEADER: Final = "to"
STARTER: Final = "starter"
"""Stands for whoever started the instance, among the receivers."""
