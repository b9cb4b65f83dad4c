from collections.abc import Mapping
from os import PathLike
from typing import Any, BinaryIO

from jinja2 import Environment

class DocxTemplate:
    def __init__(self, template_file: str | PathLike[str] | BinaryIO) -> None: ...
    def render(
        self, context: Mapping[str, Any], jinja_env: Environment | None = None, autoescape: bool = False
    ) -> None: ...
    def save(self, filename: str | PathLike[str] | BinaryIO) -> None: ...
