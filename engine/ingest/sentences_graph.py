"""Sentences about how the elements of a diagram hang together."""

from typing import Final

from engine.ingest.problems import Severity

_ERROR, _NEEDS, _NOTE = Severity.ERROR, Severity.NEEDS, Severity.NOTE

GRAPH_SENTENCES: Final[dict[str, tuple[Severity, str, str]]] = {
    "start_missing": (
        _ERROR,
        "Thiếu sự kiện bắt đầu.",
        "There is no start event.",
    ),
    "start_twice": (
        _ERROR,
        "Có nhiều sự kiện bắt đầu cùng loại; chỉ giữ lại một.",
        "There are several start events of one kind; keep one.",
    ),
    "start_kind": (
        _ERROR,
        "Sự kiện bắt đầu loại này không dùng được ở đây.",
        "A start event of this kind cannot be used here.",
    ),
    "event_kind": (
        _ERROR,
        "Hệ thống không hỗ trợ sự kiện “{kind}” ở vị trí này.",
        "An event “{kind}” is not supported in this place.",
    ),
    "event_multiple": (
        _ERROR,
        "Một sự kiện chỉ được chờ hoặc phát một thứ; hãy tách thành nhiều sự kiện.",
        "An event may wait for or throw one thing only; split it.",
    ),
    "event_reference_missing": (
        _ERROR,
        "Sự kiện chưa ghi thông điệp, tín hiệu, lỗi hoặc báo động cụ thể.",
        "The event does not say which message, signal, error or escalation.",
    ),
    "event_name_missing": (
        _ERROR,
        "Thông điệp hoặc tín hiệu chưa có tên.",
        "The message or signal has no name.",
    ),
    "event_code_missing": (
        _ERROR,
        "Lỗi hoặc báo động được phát đi chưa có mã.",
        "The error or escalation that is thrown has no code.",
    ),
    "event_code_text": (
        _ERROR,
        "Mã lỗi hoặc mã báo động phải ghi rõ, không được là biểu thức.",
        "The code of an error or escalation must be plain text, no expression.",
    ),
    "key_missing": (
        _ERROR,
        "Thông điệp được chờ chưa có khóa ghép (correlationKey).",
        "The message that is waited for has no correlation key.",
    ),
    "message_twice": (
        _ERROR,
        "Hai sự kiện cùng chờ thông điệp “{value}” tại một chỗ; không biết sự kiện nào sẽ nhận.",
        "Two events wait for the message “{value}” in one place; which one catches it would be chance.",
    ),
    "error_not_interrupting": (
        _ERROR,
        "Sự kiện lỗi luôn phải ngắt hoạt động.",
        "An error event must interrupt.",
    ),
    "boundary_host": (
        _ERROR,
        "Sự kiện biên phải gắn vào một hoạt động ở cùng cấp.",
        "A boundary event must be attached to an activity on the same level.",
    ),
    "flow_crosses": (
        _ERROR,
        "Luồng không được đi qua ranh giới của quy trình hoặc quy trình con.",
        "A flow must not cross the border of a process or sub-process.",
    ),
    "flow_into": (
        _ERROR,
        "Không được có luồng đi vào phần tử này.",
        "No flow may lead into this element.",
    ),
    "flow_out_of": (
        _ERROR,
        "Không được có luồng đi ra từ phần tử này.",
        "No flow may leave this element.",
    ),
    "no_incoming": (
        _ERROR,
        "Không có luồng nào dẫn đến phần tử này, nên nó không bao giờ được thực hiện.",
        "No flow leads to this element, so it would never run.",
    ),
    "unreachable": (
        _ERROR,
        "Từ sự kiện bắt đầu không thể đi đến phần tử này.",
        "This element cannot be reached from a start event.",
    ),
    "nowhere_to_go": (
        _ERROR,
        "Không có luồng nào đi ra từ cổng này.",
        "No flow leaves this gateway.",
    ),
    "condition_missing": (
        _ERROR,
        "Luồng “{value}” ra khỏi cổng chưa có điều kiện và không phải là luồng mặc định.",
        "The flow “{value}” out of the gateway has no condition and is not its default.",
    ),
    "condition_not_here": (
        _ERROR,
        "Luồng có điều kiện chỉ được đi ra từ cổng loại trừ hoặc cổng bao gồm; hãy đặt một cổng ở giữa.",
        "A flow with a condition may only leave an exclusive or inclusive gateway; put one in between.",
    ),
    "default_not_here": (
        _ERROR,
        "Luồng mặc định chỉ dùng được ở cổng loại trừ hoặc cổng bao gồm.",
        "A default flow is for exclusive and inclusive gateways only.",
    ),
    "default_condition": (
        _NOTE,
        "Điều kiện của luồng mặc định không được xét đến.",
        "The condition of the default flow is not looked at.",
    ),
    "default_missing": (
        _NOTE,
        "Cổng không có luồng mặc định; nếu không điều kiện nào đúng, quy trình sẽ dừng và báo sự cố.",
        "The gateway has no default flow; if no condition is true, the process stops with an incident.",
    ),
    "event_gateway_target": (
        _ERROR,
        "Sau cổng sự kiện chỉ được là sự kiện chờ (thời gian, thông điệp, tín hiệu) không có luồng vào khác.",
        "Only catch events (timer, message, signal) with no other flow may follow an event gateway.",
    ),
    "event_gateway_single": (
        _ERROR,
        "Cổng sự kiện cần ít nhất hai sự kiện để chờ.",
        "An event gateway needs at least two events to wait for.",
    ),
    "link_dangling": (
        _ERROR,
        "Liên kết “{value}” không có sự kiện nhận tương ứng.",
        "The link “{value}” has no catch event that goes with it.",
    ),
    "link_twice": (
        _ERROR,
        "Có nhiều sự kiện nhận cho liên kết “{value}”.",
        "There are several catch events for the link “{value}”.",
    ),
    "automatic_cycle": (
        _ERROR,
        "Các bước tự động tạo thành vòng lặp không có lối ra ({value}).",
        "Automatic steps form a cycle that nothing can leave ({value}).",
    ),
    "deadlock": (
        _ERROR,
        "Cổng song song này sẽ chờ mãi: các nhánh vào bắt nguồn từ một cổng chỉ chọn một nhánh.",
        "This parallel gateway waits for ever: its branches come from a gateway that takes only one.",
    ),
    "chain_too_long": (
        _ERROR,
        "Chuỗi bước nối tiếp quá dài (tối đa {limit}); hãy chia thành quy trình con.",
        "Too many steps follow each other (at most {limit}); use sub-processes.",
    ),
    "nesting_too_deep": (
        _ERROR,
        "Quy trình con lồng nhau quá sâu (tối đa {limit} tầng).",
        "Sub-processes are nested too deeply (at most {limit} levels).",
    ),
    "loop_missing": (
        _ERROR,
        "Hoạt động lặp chưa ghi danh sách lặp (loopCharacteristics inputCollection).",
        "The repeated activity has no collection (loopCharacteristics inputCollection).",
    ),
    "loop_cardinality": (
        _ERROR,
        "Không hỗ trợ số lần lặp cố định (loopCardinality); hãy dùng một danh sách.",
        "A fixed number of repetitions is not supported; use a collection.",
    ),
    "loop_output": (
        _ERROR,
        "Danh sách kết quả và kết quả từng lần lặp phải đi cùng nhau.",
        "The list of results and the output of each repetition go together.",
    ),
}
