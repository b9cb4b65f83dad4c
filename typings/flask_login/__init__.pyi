from collections.abc import Callable
from typing import Protocol

from flask import Flask

class _User(Protocol):
    def get_id(self) -> str: ...

class _Current:
    is_authenticated: bool
    person_id: int
    language: str

current_user: _Current

class LoginManager:
    session_protection: str | None
    def __init__(self, app: Flask | None = None) -> None: ...
    def user_loader(self, callback: Callable[[str], _User | None]) -> Callable[[str], _User | None]: ...

def login_user(user: _User, remember: bool = False) -> bool: ...
def logout_user() -> bool: ...
