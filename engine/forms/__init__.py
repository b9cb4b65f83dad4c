"""Forms of user tasks: form-js schemas of a named subset, checked, filled and turned into typed answers.

``parse_schema`` reads a schema, ``Form.open`` shows it, ``Form.parse`` turns a request into answers.
Everything a form says is data: conditions and computed fields are FEEL, patterns run in an engine that cannot
blow up, and what a field may not change is never taken from a request.
"""

from engine.forms.filling import Entry
from engine.forms.form import Answers, Form
from engine.forms.model import Component, Files, Option, Words
from engine.forms.problems import FormProblem, FormSchemaError
from engine.forms.readings import FieldError, Typed
from engine.forms.rows import ListState
from engine.forms.schema import check_schema, parse_schema
from engine.forms.submission import ACTION, Fields, Uploads

__all__ = [
    "ACTION",
    "Answers",
    "Component",
    "Entry",
    "FieldError",
    "Fields",
    "Files",
    "Form",
    "FormProblem",
    "FormSchemaError",
    "ListState",
    "Option",
    "Typed",
    "Uploads",
    "Words",
    "check_schema",
    "parse_schema",
]
