"""How a directive is cited within a sentence: its number, its day, its subject."""

from processes.awards.models import Directive


def cited(directive: Directive) -> str:
    """Return number and day: ``Chỉ thị số 01/CT-UBND ngày 03/01/2024``."""
    return f"Chỉ thị số {directive.number} ngày {directive.issued_on:%d/%m/%Y}"


def about(directive: Directive) -> str:
    """Return the subject as it goes on after the number: ``về việc triển khai ...``."""
    subject = directive.subject
    return subject[:1].lower() + subject[1:] if subject.startswith("Về ") else f"về {subject}"
