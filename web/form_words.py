"""Sentences for what is wrong with an answer, and answers as people read them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from engine.feel import Value, display
from engine.forms import FieldError, Option
from engine.forms.moments import local, write_date, write_time
from engine.forms.numbers import write_number
from web.i18n import gettext as _


def sentence(error: FieldError, language: str) -> str:
    """Say what is wrong and how to put it right, in the form's own words where it has some."""
    if error.message:
        return error.message.read(language)
    facts = {
        name: write_number(fact) if isinstance(fact, Decimal) else fact for name, fact in error.params.items()
    }
    return _SENTENCES.get(error.code, _other)(facts)


Facts = Mapping[str, int | str]


def _other(_facts: Facts) -> str:
    return _("Nội dung này chưa dùng được. Kiểm tra lại.")


_SENTENCES: Final[Mapping[str, Callable[[Facts], str]]] = {
    "required": lambda _f: _("Mục này còn trống. Điền trước khi gửi."),
    "file_missing": lambda _f: _("Chưa có tệp. Chọn tệp để gửi kèm."),
    "file_unknown": lambda _f: _("Tệp này không thuộc việc này. Chọn lại tệp."),
    "file_refused": lambda f: _("Không nhận được tệp: %(reason)s", reason=f.get("reason", "")),
    "too_short": lambda f: _("Viết ít nhất %(limit)s ký tự.", limit=f["limit"]),
    "too_long": lambda f: _("Viết không quá %(limit)s ký tự.", limit=f["limit"]),
    "bad_text": lambda _f: _("Có ký tự không dùng được. Gõ lại, không dán từ nơi khác."),
    "pattern": lambda _f: _("Chưa đúng dạng. Xem gợi ý ở trên rồi sửa lại."),
    "not_an_email": lambda _f: _("Chưa phải địa chỉ thư điện tử. Ví dụ: ten@coquan.gov.vn."),
    "not_a_phone": lambda _f: _("Chưa phải số điện thoại. Ví dụ: 0225 3 123 456."),
    "not_a_number": lambda _f: _("Chưa phải số. Ví dụ: 1.500.000 hoặc 2,5."),
    "too_small": lambda f: _("Nhập từ %(limit)s trở lên.", limit=f["limit"]),
    "too_big": lambda f: _("Nhập không quá %(limit)s.", limit=f["limit"]),
    "too_many_decimals": lambda f: _("Nhập nhiều nhất %(limit)s chữ số sau dấu phẩy.", limit=f["limit"]),
    "not_a_date": lambda _f: _("Chưa phải ngày. Viết ngày/tháng/năm, ví dụ: 24/11/2026."),
    "not_a_time": lambda _f: _("Chưa phải giờ. Viết giờ:phút, ví dụ: 16:30."),
    "date_and_time": lambda _f: _("Chọn cả ngày và giờ."),
    "past_date": lambda f: _(
        "Ngày %(value)s đã qua. Chọn từ %(earliest)s trở đi.", value=f["value"], earliest=f["earliest"]
    ),
    "not_an_option": lambda _f: _("Lựa chọn này không còn trong danh sách. Chọn lại."),
    "too_few_rows": lambda f: _("Cần ít nhất %(limit)s dòng. Thêm dòng.", limit=f["limit"]),
    "too_many_rows": lambda f: _("Nhiều nhất %(limit)s dòng. Bớt dòng.", limit=f["limit"]),
    "rows_changed": lambda _f: _(
        "Danh sách đã thay đổi từ lúc mở trang. Xem lại từng dòng rồi gửi; nội dung đã nhập được giữ."
    ),
    "not_computed": lambda _f: _("Không tính được giá trị này. Báo người quản trị quy trình."),
}


def in_words(value: Value, options: Sequence[Option] = (), *, language: str) -> str:
    """Write a value as people read it; one that was chosen by the words of its option."""
    if isinstance(value, list):
        return ", ".join(text for one in value if (text := in_words(one, options, language=language)))
    for option in options:
        if option.value == value and isinstance(option.value, bool) == isinstance(value, bool):
            return option.label.read(language)
    return _plain(value)


def _plain(value: Value) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, date | time):
        return _moment(value)
    return value if isinstance(value, str) else display(value)


def _moment(value: date | time) -> str:
    if isinstance(value, time):
        return write_time(value)
    if isinstance(value, datetime):
        value = local(value)
        return f"{write_date(value)} {write_time(value.time())}"
    return write_date(value)
