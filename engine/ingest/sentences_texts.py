"""Sentences about mails that a diagram sends, and about the files of their texts."""

from typing import Final

from engine.ingest.problems import Severity

TEXT_SENTENCES: Final[dict[str, tuple[Severity, str, str]]] = {
    "text_id_twice": (
        Severity.ERROR,
        "Mã văn bản “{value}” dùng cho hai tệp.",
        "The id “{value}” belongs to two texts.",
    ),
    "mail_text_none": (
        Severity.ERROR,
        "Bước gửi thư chưa chọn mẫu thư (header text).",
        "The step does not say which text it sends (header text).",
    ),
    "mail_text_missing": (
        Severity.NEEDS,
        "Không có mẫu thư “{value}” trong quy trình này.",
        "This definition has no mail text “{value}”.",
    ),
    "mail_to_none": (
        Severity.ERROR,
        "Bước gửi thư chưa ghi gửi cho ai (header to).",
        "The step does not say who receives the mail (header to).",
    ),
}
