"""Files that people hand in: checked by content, stored once by digest, opened only by those who may."""

from engine.files.checking import FileRefusedError, check_content
from engine.files.names import clean_name
from engine.files.storing import find_orphans, may_use_upload, open_upload, path_of, store_upload

__all__ = [
    "FileRefusedError",
    "check_content",
    "clean_name",
    "find_orphans",
    "may_use_upload",
    "open_upload",
    "path_of",
    "store_upload",
]
