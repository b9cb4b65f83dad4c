"""Which draft a request is about, and that its reader may edit definitions."""

from sqlalchemy.orm import Session

from engine import drafts
from engine.errors import NotAllowedError
from engine.models import DefinitionDraft, Person
from web import access
from web.transaction import current_authority, current_person


def require_editor(session: Session) -> Person:
    """Return the person signed in, who edits definitions.

    Raises:
        NotAllowedError: he may not.

    """
    if not access.can_edit_definitions(current_authority(session)):
        raise NotAllowedError("editing processes is the process administrator's")
    return current_person(session)


def get_draft(session: Session, draft_id: int) -> DefinitionDraft:
    """Return a draft to somebody who edits definitions.

    Raises:
        NotAllowedError: he may not.
        NotFoundError: there is no such draft.

    """
    require_editor(session)
    return drafts.get_draft(session, draft_id)
