from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

class Babel:
    def __init__(
        self,
        app: Flask | None = None,
        *,
        default_locale: str = ...,
        default_timezone: str = ...,
        locale_selector: Callable[[], str] | None = None,
    ) -> None: ...

def get_locale() -> object | None: ...
def gettext(string: str, /, **variables: object) -> str: ...
def ngettext(singular: str, plural: str, num: int, /, **variables: object) -> str: ...
def force_locale(locale: str) -> AbstractContextManager[None]: ...
