"""Sentences about files as a whole, their XML, ids, references and what the dialect does not know."""

from typing import Final

from engine.ingest.problems import Severity

_ERROR, _NEEDS, _NOTE = Severity.ERROR, Severity.NEEDS, Severity.NOTE

FILE_SENTENCES: Final[dict[str, tuple[Severity, str, str]]] = {
    "file_unknown": (
        _ERROR,
        "Không nhận dạng được loại tệp; chỉ nhận .bpmn, .dmn, .form và .text.",
        "The kind of file is unknown; only .bpmn, .dmn, .form and .text are read.",
    ),
    "check_stopped": (
        _ERROR,
        "Việc kiểm tra đã dừng vì tệp cần quá nhiều thời gian hoặc bộ nhớ; hãy làm tệp đơn giản hơn.",
        "Checking was stopped because the file asks for too much time or memory; make it simpler.",
    ),
    "too_many_problems": (
        _NOTE,
        "Còn nhiều vấn đề khác chưa liệt kê; hãy sửa những vấn đề trên rồi kiểm tra lại.",
        "There are more problems than are listed; mend these and check again.",
    ),
    "xml_too_big": (
        _ERROR,
        "Tệp lớn hơn giới hạn {limit} KB.",
        "The file is bigger than the limit of {limit} KB.",
    ),
    "xml_empty": (_ERROR, "Tệp trống.", "The file is empty."),
    "xml_not_utf8": (
        _ERROR,
        "Tệp không phải là văn bản UTF-8; hãy lưu lại với bảng mã UTF-8.",
        "The file is not UTF-8 text; save it again as UTF-8.",
    ),
    "xml_encoding": (
        _ERROR,
        "Tệp khai báo bảng mã “{encoding}”; chỉ nhận UTF-8.",
        "The file declares the encoding “{encoding}”; only UTF-8 is read.",
    ),
    "xml_doctype": (
        _ERROR,
        "Tệp có khai báo DOCTYPE hoặc thực thể (entity); hãy xóa phần đó.",
        "The file has a DOCTYPE or an entity; remove it.",
    ),
    "xml_xinclude": (
        _ERROR,
        "Tệp tìm cách nạp một tệp khác (XInclude); hãy xóa phần đó.",
        "The file wants to read another file (XInclude); remove that.",
    ),
    "xml_too_deep": (
        _ERROR,
        "Các phần tử lồng nhau quá sâu; hãy tách thành nhiều quy trình.",
        "Elements are nested too deeply; split the process into several.",
    ),
    "xml_malformed": (
        _ERROR,
        "Tệp không phải là XML đúng cú pháp (dòng {line}).",
        "The file is not well-formed XML (line {line}).",
    ),
    "not_a_diagram": (
        _ERROR,
        "Tệp không phải là sơ đồ BPMN 2.0.",
        "The file is not a BPMN 2.0 diagram.",
    ),
    "not_a_table": (
        _ERROR,
        "Tệp không phải là bảng quyết định DMN.",
        "The file is not a DMN decision table.",
    ),
    "decision_twice": (
        _ERROR,
        "Mã quyết định “{value}” có trong nhiều tệp ({files}); quy trình không biết gọi bảng nào.",
        "The decision “{value}” stands in several files ({files}); a process cannot tell which it calls.",
    ),
    "form_id_twice": (
        _ERROR,
        "Hai biểu mẫu cùng mang mã “{value}”; mỗi biểu mẫu phải có mã riêng.",
        "Two forms have the id “{value}”; give each its own.",
    ),
    "no_process": (
        _ERROR,
        "Sơ đồ không có quy trình nào được đánh dấu thực hiện được (isExecutable).",
        "The diagram has no process that is marked as executable.",
    ),
    "main_process_missing": (
        _ERROR,
        "Không sơ đồ nào có quy trình thực hiện được mang mã “{value}”; hãy đặt lại mã này.",
        "No diagram has an executable process with the id “{value}”; give the main process that id again.",
    ),
    "process_twice": (
        _ERROR,
        "Mã quy trình “{value}” được dùng hai lần; mỗi quy trình phải có mã riêng.",
        "The process id “{value}” is used twice; give each process its own.",
    ),
    "id_missing": (
        _ERROR,
        "Phần tử “{kind}” không có mã (id).",
        "An element “{kind}” has no id.",
    ),
    "id_malformed": (
        _ERROR,
        "Mã “{value}” không hợp lệ; chỉ dùng chữ không dấu, chữ số, “_”, “-”, “.” và bắt đầu bằng chữ.",
        "The id “{value}” is not valid; use letters, digits, “_”, “-”, “.” and begin with a letter.",
    ),
    "id_twice": (
        _ERROR,
        "Mã “{value}” được dùng nhiều lần; mỗi phần tử phải có mã riêng.",
        "The id “{value}” is used more than once; give each element its own.",
    ),
    "reference_dangling": (
        _ERROR,
        "Tham chiếu “{attribute}” trỏ đến “{value}”, nhưng không có phần tử phù hợp mang mã đó.",
        "The reference “{attribute}” leads to “{value}”, but no fitting element has that id.",
    ),
    "drawing_dangling": (
        _NOTE,
        "Hình vẽ trỏ đến “{value}”, nhưng không có phần tử nào mang mã đó; khi thực hiện không sao.",
        "The drawing leads to “{value}”, but no element has that id; this does not matter when it runs.",
    ),
    "flow_disagrees": (
        _ERROR,
        "Phần tử liệt kê luồng “{value}” nhưng luồng đó không nối với phần tử; hãy vẽ lại luồng này.",
        "The element lists the flow “{value}”, which is not connected to it; draw that flow again.",
    ),
    "unknown_element": (
        _ERROR,
        "Hệ thống không thực hiện được “{kind}” ở vị trí này; hãy bỏ hoặc thay bằng phần tử khác.",
        "“{kind}” is not executed in this place; remove it or use another element.",
    ),
    "refused_element": (
        _ERROR,
        "Hệ thống không hỗ trợ “{kind}”; hãy vẽ lại bằng các phần tử được hỗ trợ.",
        "“{kind}” is not supported; draw it with elements that are.",
    ),
    "foreign_element": (
        _ERROR,
        "Phần mở rộng “{kind}” của công cụ khác ({namespace}) không được hỗ trợ; hãy xóa phần đó.",
        "The extension “{kind}” of another tool ({namespace}) is not supported; remove it.",
    ),
    "unknown_attribute": (
        _ERROR,
        "Thuộc tính “{attribute}” của “{kind}” không được hỗ trợ; hãy kiểm tra cách viết hoặc xóa.",
        "The attribute “{attribute}” of “{kind}” is not supported; check its spelling or remove it.",
    ),
    "attribute_value": (
        _ERROR,
        "Giá trị “{value}” của thuộc tính “{attribute}” không được hỗ trợ.",
        "The value “{value}” of the attribute “{attribute}” is not supported.",
    ),
    "too_many_attributes": (
        _ERROR,
        "Phần tử có quá nhiều thuộc tính.",
        "The element has too many attributes.",
    ),
    "extension_twice": (
        _ERROR,
        "“{kind}” xuất hiện nhiều lần trong cùng một phần tử; chỉ được ghi một lần.",
        "“{kind}” stands more than once in one element; say it once.",
    ),
    "elements_in_text": (
        _ERROR,
        "“{kind}” chỉ được chứa văn bản, không được chứa phần tử khác.",
        "“{kind}” may hold text only, no elements.",
    ),
    "text_too_long": (
        _ERROR,
        "Nội dung của “{attribute}” quá dài (tối đa {limit} ký tự).",
        "The text of “{attribute}” is too long (at most {limit} characters).",
    ),
    "control_character": (
        _ERROR,
        "“{attribute}” chứa ký tự điều khiển không nhìn thấy được; hãy nhập lại.",
        "“{attribute}” holds control characters that cannot be seen; type it again.",
    ),
    "too_many_elements": (
        _ERROR,
        "Sơ đồ có quá nhiều phần tử (tối đa {limit}); hãy tách thành nhiều quy trình.",
        "The diagram has too many elements (at most {limit}); split it into several processes.",
    ),
    "not_translatable": (
        _ERROR,
        "Bộ máy thực hiện không dựng được quy trình này: {detail}",
        "The engine cannot build this process: {detail}",
    ),
}
