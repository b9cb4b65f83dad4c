"""Working copies of definitions: one draft each, changed file by file, submitted as a version or discarded.

A draft may be broken in every way that an editor can still open. ``submit`` freezes it; whoever had a hand in
it may not publish it.
"""

from engine.drafts.beginning import (
    LONGEST_KEY,
    LONGEST_NAME,
    create_new,
    find_draft,
    find_drafts,
    get_draft,
    import_files,
    key_from,
    newest,
    open_draft,
    restore,
)
from engine.drafts.checks import known_problems, problems_of
from engine.drafts.contents import (
    DraftConflictError,
    DraftFile,
    UnreadableError,
    add_blank,
    add_file,
    digest,
    edits_of,
    files_of,
    last_edit,
    main_file,
    read_file,
    remove_file,
    write_file,
)
from engine.drafts.ending import discard, is_changed, submit
from engine.drafts.visits import VISIT_SECONDS, find_visits, visit

__all__ = [
    "LONGEST_KEY",
    "LONGEST_NAME",
    "VISIT_SECONDS",
    "DraftConflictError",
    "DraftFile",
    "UnreadableError",
    "add_blank",
    "add_file",
    "create_new",
    "digest",
    "discard",
    "edits_of",
    "files_of",
    "find_draft",
    "find_drafts",
    "find_visits",
    "get_draft",
    "import_files",
    "is_changed",
    "key_from",
    "known_problems",
    "last_edit",
    "main_file",
    "newest",
    "open_draft",
    "problems_of",
    "read_file",
    "remove_file",
    "restore",
    "submit",
    "visit",
    "write_file",
]
