"""The only way in for a diagram, table or form: parse safely, read the facts, list every problem."""

from engine.ingest.checking import check_files
from engine.ingest.problems import Problem, Severity, Surroundings
from engine.ingest.reader import read_diagram
from engine.ingest.xml import XmlRefusedError

__all__ = ["Problem", "Severity", "Surroundings", "XmlRefusedError", "check_files", "read_diagram"]
