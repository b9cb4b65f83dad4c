"""Small forms for the tests beside this file."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.forms import Form, parse_schema

FormMaker = Callable[..., Form]


def schema(*components: dict[str, Any], **members: object) -> bytes:
    """Return the JSON of a form with these components."""
    content = {"type": "default", "id": "sample", "schemaVersion": 17, "components": components, **members}
    return json.dumps(content).encode()


@pytest.fixture
def make_form() -> FormMaker:
    """Give a function that makes a form of components."""

    def make(*components: dict[str, Any]) -> Form:
        return parse_schema(schema(*components))

    return make


@pytest.fixture
def make_schema() -> Callable[..., bytes]:
    """Give a function that writes the JSON of a form."""
    return schema
