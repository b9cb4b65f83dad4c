"""The sentences that the editors of tables, forms and texts speak, for ``studio_words``."""

from web.i18n import gettext as _

Words = dict[str, str]


def words() -> Words:
    """Return the sentences of the three editors in the reader's language, by key."""
    return _languages() | _tables() | _forms() | _kinds() | _members() | _texts()


def _languages() -> Words:
    return {"language_vi": _("Tiếng Việt"), "language_en": _("Tiếng Anh")}


def _tables() -> Words:
    return {
        "table_views": _("Các quyết định trong tệp"),
        "table_map": _("Sơ đồ quyết định"),
        "table_policies": _("Cách chọn dòng nghĩa là gì"),
        "table_trial": _("Thử bảng"),
        "table_trial_hint": _(
            "Nhập giá trị như hồ sơ sẽ có: số 12, ngày 20/11/2026, có hoặc không, hoặc chữ."
        ),
        "table_try": _("Tra bảng"),
        "table_answer": _("Kết quả: {value}"),
        "table_hit": _("{table}, dòng {number}: {answer}"),
        "table_no_hit": _("Không dòng nào khớp."),
    }


def _forms() -> Words:
    return {
        "form_panel": _("Thuộc tính của ô đang chọn"),
        "form_preview": _("Người làm sẽ thấy"),
        "form_whole": _("Cả biểu mẫu"),
        "form_none_selected": _("Chọn một ô để sửa; kéo thêm ô từ cột bên trái, hoặc bấm vào tên loại ô."),
        "form_remove": _("Xóa ô này"),
        "form_group_input": _("Nhập"),
        "form_group_choice": _("Chọn"),
        "form_group_shown": _("Hiện"),
        "form_group_holding": _("Gom lại"),
        "form_option_label": _("Tên"),
        "form_option_label_en": _("Tên tiếng Anh"),
        "form_option_value": _("Giá trị được lưu"),
        "form_option_new": _("Lựa chọn mới"),
        "form_option_add": _("Thêm lựa chọn"),
        "form_option_remove": _("Xóa lựa chọn {number}"),
        "form_choice_date": _("Ngày"),
        "form_choice_time": _("Giờ"),
        "form_choice_datetime": _("Ngày và giờ"),
        "form_choice_email": _("Thư điện tử"),
        "form_choice_phone": _("Số điện thoại"),
    }


def _kinds() -> Words:
    return {
        "form_kind_textfield": _("Một dòng chữ"),
        "form_kind_textarea": _("Đoạn chữ"),
        "form_kind_number": _("Số"),
        "form_kind_datetime": _("Ngày, giờ"),
        "form_kind_filepicker": _("Tệp gửi kèm"),
        "form_kind_radio": _("Chọn một"),
        "form_kind_select": _("Danh sách thả xuống"),
        "form_kind_checklist": _("Chọn nhiều"),
        "form_kind_taglist": _("Chọn nhiều từ danh sách dài"),
        "form_kind_checkbox": _("Ô đánh dấu"),
        "form_kind_text": _("Lời dẫn"),
        "form_kind_table": _("Bảng để đọc"),
        "form_kind_expression": _("Giá trị tính ra"),
        "form_kind_separator": _("Đường kẻ"),
        "form_kind_spacer": _("Khoảng trống"),
        "form_kind_group": _("Nhóm ô"),
        "form_kind_dynamiclist": _("Danh sách lặp"),
        "form_kind_button": _("Nút gửi"),
    }


def _members() -> Words:
    return {
        "form_member_text": _("Nội dung"),
        "form_member_label": _("Tên hiện trên biểu mẫu"),
        "form_member_dateLabel": _("Tên của ô ngày"),
        "form_member_timeLabel": _("Tên của ô giờ"),
        "form_member_description": _("Lời giải thích dưới tên"),
        "form_member_key": _("Tên biến nhận câu trả lời"),
        "form_member_path": _("Tên biến chứa các ô bên trong"),
        "form_member_values": _("Các lựa chọn"),
        "form_member_valuesExpression": _("Hoặc lựa chọn theo biểu thức"),
        "form_member_valuesKey": _("Hoặc lựa chọn lấy từ biến"),
        "form_member_expression": _("Biểu thức"),
        "form_member_dataSource": _("Dữ liệu của bảng"),
        "form_member_subtype": _("Hỏi ngày hay giờ"),
        "form_member_validate_required": _("Bắt buộc trả lời"),
        "form_member_validate_minLength": _("Ít nhất bao nhiêu ký tự"),
        "form_member_validate_maxLength": _("Nhiều nhất bao nhiêu ký tự"),
        "form_member_validate_min": _("Số nhỏ nhất"),
        "form_member_validate_max": _("Số lớn nhất"),
        "form_member_validate_pattern": _("Mẫu phải khớp"),
        "form_member_validate_validationType": _("Phải là"),
        "form_member_decimalDigits": _("Số chữ số thập phân"),
        "form_member_multiple": _("Gửi được nhiều tệp"),
        "form_member_defaultRepetitions": _("Số mục lúc mở ra"),
        "form_member_allowAddRemove": _("Thêm, bớt mục được"),
        "form_member_readonly": _("Chỉ để đọc"),
        "form_member_conditional_hide": _("Ẩn ô này khi"),
        "form_member_layout_columns": _("Bề rộng (trên 16 cột)"),
    }


def _texts() -> Words:
    return {
        "text_name": _("Tên mẫu"),
        "text_subject": _("Tiêu đề thư"),
        "text_body": _("Nội dung"),
        "text_variables": _("Chèn dữ liệu"),
        "text_variables_hint": _("Bấm vào một dòng để đặt dữ liệu đó vào chỗ con trỏ."),
        "text_no_variables": _("Sơ đồ chưa có dữ liệu nào."),
        "text_samples": _("Giá trị ví dụ để xem trước"),
        "text_preview": _("Người nhận sẽ thấy"),
    }
