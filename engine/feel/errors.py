"""How a FEEL expression can fail: it is written wrongly, asks for too much, or asserts what is not so."""

from engine.feel.sentences import END, REASONS


class FeelSyntaxError(ValueError):
    """The text is no expression that we run; ``position`` counts characters from 0.

    ``message`` says in English what is wrong, or what was expected there and what was found, and
    ``message_vi`` in Vietnamese. ``code`` is one of ``syntax``, ``unknown_function``, ``unknown_type``,
    ``too_long``, ``too_deep``, ``reserved_name``, ``external_function``, ``too_big_number``, ``bad_pattern``.
    """

    def __init__(self, reason: str, *, position: int, code: str = "syntax", **parameters: object) -> None:
        """Make an error of one of ``REASONS``; without ``found`` among the parameters the text has ended."""
        vi, en = REASONS[reason]
        self.message_vi = vi.format(**{"found": END[0]} | parameters)
        self.message = en.format(**{"found": END[1]} | parameters)
        super().__init__(f"{self.message} (at character {position + 1})")
        self.position = position
        self.code = code


class FeelLimitError(RuntimeError):
    """The evaluation was stopped: it took too many steps, produced too much, or called itself too deeply."""


class FeelAssertionError(FeelLimitError):
    """The evaluation stopped itself: what the expression asserts is not so."""
