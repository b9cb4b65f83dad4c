"""How a FEEL expression can fail: it is written wrongly, asks for too much, or asserts what is not so."""


class FeelSyntaxError(ValueError):
    """The text is no expression that we run; ``position`` counts characters from 0.

    ``code`` is one of ``syntax``, ``unknown_function``, ``unknown_type``, ``too_long``, ``too_deep``,
    ``reserved_name``, ``external_function``, ``too_big_number``, ``bad_pattern``.
    """

    def __init__(self, message: str, *, position: int, code: str = "syntax") -> None:
        super().__init__(f"{message} (at character {position + 1})")
        self.message = message
        self.position = position
        self.code = code


class FeelLimitError(RuntimeError):
    """The evaluation was stopped: it took too many steps, produced too much, or called itself too deeply."""


class FeelAssertionError(FeelLimitError):
    """The evaluation stopped itself: what the expression asserts is not so."""
