"""Why a text is no expression, in Vietnamese and in English."""

from typing import Final

REASONS: Final[dict[str, tuple[str, str]]] = {
    "value": ("cần một giá trị nhưng gặp {found}", "expected a value, found {found}"),
    "end": (
        "cần một phép toán hoặc hết biểu thức nhưng gặp {found}",
        "expected an operator or the end, found {found}",
    ),
    "end_of_test": ("cần dấu “,” hoặc hết ô nhưng gặp {found}", "expected ',' or the end, found {found}"),
    "end_of_range": (
        "cần dấu kết thúc khoảng nhưng gặp {found}",
        "expected the end of the range, found {found}",
    ),
    "symbol": ("cần “{symbol}” nhưng gặp {found}", "expected '{symbol}', found {found}"),
    "entry": ("cần tên một mục nhưng gặp {found}", "expected the name of an entry, found {found}"),
    "variable": ("cần tên biến lặp nhưng gặp {found}", "expected the name of a loop variable, found {found}"),
    "parameter": ("cần tên tham số nhưng gặp {found}", "expected the name of a parameter, found {found}"),
    "property": ("cần tên thuộc tính nhưng gặp {found}", "expected a property, found {found}"),
    "type": ("cần một kiểu dữ liệu nhưng gặp {found}", "expected a type, found {found}"),
    "unknown_type": ("không có kiểu dữ liệu {found}", "there is no type {found}"),
    "one_type": ("{name} chỉ có một kiểu phần tử", "a {name} is of one type"),
    "temporal": (
        "cần ngày, giờ hoặc khoảng thời gian trong dấu ngoặc kép nhưng gặp {found}",
        "expected a date, time or duration in quotes, found {found}",
    ),
    "single_quotes": ("chữ phải đặt trong dấu ngoặc kép", "text stands in double quotes"),
    "text_open": ("chữ trong ngoặc kép chưa đóng", "a text is not closed"),
    "comment_open": ("chú thích chưa đóng", "a comment is not closed"),
    "name_open": ("tên trong dấu ` chưa đóng", "a quoted name is not closed"),
    "meaningless": ("ký tự {found} không có nghĩa ở đây", "the character {found} has no meaning here"),
    "no_character": ("{found} không phải là ký tự", "{found} is no character"),
    "half_character": (
        "nửa cặp mã thay thế không phải là ký tự",
        "half of a surrogate pair is no character",
    ),
    "entry_twice": ("mục {name} có hai lần trong ngữ cảnh", "the entry {name} stands twice in the context"),
    "mixed_arguments": (
        "các đối số phải cùng theo thứ tự hoặc cùng theo tên",
        "arguments stand all by position or all by name",
    ),
    "unknown_function": ("không có hàm {name}()", "there is no function {name}()"),
    "external_function": ("không chạy hàm bên ngoài", "external functions are not run"),
    "reserved_name": (
        "tên {name} là tên dành riêng vì bắt đầu bằng hai dấu gạch dưới",
        "the name {name} is reserved: it begins with two underscores",
    ),
    "bad_pattern": (
        "hàm {name}() không dùng được mẫu “{pattern}”",
        "{name}() cannot use the pattern '{pattern}': {why}",
    ),
    "too_big_number": ("số quá lớn", "the number is too big"),
    "too_long": (
        "biểu thức dài {length} ký tự, tối đa {limit}",
        "an expression has at most {limit} characters, not {length}",
    ),
    "too_deep": (
        "biểu thức lồng nhau tối đa {limit} tầng",
        "an expression is nested at most {limit} levels deep",
    ),
    "too_many_comparisons": ("quá nhiều phép so sánh liền nhau", "too many comparisons in a row"),
    "too_many_patterns": (
        "một biểu thức có tối đa {limit} mẫu tìm kiếm",
        "an expression has at most {limit} regular expressions",
    ),
    "too_many_variables": ("vòng lặp có tối đa {limit} biến", "a loop has at most {limit} variables"),
}
"""For each reason the sentences; ``found`` is what stands at the place."""

END: Final = ("hết biểu thức", "end of the expression")
"""What is found where nothing stands any more."""
