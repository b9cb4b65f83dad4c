"""Sentences about expressions, assignments, forms, actions, names and timers."""

from typing import Final

from engine.ingest.problems import Severity

_ERROR, _NEEDS, _NOTE = Severity.ERROR, Severity.NEEDS, Severity.NOTE

PLACES: Final[dict[str, tuple[str, str]]] = {
    "condition": ("điều kiện của luồng", "the condition of the flow"),
    "assignee": ("người được giao", "the assignee"),
    "groups": ("nhóm được giao", "the candidate groups"),
    "due_date": ("thời hạn", "the due date"),
    "follow_up_date": ("ngày nhắc theo dõi", "the follow-up date"),
    "priority": ("mức ưu tiên", "the priority"),
    "timer": ("hẹn giờ", "the timer"),
    "correlation_key": ("khóa ghép của thông điệp", "the correlation key of the message"),
    "message_name": ("tên thông điệp", "the name of the message"),
    "signal_name": ("tên tín hiệu", "the name of the signal"),
    "script": ("công thức tính", "the script"),
    "input": ("nguồn của biến đầu vào", "the source of an input"),
    "output": ("nguồn của biến đầu ra", "the source of an output"),
    "collection": ("danh sách lặp", "the collection of the repetition"),
    "output_element": ("kết quả từng lần lặp", "the output of each repetition"),
    "completion": ("điều kiện kết thúc lặp", "the completion condition of the repetition"),
    "called_process": ("quy trình được gọi", "the called process"),
    "decision": ("bảng quyết định được gọi", "the called decision"),
    "result": ("tên biến kết quả", "the result variable"),
    "target": ("tên biến đích", "the target of the mapping"),
    "loop_item": ("tên biến của từng phần tử", "the variable of each item"),
    "loop_result": ("tên danh sách kết quả", "the list of results"),
}

EXPRESSION_SENTENCES: Final[dict[str, tuple[Severity, str, str]]] = {
    "feel_missing_equals": (
        _ERROR,
        "Ở {place} phải là một biểu thức FEEL bắt đầu bằng dấu “=”, nhưng đang ghi “{value}”.",
        "In {place} a FEEL expression beginning with “=” is needed, but there is “{value}”.",
    ),
    "feel_missing": (
        _ERROR,
        "Còn thiếu biểu thức ở {place}.",
        "There is no expression in {place}.",
    ),
    "feel_syntax": (
        _ERROR,
        "Biểu thức ở {place} sai cú pháp FEEL tại ký tự thứ {position}, “{value}”: {reason_vi}.",
        "The expression in {place} is no FEEL at character {position}, “{value}”: {reason}.",
    ),
    "feel_unknown_function": (
        _ERROR,
        "Biểu thức ở {place} gọi một hàm không có trong FEEL tại ký tự thứ {position}: “{value}”.",
        "In {place}, FEEL has no such function as is called at character {position}: “{value}”.",
    ),
    "feel_unknown_type": (
        _ERROR,
        "Biểu thức ở {place} dùng một kiểu dữ liệu không có trong FEEL tại ký tự thứ {position}: “{value}”.",
        "In {place}, FEEL has no such type as is named at character {position}: “{value}”.",
    ),
    "feel_too_long": (
        _ERROR,
        "Biểu thức ở {place} quá dài; hãy chia nhỏ.",
        "The expression in {place} is too long; split it.",
    ),
    "feel_too_deep": (
        _ERROR,
        "Biểu thức ở {place} lồng nhau quá sâu; hãy chia nhỏ.",
        "The expression in {place} is nested too deeply; split it.",
    ),
    "feel_reserved_name": (
        _ERROR,
        "Biểu thức ở {place} dùng tên dành riêng (bắt đầu bằng hai dấu gạch dưới) tại ký tự thứ {position}.",
        "The expression in {place} uses a reserved name (two underscores) at character {position}.",
    ),
    "feel_external_function": (
        _ERROR,
        "Biểu thức ở {place} khai báo hàm bên ngoài; hàm bên ngoài không bao giờ được thực hiện.",
        "The expression in {place} declares an external function; those are never executed.",
    ),
    "feel_too_big_number": (
        _ERROR,
        "Biểu thức ở {place} có một số quá lớn.",
        "The expression in {place} has a number that is too big.",
    ),
    "feel_bad_pattern": (
        _ERROR,
        "Biểu thức ở {place} có một mẫu tìm kiếm (biểu thức chính quy) không dùng được.",
        "The expression in {place} has a regular expression that cannot be used.",
    ),
    "feel_limit": (
        _ERROR,
        "Biểu thức ở {place} đòi hỏi tính toán quá nhiều.",
        "The expression in {place} asks for too much work.",
    ),
    "language_not_feel": (
        _ERROR,
        "Ngôn ngữ biểu thức “{value}” không được hỗ trợ; chỉ dùng FEEL.",
        "The expression language “{value}” is not supported; use FEEL.",
    ),
    "script_not_feel": (
        _ERROR,
        "Tác vụ tính toán phải dùng công thức FEEL (zeebe:script), không dùng ngôn ngữ khác.",
        "A script task needs a FEEL expression (zeebe:script), no other language.",
    ),
    "name_malformed": (
        _ERROR,
        "“{value}” không dùng được làm {place}; hãy dùng tên không bắt đầu bằng “__”, nối bằng dấu chấm.",
        "“{value}” cannot be {place}; use names that do not begin with “__”, joined by dots.",
    ),
    "assignment_missing": (
        _ERROR,
        "Chưa ghi ai được làm việc này; hãy điền nhóm được giao (candidateGroups) hoặc người được giao.",
        "Nobody is named who may do this; fill in candidate groups or an assignee.",
    ),
    "candidate_users": (
        _ERROR,
        "Không hỗ trợ danh sách người được giao (candidateUsers); hãy dùng nhóm hoặc một người được giao.",
        "Candidate users are not supported; use candidate groups or one assignee.",
    ),
    "role_malformed": (
        _ERROR,
        "“{value}” không phải là vai trò; hãy ghi mã vai trò, hoặc mã vai trò@mã đơn vị.",
        "“{value}” is no role; write the code of a role, or role@unit.",
    ),
    "role_unknown": (
        _NEEDS,
        "Hệ thống chưa có vai trò “{value}”.",
        "There is no role “{value}” here.",
    ),
    "lane_contradicts": (
        _NOTE,
        "Làn ghi “{lane}” nhưng việc được giao cho “{value}”; nhóm được giao mới có hiệu lực, làn chỉ để vẽ.",
        "The lane says “{lane}” but the task is given to “{value}”; lanes are drawing, the group decides.",
    ),
    "lane_twice": (
        _NOTE,
        "Phần tử nằm trong nhiều làn; làn chỉ là hình vẽ, nhóm được giao mới có hiệu lực.",
        "The element lies in several lanes; lanes are drawing, the group decides.",
    ),
    "form_none": (
        _NEEDS,
        "Việc này chưa có biểu mẫu.",
        "This task has no form.",
    ),
    "form_missing": (
        _NEEDS,
        "Không có biểu mẫu “{value}” trong bộ định nghĩa.",
        "There is no form “{value}” in the definition.",
    ),
    "form_outside": (
        _ERROR,
        "Biểu mẫu phải nằm trong bộ định nghĩa (formId), không được ở địa chỉ bên ngoài hoặc nhúng.",
        "The form must be in the definition (formId), not outside or embedded.",
    ),
    "form_id_malformed": (
        _ERROR,
        "“{value}” không phải là mã biểu mẫu.",
        "“{value}” is no id of a form.",
    ),
    "action_missing": (
        _ERROR,
        "Tác vụ tự động chưa ghi hành động phải làm (taskDefinition type).",
        "The service task does not say what to do (taskDefinition type).",
    ),
    "action_malformed": (
        _ERROR,
        "“{value}” không phải là tên một hành động.",
        "“{value}” is no name of an action.",
    ),
    "action_unknown": (
        _NEEDS,
        "Hệ thống chưa có hành động “{value}”.",
        "There is no action “{value}” here.",
    ),
    "form_source_unknown": (
        _NEEDS,
        "Hệ thống chưa có nguồn dữ liệu biểu mẫu “{value}”.",
        "There is no form source “{value}” here.",
    ),
    "property_unknown": (
        _NOTE,
        "Thuộc tính “{value}” không có ý nghĩa với hệ thống; hãy kiểm tra cách viết.",
        "The property “{value}” means nothing here; check its spelling.",
    ),
    "page_malformed": (
        _ERROR,
        "“{value}” không phải là tên một trang.",
        "“{value}” is no name of a page.",
    ),
    "reminders_malformed": (
        _ERROR,
        "Không hiểu cách nhắc “{value}”; hãy viết như before:3,due,after:5,head:2,overseer:5 hoặc none.",
        "The reminders “{value}” cannot be read; write them like before:3,due,after:5,head:2,overseer:5.",
    ),
    "four_eyes_dangling": (
        _ERROR,
        "Việc này phải do người khác với người làm “{value}” thực hiện, nhưng không có việc nào mang mã đó.",
        "Somebody else than who did “{value}” must do this, but no other user task has that id.",
    ),
    "work_twice": (
        _ERROR,
        "Tác vụ vừa ghi hành động vừa ghi công thức hoặc bảng quyết định; chỉ giữ lại một.",
        "The task names both an action and an expression or a decision; keep one.",
    ),
    "decision_missing": (
        _NEEDS,
        "Không có bảng quyết định “{value}” trong bộ định nghĩa.",
        "There is no decision “{value}” in the definition.",
    ),
    "decision_none": (
        _ERROR,
        "Tác vụ quy tắc chưa ghi bảng quyết định được gọi.",
        "The business rule task does not name a decision.",
    ),
    "process_missing": (
        _NEEDS,
        "Không có quy trình “{value}” trong bộ định nghĩa.",
        "There is no process “{value}” in the definition.",
    ),
    "call_none": (
        _ERROR,
        "Hoạt động gọi chưa ghi quy trình được gọi.",
        "The call activity does not name a process.",
    ),
    "call_cycle": (
        _ERROR,
        "Các quy trình gọi nhau thành vòng ({value}); chúng sẽ gọi mãi không dừng.",
        "Processes call each other in a circle ({value}); they would never end.",
    ),
    "call_too_deep": (
        _ERROR,
        "Các quy trình gọi nhau quá nhiều tầng (tối đa {limit}).",
        "Processes call each other too deeply (at most {limit} levels).",
    ),
    "moment_malformed": (
        _ERROR,
        "“{value}” ở {place} không phải thời điểm có thật; hãy viết như 2026-12-31T17:00:00+07:00 hoặc FEEL.",
        "“{value}” in {place} is no real moment; write it like 2026-12-31T17:00:00+07:00 or as FEEL.",
    ),
    "priority_malformed": (
        _ERROR,
        "Mức ưu tiên “{value}” phải là số nguyên từ 0 đến 100 hoặc biểu thức FEEL.",
        "The priority “{value}” must be a whole number from 0 to 100 or FEEL.",
    ),
    "timer_missing": (
        _ERROR,
        "Sự kiện hẹn giờ chưa có thời điểm, khoảng thời gian hoặc chu kỳ.",
        "The timer has no date, duration or cycle.",
    ),
    "timer_malformed": (
        _ERROR,
        "Khoảng thời gian “{value}” không đúng; hãy viết như P5D hoặc PT8H, hoặc biểu thức FEEL.",
        "“{value}” is no duration; write it like P5D or PT8H, or as FEEL.",
    ),
    "timer_out_of_range": (
        _ERROR,
        "Hẹn giờ “{value}” nằm ngoài phạm vi hợp lý.",
        "The timer “{value}” is out of any sensible range.",
    ),
    "timer_cycle_malformed": (
        _ERROR,
        "Chu kỳ “{value}” không đúng; hãy viết như R/P1D hoặc R3/PT8H (không dùng cú pháp cron).",
        "“{value}” is no cycle; write it like R/P1D or R3/PT8H (no cron).",
    ),
    "timer_no_period": (
        _ERROR,
        "Chu kỳ “{value}” không có khoảng cách lặp lại hợp lệ (ít nhất một phút).",
        "The cycle “{value}” has no valid period (at least one minute).",
    ),
    "timer_cycle_not_here": (
        _ERROR,
        "Sự kiện chờ không thể lặp lại; hãy dùng thời điểm hoặc khoảng thời gian.",
        "A catch event cannot repeat; use a date or a duration.",
    ),
    "constant_key": (
        _NOTE,
        "Khóa ghép của thông điệp giống nhau cho mọi hồ sơ; thông điệp có thể đến nhầm nơi.",
        "The correlation key is the same for every instance; messages may reach the wrong one.",
    ),
}
