"""What can go wrong in the engine, as one tree; the sentences for people stand in ``web/errors.py``."""


class EngineError(Exception):
    """Whatever the engine raises on purpose. The message is English, for the log."""


class NotFoundError(EngineError):
    """No such thing, or none that this reader may see."""


class NotAllowedError(EngineError):
    """This person may not do this."""


class ConflictError(EngineError):
    """Somebody was faster, or the state has moved on."""


class TaskAlreadyCompletedError(ConflictError):
    """The task is done or cancelled."""


class InstanceSuspendedError(ConflictError):
    """The instance stands still by an administrator's order: nothing is lost, it is tried when it goes on."""


class InvalidInputError(EngineError):
    """What was given cannot be used; the message says why."""


class BpmnError(EngineError):
    """An action's way to throw the error event ``code`` of the diagram."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class StepFailedError(EngineError):
    """A step of an instance cannot be done; it becomes an incident at ``element_id``."""

    def __init__(self, message: str, *, element_id: str | None = None) -> None:
        super().__init__(message)
        self.element_id = element_id


class QuotaExceededError(StepFailedError):
    """An instance made more steps, tasks or depth in one go than the limits allow."""
