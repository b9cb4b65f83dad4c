"""The sentences that the editors of the studio speak, for the page to hand to the browser.

A value in braces is filled in by the browser. Keys of one editor stand together; the code of the browser
asks for them by ``word(key)``.
"""

from web import studio_part_words
from web.i18n import gettext as _

Words = dict[str, str]


def words() -> Words:
    """Return every sentence of the studio's browser code in the reader's language, by key."""
    diagrams = _tools() | _palette() | _panel() | _assignment() | _deadlines() | _timers()
    return _draft() | diagrams | _problems() | studio_part_words.words()


def _draft() -> Words:
    return {
        "saving": _("Đang lưu…"),
        "saved_at": _("Đã lưu {time}, {name}"),
        "not_saved": _("Chưa lưu được, sẽ thử lại. Nội dung vẫn còn trên màn hình này."),
        "changed_elsewhere": _("Người khác vừa lưu tệp này."),
        "conflict_reload": _("Tải lại"),
        "conflict_keep": _("Giữ bản của tôi"),
        "reloaded": _("Đã tải bản mới nhất"),
        "other_here": _("{name} cũng đang mở tệp này."),
        "other_elsewhere": _("{name} đang mở {file}."),
        "import_replaces": _("Sơ đồ đang soạn sẽ được thay bằng “{name}”. Tiếp tục?"),
        "not_a_diagram": _("Không đọc được “{name}”. Chọn một sơ đồ BPMN (.bpmn)."),
        "not_shown": _("Không mở được tệp này. Tải lại trang, hoặc tải tệp về để xem."),
    }


def _tools() -> Words:
    return {
        "tools": _("Công cụ sơ đồ"),
        "tool_undo": _("Hoàn tác"),
        "tool_redo": _("Làm lại"),
        "tool_fit": _("Vừa khung"),
        "tool_find": _("Tìm phần tử (Ctrl + F)"),
        "tool_align": _("Căn hàng, dàn đều"),
        "tool_map": _("Sơ đồ thu nhỏ"),
        "tool_simulate": _("Chạy thử trên sơ đồ"),
        "tool_file": _("Nhập, xuất tệp"),
        "tool_help": _("Phím tắt (?)"),
        "align_left": _("Căn trái"),
        "align_center": _("Căn giữa theo chiều ngang"),
        "align_right": _("Căn phải"),
        "align_top": _("Căn trên"),
        "align_middle": _("Căn giữa theo chiều dọc"),
        "align_bottom": _("Căn dưới"),
        "distribute_horizontal": _("Dàn đều theo chiều ngang"),
        "distribute_vertical": _("Dàn đều theo chiều dọc"),
        "import_bpmn": _("Nhập từ tệp .bpmn…"),
        "export_bpmn": _("Tải về .bpmn"),
        "export_svg": _("Tải về hình .svg"),
        "keys": _("Phím tắt"),
        "close": _("Đóng"),
        "key_undo": _("hoàn tác"),
        "key_redo": _("làm lại"),
        "key_copy": _("chép, dán; dán được sang cửa sổ của quy trình khác"),
        "key_all": _("chọn tất cả"),
        "key_find": _("tìm phần tử"),
        "key_save": _("lưu ngay"),
        "key_edit": _("sửa tên phần tử đang chọn"),
        "key_append": _("thêm bước tiếp theo"),
        "key_replace": _("đổi loại phần tử đang chọn"),
        "key_tools": _("kéo khung nhìn, chọn vùng, giãn chỗ, nối"),
        "key_zoom": _("cỡ thật, vừa khung"),
        "key_remove": _("xóa phần tử đang chọn"),
        "key_help": _("bảng phím tắt này"),
    }


def _palette() -> Words:
    return {
        "palette_tools": _("Công cụ"),
        "palette_hand_tool": _("Kéo khung nhìn"),
        "palette_lasso_tool": _("Chọn vùng"),
        "palette_space_tool": _("Giãn chỗ"),
        "palette_connect_tool": _("Nối hai phần tử"),
        "palette_ends": _("Bắt đầu, kết thúc"),
        "palette_start": _("Bắt đầu"),
        "palette_start_timer": _("Bắt đầu theo lịch"),
        "palette_start_message": _("Bắt đầu khi có tin"),
        "palette_end": _("Kết thúc"),
        "palette_work": _("Bước công việc"),
        "palette_user_task": _("Người làm"),
        "palette_service_task": _("Hệ thống làm"),
        "palette_rule_task": _("Tra bảng quyết định"),
        "palette_send_task": _("Gửi thư"),
        "palette_call_activity": _("Gọi quy trình khác"),
        "palette_sub_process": _("Quy trình con"),
        "palette_ways": _("Rẽ nhánh, chờ"),
        "palette_exclusive": _("Chọn một nhánh"),
        "palette_parallel": _("Làm song song"),
        "palette_timer": _("Chờ đến lúc"),
        "palette_message": _("Chờ tin báo"),
        "palette_rest": _("Khung, ghi chú"),
        "palette_pool": _("Khung quy trình"),
        "palette_note": _("Ghi chú"),
    }


def _panel() -> Words:
    return {
        "group_general": _("Chung"),
        "group_beginners": _("Người bắt đầu"),
        "group_people": _("Ai làm"),
        "group_deadline": _("Hạn và nhắc việc"),
        "group_form": _("Biểu mẫu"),
        "group_action": _("Hệ thống làm gì"),
        "group_decision": _("Bảng quyết định"),
        "group_called": _("Quy trình được gọi"),
        "group_timer": _("Hẹn giờ"),
        "group_condition": _("Điều kiện của nhánh"),
        "group_order": _("Thứ tự bắt buộc"),
        "group_notes": _("Ghi chú"),
        "group_experts": _("Dành cho chuyên gia"),
        "choose": _("Chưa chọn"),
        "nothing": _("Không có"),
        "not_here": _("{name} (chưa có trong hệ thống)"),
        "expression": _("Biểu thức"),
        "by_expression": _("Theo biểu thức"),
        "name": _("Tên"),
        "name_en": _("Tên tiếng Anh"),
        "note_text": _("Nội dung ghi chú"),
        "mandatory": _("Bước bắt buộc"),
        "mandatory_hint": _("Không được bỏ bước này khi sửa quy trình."),
        "requires": _("Chỉ đến được đây sau khi qua"),
        "requires_hint": _("Mọi đường dẫn tới đây phải qua các bước được chọn."),
        "started_by": _("Ai được tự bắt đầu"),
        "started_by_hint": _(
            "Người giữ vai trò này thấy quy trình trong “Bắt đầu việc mới”. Biến có sẵn: starter, unit_code."
        ),
        "brings": _("Biến đi kèm tin báo"),
        "may_bring": _("Biến lịch định kỳ có thể cho thêm"),
        "brings_hint": _("Tên các biến, cách nhau bằng dấu phẩy."),
        "form_id": _("Biểu mẫu của việc này"),
        "open_form": _("Mở biểu mẫu"),
        "values": _("Dữ liệu điền sẵn"),
        "values_hint": _("Biểu mẫu mở ra đã có các dữ liệu này."),
        "record": _("Ghi kết quả bằng"),
        "record_hint": _("Việc hệ thống làm ngay khi biểu mẫu được gửi."),
        "action": _("Việc hệ thống làm"),
        "send_mail": _("Gửi thư theo mẫu"),
        "mail_text": _("Mẫu thư"),
        "decision_id": _("Bảng được tra"),
        "open_table": _("Mở bảng quyết định"),
        "result_variable": _("Tên biến nhận kết quả"),
        "result_variable_hint": _("Các bước sau đọc kết quả theo tên này."),
        "called_process": _("Quy trình"),
        "is_default": _("Nhánh mặc định"),
        "is_default_hint": _("Đi nhánh này khi không điều kiện nào đúng."),
        "condition": _("Đi nhánh này khi"),
        "condition_hint": _('Ví dụ: appraisal_outcome = "supplement"'),
        "documentation": _("Ghi chú cho người sửa quy trình"),
        "documentation_hint": _("Không hiện với người làm việc."),
        "priority": _("Mức ưu tiên"),
        "priority_hint": _("Từ 0 đến 100; bỏ trống là 50."),
        "page": _("Trang riêng thay biểu mẫu"),
        "page_hint": _("Chỉ dùng cho việc có màn hình riêng, ví dụ bỏ phiếu."),
        "feel_add_working_days": _("Ngày sau số ngày làm việc"),
        "feel_working_days_between": _("Số ngày làm việc giữa hai ngày"),
        "feel_is_working_day": _("Có phải ngày làm việc không"),
        "feel_next_working_day": _("Ngày làm việc kế tiếp"),
    }


def _assignment() -> Words:
    return {
        "candidate_groups": _("Nhóm được giao"),
        "mail_to": _("Người nhận"),
        "role_of_unit": _("Của đơn vị"),
        "role_of_unit_hint": _("Tên biến chứa mã đơn vị, ví dụ unit_code; bỏ trống là cả thành phố."),
        "not_same_person_as": _("Không cùng người với"),
        "not_same_person_as_hint": _("Người đã làm việc được chọn sẽ không được làm việc này."),
        "assignee": _("Giao thẳng cho"),
        "assignee_hint": _("Tên đăng nhập, hoặc biểu thức cho tên đăng nhập. Thường bỏ trống."),
    }


def _deadlines() -> Words:
    return {
        "due_kind": _("Hạn hoàn thành"),
        "due_none": _("Không có hạn"),
        "due_working_days": _("Sau số ngày làm việc"),
        "due_days": _("Sau số ngày"),
        "due_own": _("Theo biểu thức"),
        "due_count_working_days": _("Số ngày làm việc"),
        "due_count_days": _("Số ngày"),
        "due_count_hint": _("Một số, hoặc tên biến chứa số."),
        "due_date_hint": _("Ví dụ: add working days(today(), 7) nghĩa là 7 ngày làm việc."),
        "reminders": _("Nhắc việc"),
        "reminders_kind_usual": _("Như thường lệ"),
        "reminders_of_all": _("Nhắc việc của cả quy trình"),
        "reminders_kind_of_process": _("Như cả quy trình"),
        "reminders_hint": _(
            "Thường lệ: trước 2 ngày làm việc, ngày đến hạn, 5 ngày sau; quá 2 ngày thì báo lãnh đạo, "
            "quá 5 ngày thì báo cơ quan thường trực."
        ),
        "reminders_kind_none": _("Không nhắc"),
        "reminders_kind_own": _("Đặt riêng"),
        "reminders_before": _("Nhắc trước hạn (ngày làm việc)"),
        "reminders_due": _("Nhắc vào ngày đến hạn"),
        "reminders_after": _("Nhắc mỗi ngày khi quá hạn, trong (ngày làm việc)"),
        "reminders_head": _("Báo lãnh đạo sau khi quá hạn (ngày làm việc)"),
        "reminders_overseer": _("Báo cơ quan thường trực sau khi quá hạn (ngày làm việc)"),
        "lists_of_days": _("Nhập số ngày từ 1 đến 99, nhiều lần thì ghi như 5, 1."),
        "days_to_twenty": _("Nhập số nguyên từ 1 đến 20."),
        "whole_days": _("Nhập số nguyên từ 1 đến 99."),
    }


def _timers() -> Words:
    return {
        "timer_kind": _("Đến lúc nào"),
        "timer_none": _("Chưa chọn"),
        "timer_days": _("Sau số ngày"),
        "timer_hours": _("Sau số giờ"),
        "timer_working_days": _("Sau số ngày làm việc"),
        "timer_date": _("Vào một thời điểm"),
        "timer_duration": _("Sau một khoảng thời gian"),
        "timer_cycle": _("Lặp lại theo chu kỳ"),
        "timer_count_days": _("Số ngày"),
        "timer_count_hours": _("Số giờ"),
        "timer_count_working_days": _("Số ngày làm việc"),
        "timer_value": _("Viết đầy đủ"),
        "timer_hint_days": _("P3D là 3 ngày."),
        "timer_hint_hours": _("PT8H là 8 giờ."),
        "timer_hint_working_days": _("Tính từ ngày đến bước này, bỏ ngày nghỉ và ngày lễ."),
        "timer_hint_date": _("Ví dụ 2026-12-31T17:00:00+07:00, hoặc biểu thức cho một thời điểm."),
        "timer_hint_duration": _("Ví dụ P1DT12H là 1 ngày 12 giờ, hoặc biểu thức cho một khoảng thời gian."),
        "timer_hint_cycle": _("R/P7D là 7 ngày một lần; R3/PT8H là 3 lần, mỗi lần cách 8 giờ."),
    }


def _problems() -> Words:
    return {
        "problems": _("Vấn đề cần sửa"),
        "no_problems": _("Không có vấn đề nào."),
        "problem_level": _("Mức độ"),
        "problem_element": _("Phần tử"),
        "problem_what": _("Vấn đề"),
        "problem_mend": _("Cách sửa"),
        "whole_file": _("Cả tệp"),
        "level_error": _("Lỗi {number}"),
        "level_needs": _("Còn thiếu {number}"),
        "level_note": _("Lưu ý {number}"),
        "count_error": _("{count} lỗi"),
        "count_needs": _("{count} chỗ còn thiếu"),
        "count_note": _("{count} lưu ý"),
        "lint_assignment_missing": _("Chưa ghi nhóm được giao, nên không ai nhận được việc này."),
        "lint_form_none": _("Việc này chưa có biểu mẫu."),
        "lint_action_missing": _("Chưa ghi việc hệ thống phải làm."),
        "lint_decision_none": _("Chưa chọn bảng quyết định được tra."),
        "lint_call_none": _("Chưa chọn quy trình được gọi."),
        "lint_timer_missing": _("Chưa ghi đến lúc nào."),
        "lint_default_missing": _(
            "Cổng không có nhánh mặc định; nếu không điều kiện nào đúng, hồ sơ dừng lại ở đây."
        ),
        "lint_condition_missing": _(
            "Nhánh “{value}” chưa có điều kiện và không phải nhánh mặc định; hồ sơ có thể đứng lại ở đây."
        ),
        "lint_no_incoming": _("Phần tử chưa được nối với quy trình."),
        "lint_flow_twice": _("Hai nhánh cùng nối hai phần tử này."),
        "lint_end_missing": _(
            "Sau phần tử này không còn gì; nối tới bước tiếp theo hoặc tới sự kiện kết thúc."
        ),
        "lint_fork_missing": _(
            "Nhiều nhánh đi ra cùng lúc; đặt một cổng để thấy rõ là chọn một hay làm song song."
        ),
        "lint_name_missing": _("Phần tử chưa có tên."),
        "lint_start_missing": _("Thiếu sự kiện bắt đầu."),
        "lint_gateway_needless": _("Cổng này chỉ có một đường vào và một đường ra, có thể bỏ."),
        "mend_name_element": _("Đặt tên"),
        "mend_default_flow": _("Đặt làm nhánh mặc định"),
        "mend_remove": _("Xóa phần tử này"),
    }
