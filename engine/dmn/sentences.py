"""The sentences about decision models, in Vietnamese and English; ``{spot}`` is the place in the element."""

from typing import Final, Literal

_Sentence = tuple[Literal["error", "needs", "note"], str, str]

SENTENCES: Final[dict[str, _Sentence]] = {
    "version_unknown": (
        "error",
        "Không đọc được phiên bản DMN này ({value}); hãy lưu lại theo DMN 1.2 đến 1.5.",
        "This version of DMN is not read ({value}); save the file as DMN 1.2 to 1.5.",
    ),
    "language_unknown": (
        "error",
        "{spot}: ngôn ngữ biểu thức “{value}” không được hỗ trợ; chỉ dùng FEEL.",
        "{spot}: the expression language “{value}” is not run; the only one is FEEL.",
    ),
    "import_not_dmn": (
        "error",
        "Tệp nhập “{value}” không phải là mô hình DMN.",
        "The import “{value}” is no DMN model.",
    ),
    "import_location": (
        "error",
        "Chỉ được nhập tệp nằm cùng bộ, ghi bằng tên tệp; “{value}” là đường dẫn hoặc địa chỉ.",
        "Only files given together are imported, by their name; “{value}” is a path or an address.",
    ),
    "import_missing": (
        "needs",
        "Chưa có mô hình được nhập “{value}” trong bộ tệp.",
        "The imported model “{value}” is not among the files.",
    ),
    "import_unreadable": (
        "error",
        "Không đọc được mô hình được nhập “{value}”.",
        "The imported model “{value}” cannot be read.",
    ),
    "import_cycle": (
        "error",
        "Các mô hình nhập lẫn nhau thành vòng: {value}.",
        "Models import each other in a circle: {value}.",
    ),
    "import_twice": (
        "error",
        "Hai tệp nhập cùng mang tên “{value}”.",
        "Two imports have the name “{value}”.",
    ),
    "element_unknown": (
        "error",
        "{spot}: không biết thành phần “{value}”.",
        "{spot}: the element “{value}” is not known.",
    ),
    "too_many_elements": (
        "error",
        "Mô hình có hơn {limit} thành phần.",
        "The model has more than {limit} elements.",
    ),
    "id_twice": (
        "error",
        "Mã “{value}” được dùng cho hai thành phần.",
        "Two elements have the id “{value}”.",
    ),
    "id_missing": (
        "note",
        "Quyết định này chưa có mã (id) nên quy trình không gọi được.",
        "This decision has no id, so that no process can call it.",
    ),
    "name_missing": ("error", "Thành phần chưa có tên.", "The element has no name."),
    "name_reserved": (
        "error",
        "{spot}: tên “{value}” dành riêng (bắt đầu bằng hai dấu gạch dưới).",
        "{spot}: the name “{value}” is reserved (it begins with two underscores).",
    ),
    "name_twice": (
        "error",
        "{spot}: hai thành phần cùng tên “{value}”; mỗi tên phải chỉ một thứ.",
        "{spot}: two things are called “{value}”; a name must mean one.",
    ),
    "reference_dangling": (
        "error",
        "Mũi tên dẫn tới “{value}”, không có trong mô hình.",
        "A requirement leads to “{value}”, which is not there.",
    ),
    "reference_kind": (
        "error",
        "Mũi tên dẫn tới “{value}”, không phải loại thành phần cần ở đây.",
        "A requirement leads to “{value}”, which is not of the kind that is needed here.",
    ),
    "requirement_cycle": (
        "error",
        "Các thành phần đòi hỏi lẫn nhau thành vòng: {value}.",
        "Elements require each other in a circle: {value}.",
    ),
    "service_open": (
        "error",
        "Dịch vụ quyết định không có “{value}” trong phạm vi của mình.",
        "The decision service lacks “{value}”, which its decisions need.",
    ),
    "type_unknown": (
        "error",
        "{spot}: không có kiểu “{value}”.",
        "{spot}: there is no type “{value}”.",
    ),
    "type_cycle": (
        "error",
        "Kiểu “{value}” được định nghĩa bằng chính nó.",
        "The type “{value}” is defined by itself.",
    ),
    "type_too_big": (
        "error",
        "Kiểu “{value}” có hơn {limit} thành phần.",
        "The type “{value}” has more than {limit} parts.",
    ),
    "logic_missing": (
        "error",
        "{spot}: còn thiếu biểu thức hoặc bảng.",
        "{spot}: an expression or a table is missing.",
    ),
    "logic_twice": (
        "error",
        "{spot}: có hai biểu thức ở chỗ chỉ được một.",
        "{spot}: there are two expressions where one is allowed.",
    ),
    "boxed_too_deep": (
        "error",
        "{spot}: các biểu thức lồng nhau quá {limit} tầng.",
        "{spot}: expressions are more than {limit} levels deep.",
    ),
    "external_function": (
        "error",
        "{spot}: hàm bên ngoài ({value}) không bao giờ được thực hiện.",
        "{spot}: external functions ({value}) are never executed.",
    ),
    "name_unknown": (
        "error",
        "{spot}: không có “{value}” trong phạm vi này.",
        "{spot}: nothing here is called “{value}”.",
    ),
    "name_not_required": (
        "error",
        "{spot}: đọc “{value}” nhưng không có mũi tên tới đó; hãy vẽ thêm mũi tên.",
        "{spot}: reads “{value}” without a requirement of it; draw the arrow.",
    ),
    "name_open": (
        "note",
        "{spot}: đọc “{value}”, không được khai báo trong tệp; giá trị phải có sẵn khi gọi.",
        "{spot}: reads “{value}”, which the file does not declare; it has to be given when it is called.",
    ),
    "hit_policy_unknown": (
        "error",
        "Không biết cách chọn dòng “{value}”.",
        "The hit policy “{value}” is not known.",
    ),
    "aggregation_unknown": (
        "error",
        "Không biết cách gộp “{value}”.",
        "The aggregation “{value}” is not known.",
    ),
    "aggregation_unfit": (
        "error",
        "Cách gộp “{value}” chỉ dùng cho COLLECT với một cột kết quả.",
        "The aggregation “{value}” is only for COLLECT with one output.",
    ),
    "table_empty": (
        "error",
        "Bảng không có cột kết quả.",
        "The table has no output.",
    ),
    "table_too_big": (
        "error",
        "Bảng có hơn {limit} {what_vi}.",
        "The table has more than {limit} {what_en}.",
    ),
    "rule_width": (
        "error",
        "{spot}: có {found} ô nhưng bảng có {wanted} cột; các ô sẽ lệch cột.",
        "{spot}: there are {found} cells for {wanted} columns; cells would shift.",
    ),
    "output_name": (
        "error",
        "{spot}: bảng nhiều cột kết quả thì mỗi cột phải có tên riêng.",
        "{spot}: with several outputs each needs a name of its own.",
    ),
    "order_missing": (
        "error",
        "{spot}: cách chọn dòng {value} cần danh sách giá trị theo thứ tự ưu tiên (kết quả cho phép).",
        "{spot}: the hit policy {value} needs the output values in their order of priority.",
    ),
    "cell_empty": (
        "error",
        "{spot}: ô trống; hãy ghi giá trị, hoặc null nếu không có.",
        "{spot}: the cell is empty; write a value, or null if there is none.",
    ),
    "cell_too_long": (
        "error",
        "{spot}: ô dài hơn {limit} ký tự.",
        "{spot}: the cell is longer than {limit} characters.",
    ),
    "cell_type": (
        "error",
        "{spot}: cột có kiểu {wanted} nhưng ô so với một giá trị kiểu {found}.",
        "{spot}: the column is a {wanted}, the cell compares it with a {found}.",
    ),
    "cell_unfit": (
        "error",
        "{spot}: giá trị không đúng kiểu của cột ({reason_vi}).",
        "{spot}: the value is not of the type of the column ({reason}).",
    ),
    "value_not_listed": (
        "error",
        "{spot}: giá trị không nằm trong danh sách cho phép ({allowed}).",
        "{spot}: the value is none of those allowed ({allowed}).",
    ),
    "overlap": (
        "error",
        "{spot} và dòng {other} cùng khớp, ví dụ {example}; bảng UNIQUE chỉ được một dòng khớp.",
        "{spot} and rule {other} both fire, for example {example}; a UNIQUE table may have one hit.",
    ),
    "gap": (
        "note",
        "Không dòng nào khớp với {example}; kết quả khi đó là null.",
        "No rule fires for {example}; the result is null then.",
    ),
    "feel_syntax": (
        "error",
        "{spot}: sai cú pháp FEEL tại ký tự thứ {position}: “{value}” ({reason_vi}).",
        "{spot}: no FEEL at character {position}: “{value}” ({reason}).",
    ),
    "feel_unknown_function": (
        "error",
        "{spot}: gọi một hàm không có trong FEEL tại ký tự thứ {position}: “{value}”.",
        "{spot}: FEEL has no such function as is called at character {position}: “{value}”.",
    ),
    "feel_too_long": ("error", "{spot}: biểu thức quá dài.", "{spot}: the expression is too long."),
    "feel_too_deep": (
        "error",
        "{spot}: biểu thức lồng nhau quá sâu.",
        "{spot}: the expression is nested too deeply.",
    ),
    "feel_reserved_name": (
        "error",
        "{spot}: dùng tên dành riêng tại ký tự thứ {position}: “{value}”.",
        "{spot}: a reserved name is used at character {position}: “{value}”.",
    ),
    "feel_external_function": (
        "error",
        "{spot}: khai báo hàm bên ngoài; hàm bên ngoài không bao giờ được thực hiện.",
        "{spot}: declares an external function; those are never executed.",
    ),
    "feel_too_big_number": (
        "error",
        "{spot}: có một số quá lớn.",
        "{spot}: a number is too big.",
    ),
    "feel_bad_pattern": (
        "error",
        "{spot}: mẫu so khớp không dùng được tại ký tự thứ {position}: “{value}”.",
        "{spot}: the pattern cannot be used at character {position}: “{value}”.",
    ),
}
