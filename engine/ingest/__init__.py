"""The only way in for a diagram, table or form: parse safely, read the facts, list every problem."""

from engine.ingest.reader import read_diagram
from engine.ingest.xml import XmlRefusedError

__all__ = ["XmlRefusedError", "read_diagram"]
