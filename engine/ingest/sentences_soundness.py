"""Sentences about what a diagram does when it runs: cases, ways, people, moments, safeguards."""

from typing import Final

from engine.ingest.problems import Severity

_ERROR, _NEEDS, _NOTE = Severity.ERROR, Severity.NEEDS, Severity.NOTE

SOUNDNESS_SENTENCES: Final[dict[str, tuple[Severity, str, str]]] = {
    "name_missing": (
        _NOTE,
        "Việc này chưa có tên, nên người nhận việc chỉ thấy mã của nó.",
        "This task has no name, so whoever gets it sees its id only.",
    ),
    "endless": (
        _ERROR,
        "Từ đây không có đường nào đi tới kết thúc ({value}); hãy vẽ thêm lối ra.",
        "No way leads from here to an end ({value}); draw a way out.",
    ),
    "automatic_loop": (
        _NOTE,
        (
            "Vòng lặp này chạy tự động, không chờ ai và không chờ lúc nào ({value}); "
            "nếu điều kiện ra không bao giờ đúng, hồ sơ sẽ dừng và báo sự cố."
        ),
        (
            "This loop runs by itself and waits for nobody and no moment ({value}); "
            "if the condition to leave it never holds, the case stops with an incident."
        ),
    ),
    "join_starves": (
        _ERROR,
        (
            "Cổng song song này chờ đủ các nhánh, nhưng tại “{value}” có thể không đi nhánh dẫn tới đây, "
            "nên nó có thể chờ mãi; hãy gộp các nhánh bằng cổng loại trừ."
        ),
        (
            "This parallel gateway waits for all its branches, but at “{value}” the one that leads here "
            "may not be taken, so it may wait for ever; merge those branches by an exclusive gateway."
        ),
    ),
    "done_twice": (
        _NOTE,
        (
            "Các nhánh chạy cùng lúc từ “{value}” gặp nhau ở đây mà không có cổng song song gộp lại, "
            "nên mọi việc phía sau được làm nhiều lần."
        ),
        (
            "Branches that run at the same time from “{value}” meet here without a parallel gateway to "
            "join them, so all that follows is done more than once."
        ),
    ),
    "gateway_gap": (
        _ERROR,
        "Không nhánh nào nhận trường hợp {example}; hồ sơ sẽ dừng ở đây. Hãy đặt một nhánh làm mặc định.",
        "No flow takes the case {example_en}; the process would stop here. Make one flow the default.",
    ),
    "gateway_gap_possible": (
        _NOTE,
        (
            "Không nhánh nào nhận trường hợp {example}; nếu điều đó xảy ra, hồ sơ sẽ dừng và báo sự cố. "
            "Nên đặt một nhánh làm mặc định."
        ),
        (
            "No flow takes the case {example_en}; should it occur, the process stops with an incident. "
            "It is better to make one flow the default."
        ),
    ),
    "gateway_overlap": (
        _NOTE,
        "Nhánh “{first}” và nhánh “{second}” cùng đúng khi {example}; chỉ nhánh thứ nhất được đi.",
        "The flows “{first}” and “{second}” are both true when {example_en}; only the first is taken.",
    ),
    "default_never": (
        _NOTE,
        "Nhánh mặc định không bao giờ được đi: các nhánh khác đã nhận mọi trường hợp.",
        "The default flow is never taken: the other flows take every case.",
    ),
    "condition_never": (
        _NOTE,
        "Điều kiện này không bao giờ đúng, nên nhánh không bao giờ được đi.",
        "This condition is never true, so the flow is never taken.",
    ),
    "option_missing": (
        _NOTE,
        "“{field}” không có lựa chọn “{value}”, nên nhánh này không bao giờ được đi.",
        "“{field_en}” has no option “{value}”, so this flow is never taken.",
    ),
    "word_unquoted": (
        _ERROR,
        (
            "“{value}” đang được hiểu là tên một biến, nhưng không có biến nào như vậy; "
            'nếu là lựa chọn trong biểu mẫu, hãy đặt trong dấu ngoặc kép: "{value}".'
        ),
        (
            "“{value}” is read as the name of a variable, and there is none; "
            'if it is an option of the form, put it in quotation marks: "{value}".'
        ),
    ),
    "variable_unset": (
        _NOTE,
        (
            "Điều kiện đọc “{value}”, nhưng không biểu mẫu hay bước nào đặt giá trị này. "
            "Nếu nó có sẵn từ đầu, hãy khai ở sự kiện bắt đầu (thuộc tính brings)."
        ),
        (
            "The condition reads “{value}”, which no form and no step sets. "
            "If it is there from the start, name it at the start event (property brings)."
        ),
    ),
    "variable_unset_near": (
        _NOTE,
        "Điều kiện đọc “{value}”, nhưng không biểu mẫu hay bước nào đặt giá trị này; có phải ý là “{near}”?",
        "The condition reads “{value}”, which no form and no step sets; is “{near}” meant?",
    ),
    "deadline_unset": (
        _NOTE,
        (
            "Không tính được thời hạn: không biểu mẫu hay bước nào đặt “{value}”. "
            "Nếu nó có sẵn từ đầu, hãy khai ở sự kiện bắt đầu (thuộc tính brings)."
        ),
        (
            "The deadline cannot be worked out: no form and no step sets “{value}”. "
            "If it is there from the start, name it at the start event (property brings)."
        ),
    ),
    "deadline_unset_near": (
        _NOTE,
        "Không tính được thời hạn: không biểu mẫu hay bước nào đặt “{value}”; có phải ý là “{near}”?",
        "The deadline cannot be worked out: no form and no step sets “{value}”; is “{near}” meant?",
    ),
    "deadline_maybe_unset": (
        _NOTE,
        "Có thể không tính được thời hạn: trên đường {way} chưa bước nào đặt “{value}”.",
        "The deadline may be impossible to work out: on the way {way_en} no step has set “{value}”.",
    ),
    "deadline_nothing": (
        _ERROR,
        "Biểu thức ở {place} không cho ra thời điểm hay khoảng thời gian nào.",
        "The expression in {place} gives no moment and no length of time.",
    ),
    "deadline_past": (
        _NOTE,
        "Thời điểm ở {place} đã qua ({value}).",
        "The moment in {place} is past ({value}).",
    ),
    "length_not_positive": (
        _ERROR,
        "Khoảng thời gian “{value}” ở {place} phải lớn hơn không.",
        "The length of time “{value}” in {place} must be more than nothing.",
    ),
    "group_unstaffed": (
        _NEEDS,
        (
            "Hiện không có ai giữ vai trò “{value}”, nên việc này sẽ không đến tay ai; "
            "hãy giao vai trò cho người trước, hoặc chọn nhóm khác."
        ),
        (
            "Nobody holds the role “{value}” at present, so this task would reach nobody; "
            "give the role to somebody first, or choose another group."
        ),
    ),
    "property_near": (
        _NOTE,
        "Thuộc tính “{value}” không có ý nghĩa với hệ thống; có phải ý là “{near}”?",
        "The property “{value}” means nothing here; is “{near}” meant?",
    ),
    "mandatory_malformed": (
        _ERROR,
        "Thuộc tính mandatory chỉ nhận giá trị yes, không phải “{value}”.",
        "The property mandatory takes the value yes, not “{value}”.",
    ),
    "required_missing": (
        _ERROR,
        "Phần tử này bắt buộc phải qua bước “{value}”, nhưng quy trình không có bước đó.",
        "This element requires the step “{value}”, and the process has no such step.",
    ),
    "step_bypassed": (
        _ERROR,
        "Có đường đi tới đây mà không qua bước bắt buộc “{value}”: {way}.",
        "A way leads here past the mandatory step “{value_en}”: {way_en}.",
    ),
    "mandatory_removed": (
        _ERROR,
        "Bước bắt buộc “{value}” của bản đang dùng đã bị bỏ.",
        "The mandatory step “{value_en}” of the version in use is gone.",
    ),
    "mandatory_unmarked": (
        _ERROR,
        "Bước “{value}” là bắt buộc trong bản đang dùng; không được bỏ dấu bắt buộc (mandatory).",
        "The step “{value_en}” is mandatory in the version in use and must stay so (property mandatory).",
    ),
    "mandatory_changed": (
        _ERROR,
        "Bước bắt buộc “{value}” đã đổi thành loại khác, nên không còn chắc có người thực hiện.",
        "The mandatory step “{value_en}” has become something else, so that nobody may do it.",
    ),
    "mandatory_reassigned": (
        _NOTE,
        "Bước bắt buộc “{value}” được giao cho người khác: trước là “{old}”, nay là “{new}”.",
        "The mandatory step “{value_en}” is given to others: it was “{old}”, now it is “{new}”.",
    ),
    "guard_removed": (
        _ERROR,
        "“{value}”, nơi bản đang dùng bắt buộc phải qua đủ các bước, đã bị bỏ.",
        "“{value_en}”, to which the version in use lets nothing come past its mandatory steps, is gone.",
    ),
    "guard_loosened": (
        _ERROR,
        "Bản đang dùng bắt buộc phải qua “{value}” mới tới được đây; không được bỏ yêu cầu đó (requires).",
        "The version in use lets nothing come here past “{value_en}”; that must stay so (property requires).",
    ),
    "guard_evaded": (
        _ERROR,
        "Bước mới này làm việc mà bản đang dùng chỉ cho phép sau “{value}”; hãy ghi yêu cầu đó (requires).",
        "This step does what the version in use allows only after “{value_en}”: name it (property requires).",
    ),
}
