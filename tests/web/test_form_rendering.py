"""Forms as HTML: works without scripts, bound labels, errors at their fields, nothing hostile comes alive."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine.feel import Environment, Value
from engine.forms import Form, check_schema, parse_schema
from web import i18n
from web.form_rendering import error_list, render_answers, render_form

ENVIRONMENT = Environment(now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "hostile"
Fields = Mapping[str, Sequence[str]]


class Page(HTMLParser):
    """The tags of a page, with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """Return the attributes of all tags that have these."""
        return [
            attributes
            for name, attributes in self.tags
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """Return the attributes of the only tag that has these."""
        (found,) = self.all(tag, **wanted)
        return found


@pytest.fixture
def request_context() -> Iterator[None]:
    """Be inside a request of an application that has languages and files."""
    app = Flask("web")
    app.secret_key = "test"
    i18n.prepare(app)
    app.add_url_rule("/files/<int:upload_id>", "uploads.download", str)
    with app.test_request_context("/?lang=vi"):
        yield


def make(*components: dict[str, Any]) -> Form:
    return parse_schema(json.dumps({"type": "default", "id": "sample", "components": components}).encode())


def show(
    form: Form,
    fields: Fields | None = None,
    initial: Mapping[str, Value] | None = None,
    *,
    language: str = "vi",
    name_file: Callable[[int], str] | None = None,
) -> Page:
    """Return the page of a form: handed in with ``fields``, or as it opens."""
    known = initial or {}
    if fields is None:
        answers = form.open(initial=known, environment=ENVIRONMENT)
    else:
        answers = form.parse(fields, initial=known, environment=ENVIRONMENT)
    return Page(str(render_form(form, answers, language, name_file=name_file)))


def values(*names: str) -> list[dict[str, str]]:
    return [{"label": name.upper(), "value": name} for name in names]


pytestmark = pytest.mark.usefixtures("request_context")

SEG = {"widget": "seg"}
EVERYTHING: list[dict[str, Any]] = [
    {"type": "text", "text": "Kính gửi **{{name}}**"},
    {"type": "textfield", "key": "a", "label": "Tên", "label_en": "Name", "validate": {"required": True}},
    {"type": "textarea", "key": "b", "label": "Ý kiến", "description": "Ngắn gọn"},
    {"type": "number", "key": "c", "label": "Tiền", "appearance": {"suffixAdorner": "đồng"}},
    {"type": "checkbox", "key": "d", "label": "Đồng ý"},
    {"type": "checklist", "key": "e", "label": "Chọn", "values": values("x", "y")},
    {"type": "radio", "key": "f", "label": "Một", "values": values("x", "y"), "properties": SEG},
    {"type": "select", "key": "g", "label": "Danh sách", "values": values("x", "y")},
    {"type": "taglist", "key": "h", "label": "Nhãn", "values": values("x", "y")},
    {"type": "datetime", "key": "i", "subtype": "date", "dateLabel": "Ngày"},
    {"type": "datetime", "key": "j", "subtype": "time", "timeLabel": "Giờ"},
    {"type": "datetime", "key": "k", "subtype": "datetime", "dateLabel": "Hạn"},
    {"type": "filepicker", "key": "l", "label": "Tệp", "accept": ".pdf", "multiple": True},
    {"type": "separator"},
    {"type": "spacer"},
    {"type": "expression", "key": "m", "label": "Tổng", "expression": "=1500 + 0.5"},
    {"type": "group", "label": "Nhóm", "components": [
        {"type": "textfield", "key": "n", "label": "Trong nhóm"}]},
    {"type": "dynamiclist", "path": "o", "label": "Dòng", "components": [
        {"type": "textfield", "key": "p", "label": "Ô"}]},
    {"type": "table", "label": "Bảng", "dataSource": "=rows", "columns": [{"key": "q", "label": "Cột"}]},
]  # fmt: skip


def test_every_kind_is_drawn_with_unique_ids_and_bound_labels() -> None:
    page = show(make(*EVERYTHING), initial={"name": "Sở Y tế", "rows": [{"q": Decimal(1500000)}]})

    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["for"] for attributes in page.all("label") if "for" in attributes} <= set(ids)
    for text in ("Sở Y tế", "1.500,5", "1.500.000", "(bắt buộc)", "Ngắn gọn", "đồng"):
        assert text in page.text


def test_no_inline_style_and_no_script_stands_in_a_form() -> None:
    page = show(make(*EVERYTHING), initial={"rows": []})

    assert not [attributes for _, attributes in page.tags if "style" in attributes]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not page.all("script")


def test_english_words_are_shown_on_an_english_page() -> None:
    assert "Name" in show(make(EVERYTHING[1]), language="en").text


def test_widths_follow_the_grid_and_share_what_is_left() -> None:
    def field(key: str, columns: int | None) -> dict[str, Any]:
        return {"type": "textfield", "key": key, "layout": {"row": "r", "columns": columns}}

    page = show(make(field("a", 4), field("b", None), field("c", None)))

    assert [attributes["class"] for attributes in page.all("div") if "w-" in (attributes["class"] or "")] == [
        "w-4",
        "w-6",
        "w-6",
    ]


def test_fields_that_name_no_row_stand_side_by_side_as_long_as_they_fit() -> None:
    fields = [{"type": "textfield", "key": key, "layout": {"columns": 8}} for key in "abc"]

    grids = [attributes for attributes in show(make(*fields)).all("div") if attributes.get("class") == "grid"]

    assert len(grids) == 2


def test_what_was_typed_wrong_stays_in_the_field_with_its_error() -> None:
    page = show(make(EVERYTHING[3]), {"c": ["nhiều"]})

    field = page.one("input", name="c")
    assert field["value"] == "nhiều"
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "f-c-wrong"
    assert "Chưa phải số" in page.text


@pytest.mark.parametrize(
    ("typed", "value"), [("2026-11-23", "23/11/2026"), ("23112026", "23/11/2026"), ("mai", "mai")]
)
def test_a_date_is_written_day_first_and_one_that_cannot_be_read_stays(typed: str, value: str) -> None:
    assert show(make(EVERYTHING[9]), {"i.date": [typed]}).one("input", name="i.date")["value"] == value


def test_the_list_of_errors_leads_to_the_fields_and_names_the_row() -> None:
    inner = {"type": "textfield", "key": "p", "label": "Họ tên", "validate": {"required": True}}
    rows = {"type": "dynamiclist", "path": "o", "components": [inner], "properties": {"row_label": "Người"}}
    form = make(rows)
    answers = form.parse({"o.0.p": ["x"], "o.1.p": [""]}, initial={}, environment=ENVIRONMENT)

    (line,) = error_list(form, answers, "vi")

    assert (line.anchor, line.label) == ("f-o-1-p", "Người 2, Họ tên")
    assert Page(str(render_form(form, answers, "vi"))).one("input", id=line.anchor)["name"] == "o.1.p"


def test_everything_the_page_sends_back_untouched_gives_the_same_answers() -> None:
    form = make(*EVERYTHING)
    initial: dict[str, Value] = {
        "a": "Bình", "b": "một\nhai", "c": Decimal("1500000.5"), "d": True, "e": ["y"], "f": "x", "g": "y",
        "h": ["x", "y"], "l": [Decimal(3)], "n": "trong", "o": [{"p": "1"}, {"p": "2"}], "rows": [],
    }  # fmt: skip
    opened = form.open(initial=initial, environment=ENVIRONMENT)

    again = form.parse(
        _sent_by(str(render_form(form, opened, "vi"))), initial=initial, environment=ENVIRONMENT
    )

    assert again.errors == {}
    assert again.values == opened.values


def _sent_by(html: str) -> dict[str, list[str]]:
    """What a browser sends for a page nobody has touched."""
    sent: dict[str, list[str]] = {}
    page = Page(html)
    for attributes in page.all("input"):
        is_off = attributes.get("type") in {"checkbox", "radio"} and "checked" not in attributes
        if attributes.get("name") and not is_off and attributes.get("type") != "file":
            sent.setdefault(str(attributes["name"]), []).append(attributes.get("value") or "")
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        sent[name] = [chosen] if (chosen := "".join(re.findall(r'value="([^"]*)" selected', inner))) else [""]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL):
        sent[name] = [text]
    return sent


def test_what_was_typed_into_a_field_that_is_hidden_now_is_carried_along() -> None:
    reason = {"type": "textarea", "key": "reason", "conditional": {"hide": '=verdict = "x"'}}
    verdict = {"type": "radio", "key": "verdict", "values": values("x", "y")}

    page = show(make(verdict, reason), {"verdict": ["x"], "reason": ["viết dở"]})

    assert page.one("input", name="reason")["value"] == "viết dở"
    assert all("data-recompute" in attributes for attributes in page.all("input", name="verdict"))
    assert page.one("button", value="refresh")


def test_hidden_prefilled_values_do_not_reach_the_page() -> None:
    secret = {"type": "textfield", "key": "secret", "conditional": {"hide": "=true"}}

    page = show(make(secret, {"type": "textfield", "key": "a"}), initial={"secret": "kín"})

    assert not page.all("input", name="secret")


def test_the_enter_key_does_not_press_a_button_of_a_row() -> None:
    buttons = show(make(EVERYTHING[17])).all("button")

    assert buttons[0]["value"] == "refresh"
    assert "add:o" in [attributes["value"] for attributes in buttons]


def test_files_keep_their_names_and_can_be_taken_away() -> None:
    page = show(make(EVERYTHING[12]), initial={"l": [Decimal(3)]}, name_file=lambda _number: "Tờ trình.pdf")

    assert page.one("input", name="l.kept")["value"] == "3"
    assert page.one("a")["href"] == "/files/3"
    assert "Tờ trình.pdf" in page.text


JUDGE: dict[str, Any] = {
    "type": "dynamiclist",
    "path": "nominees",
    "allowAddRemove": False,
    "properties": {"widget": "judge"},
    "components": [
        {"type": "number", "key": "id", "readonly": True, "label": "Mã"},
        {"type": "textfield", "key": "name", "readonly": True, "label": "Họ tên"},
        {"type": "textfield", "key": "about", "readonly": True, "label": "Công việc"},
        {
            "type": "radio",
            "key": "verdict",
            "label": "Kết luận",
            "values": values("accept", "reject", "supplement"),
            "validate": {"required": True},
        },
        {
            "type": "textarea",
            "key": "reason",
            "label": "Lý do",
            "conditional": {"hide": '=verdict = "accept" or verdict = null'},
            "validate": {"required": True},
        },
        {
            "type": "datetime",
            "key": "due",
            "dateLabel": "Hạn",
            "conditional": {"hide": '=verdict != "supplement"'},
        },
    ],
}
PEOPLE: dict[str, Value] = {
    "nominees": [
        {"id": Decimal(1), "name": "Bình", "about": "Giáo viên", "check": "Đạt 6 trên 6", "check_kind": "ok"},
        {"id": Decimal(2), "name": "Khánh", "about": "Bác sĩ"},
    ]
}


def test_what_speaks_against_a_row_stands_open_and_the_rest_is_folded() -> None:
    lines: list[Value] = [
        {"kind": "stop", "label": "Không đạt", "text": "Chưa có <b>sáng kiến</b>", "note": "Điều 22"},
        {"kind": "ok", "label": "Đạt", "text": "Đủ 3 năm", "note": ""},
        {"kind": "javascript:", "label": "Khác", "text": "x", "note": ""},
    ]
    judged = {**JUDGE, "properties": {"widget": "judge", "checks": "found"}}
    page = show(make(judged), initial={**PEOPLE, "found": [[], lines]})

    kinds = [
        attributes["class"] for attributes in page.all("div") if "rule--" in (attributes.get("class") or "")
    ]
    assert kinds == ["rule rule--stop", "rule rule--ok", "rule rule--info"]
    assert "Chưa có <b>sáng kiến</b>" in page.text
    assert "2 nội dung khác đã kiểm tra" in page.text


def test_a_verdict_shows_what_it_calls_for_without_scripts() -> None:
    page = show(make(JUDGE), initial=PEOPLE)

    reasons = [attributes["class"] for attributes in page.all("tr") if "class" in attributes]
    assert reasons == ["reason any-1 any-2", "reason any-1 any-2"]
    assert [
        attributes["class"]
        for attributes in page.all("div")
        if (attributes["class"] or "").startswith("when")
    ] == [
        "when when-1 when-2",
        "when when-2",
    ] * 2
    assert [attributes["class"] for attributes in page.all("label")[:3]] == ["seg-yes", "seg-no", "seg-hold"]
    assert page.one("textarea", name="nominees.1.reason")


def test_a_verdict_that_is_only_read_is_shown_in_words_beside_its_reason() -> None:
    components = [component | {"readonly": True} for component in JUDGE["components"]]
    rows: dict[str, Value] = {"nominees": [{"name": "Bình", "verdict": "reject", "reason": "Thiếu"}]}

    page = show(make(JUDGE | {"components": components}), initial=rows)

    assert not page.all("input", type="radio")
    assert page.text.count("REJECT") == 1
    assert "Thiếu" in page.text


def test_a_field_of_a_row_that_is_read_from_outside_says_so() -> None:
    due = {
        "type": "textfield",
        "key": "due",
        "conditional": {"hide": '=not(list contains(nominees.verdict, "x"))'},
    }

    page = show(make(JUDGE, due), initial=PEOPLE)

    assert "data-recompute" in page.all("input", name="nominees.0.verdict")[0]


def test_a_judgement_handed_in_as_drawn_is_read_row_by_row() -> None:
    form = make(JUDGE)
    opened = form.open(initial=PEOPLE, environment=ENVIRONMENT)
    sent = _sent_by(str(render_form(form, opened, "vi")))
    sent |= {
        "nominees.0.verdict": ["accept"],
        "nominees.1.verdict": ["reject"],
        "nominees.1.reason": ["Thiếu"],
    }

    answers = form.parse(sent, initial=PEOPLE, environment=ENVIRONMENT)

    assert answers.errors == {}
    assert answers.values["nominees"] == [
        PEOPLE["nominees"][0] | {"verdict": "accept"},  # type: ignore[index,operator]  # rows of the constant above
        PEOPLE["nominees"][1] | {"verdict": "reject", "reason": "Thiếu"},  # type: ignore[index,operator]  # as above
    ]


def test_answers_are_read_by_the_words_of_their_options() -> None:
    form = make(*EVERYTHING)
    answers = form.open(
        initial={"f": "y", "d": True, "o": [{"p": "ô một"}], "rows": []}, environment=ENVIRONMENT
    )

    page = Page(str(render_answers(form, answers, "vi")))

    assert not page.all("input")
    for text in ("Y", "Có", "ô một", "Không có"):
        assert text in page.text


def _harmless_forms() -> list[Path]:
    return [
        path
        for path in sorted(HOSTILE.glob("*.form"))
        if not any(problem.severity == "error" for problem in check_schema(path.read_bytes()))
    ]


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile definitions are not beside this checkout")
@pytest.mark.parametrize("path", _harmless_forms(), ids=lambda path: str(path.stem))
def test_nothing_hostile_comes_alive_on_the_page(path: Path) -> None:
    page = show(parse_schema(path.read_bytes()), initial={"note": "<script>alert(1)</script>"})

    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "svg/onload", "object", "embed"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    links = [attributes["href"] or "" for attributes in page.all("a") if "href" in attributes]
    assert [link for link in links if not link.startswith(("http://", "https://", "mailto:"))] == []


@pytest.mark.parametrize("text", ["[xem]({{address}})", "<{{address}}>", "[x]: {{address}}\n\n[x]"])
def test_no_value_becomes_the_address_of_a_link(text: str) -> None:
    page = show(make({"type": "text", "text": text}), initial={"address": "javascript:alert(1)"})

    assert not [attributes for attributes in page.all("a") if "javascript" in (attributes.get("href") or "")]


def test_markdown_in_a_value_stays_text() -> None:
    page = show(make({"type": "text", "text": "{{note}}"}), initial={"note": "**đậm** <b>x</b>"})

    assert "**đậm** <b>x</b>" in page.text
    assert not page.all("strong")
