"""The editors of tables, forms and texts in a browser: what is written is saved and shown, nothing lost."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from city import person_named
from playwright.sync_api import ConsoleMessage, Page, expect
from website import NARROW, WIDE, Site

from engine import clock, database, drafts
from engine.ingest.xml import Node, parse

pytestmark = pytest.mark.browser

EDITOR: Final = "process_administrator"
KEY: Final = "inspection"
TABLE: Final = (Path(__file__).parents[2] / "web" / "bench" / "bench.dmn").read_bytes()
USUAL: Final = ("hitPolicy", "UNIQUE")
"""What a table has that names no hit policy; dmn-js leaves it out."""
MAIL: Final[dict[str, str]] = {
    "id": "received",
    "type": "mail",
    "name": "Báo đã nhận",
    "subject": "Đã nhận hồ sơ",
    "body": "Ban đã nhận hồ sơ của {{ unit_code }}.",
}


class Desk:
    """A draft of one process, and the pages on which its files are edited."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.unspoken: list[str] = []
        with database.transaction(site.installation.factory) as session:
            editor = person_named(session, EDITOR)
            self.draft_id = drafts.open_draft(session, KEY, editor=editor, now=clock.now()).id

    def bring(self, name: str, content: bytes) -> None:
        """Put a file into the draft."""
        with database.transaction(self.site.installation.factory) as session:
            draft = drafts.get_draft(session, self.draft_id)
            editor = person_named(session, EDITOR)
            drafts.add_file(session, draft, name, content, editor=editor, now=clock.now())

    def stored(self, name: str) -> bytes:
        """Return a file as the server has it."""
        with database.transaction(self.site.installation.factory) as session:
            return drafts.files_of(drafts.get_draft(session, self.draft_id))[name]

    def names(self) -> set[str]:
        """Return the names of all files of the draft."""
        with database.transaction(self.site.installation.factory) as session:
            return set(drafts.files_of(drafts.get_draft(session, self.draft_id)))

    def page(self, *, size: tuple[int, int] = WIDE, language: str = "vi") -> Page:
        """Sign in."""
        page = self.site.sign_in(EDITOR, size=size, language=language)
        page.on("console", self._listen)
        return page

    def open(self, page: Page, name: str) -> None:
        """Open a file and wait for its editor."""
        page.goto(f"{self.site.address}/studio/drafts/{self.draft_id}?file={name}")
        page.wait_for_selector(".studio-editor[data-state=ready]")

    def begin(self, page: Page, tab: str, name: str) -> None:
        """Add a new file by its name and wait for its editor."""
        page.goto(f"{self.site.address}/studio/drafts/{self.draft_id}?tab={tab}")
        page.fill("main form input[name=name]", name)
        page.get_by_role("button", name="Thêm vào bản nháp").click()
        page.wait_for_selector(".studio-editor[data-state=ready]")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.text.startswith("no word: "):
            self.unspoken.append(message.text.removeprefix("no word: "))


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def _is_saved(page: Page) -> None:
    expect(page.locator("#studio-status[data-state=is-saved]")).to_be_visible(timeout=15_000)


def _is_clean(desk: Desk) -> None:
    assert desk.unspoken == []
    assert desk.site.complaints == []


def test_a_mail_is_written_in_both_languages_and_shown_as_its_reader_gets_it(desk: Desk) -> None:
    desk.bring("received.text", json.dumps(MAIL, ensure_ascii=False).encode())
    page = desk.page()
    desk.open(page, "received.text")

    page.fill("#text-subject_en", "Received")
    page.fill("#text-body", "Kính gửi ")
    page.locator(".text-variable", has_text="review_outcome").first.click()
    page.get_by_label("review_outcome", exact=True).fill("Sở Y tế")

    _is_saved(page)
    stored = json.loads(desk.stored("received.text"))
    assert stored == MAIL | {"subject_en": "Received", "body": "Kính gửi {{ review_outcome }}"}
    vietnamese = page.frame_locator("iframe[lang=vi]")
    expect(vietnamese.locator("body")).to_contain_text("Kính gửi Sở Y tế")
    expect(page.frame_locator("iframe[lang=en]").locator(".h1")).to_have_text("Received")
    _is_clean(desk)


def test_a_place_that_names_nothing_is_told_at_its_field(desk: Desk) -> None:
    desk.bring("received.text", json.dumps(MAIL, ensure_ascii=False).encode())
    page = desk.page()
    desk.open(page, "received.text")

    page.fill("#text-body", "{{ unit code }}")

    _is_saved(page)
    expect(page.locator(".field.is-wrong:has(#text-body) .wrong")).to_contain_text("unit code")
    expect(page.locator("#studio-problems tr[data-code=text_place_bad]")).to_have_count(1)


def test_a_form_is_changed_beside_the_form_that_people_will_meet(desk: Desk) -> None:
    page = desk.page()
    desk.begin(page, "forms", "Xin nghỉ phép")

    page.get_by_role("button", name="Một dòng chữ").click()
    page.fill("#member-label", "Lý do nghỉ")
    page.fill("#member-key", "reason")
    page.locator(".form-english summary").click()
    page.fill("#member-label_en", "Reason")
    page.check("#member-validate-required")

    _is_saved(page)
    (_, field) = json.loads(desk.stored("xin_nghi_phep.form"))["components"]
    assert (field["label"], field["label_en"], field["key"]) == ("Lý do nghỉ", "Reason", "reason")
    assert field["validate"] == {"required": True}
    expect(page.locator(".form-preview label", has_text="Lý do nghỉ")).to_be_visible()
    page.locator(".form-sight").get_by_role("button", name="Tiếng Anh").click()
    expect(page.locator(".form-preview label", has_text="Reason")).to_be_visible()
    _is_clean(desk)


def test_nothing_of_a_form_is_lost_by_saving_it(desk: Desk) -> None:
    page = desk.page()
    for name in sorted(one for one in desk.names() if one.endswith(".form")):
        before = json.loads(desk.stored(name))
        before["exporter"] = {"name": "another tool"}
        before["components"][0]["studio_unknown"] = {"kept": [1, None]}
        with database.transaction(desk.site.installation.factory) as session:
            draft = drafts.get_draft(session, desk.draft_id)
            editor = person_named(session, EDITOR)
            content = json.dumps(before).encode()
            drafts.add_file(session, draft, name, content, editor=editor, now=clock.now(), replace=True)
        desk.open(page, name)

        page.get_by_role("button", name="Đường kẻ").click()
        _is_saved(page)

        after = json.loads(desk.stored(name))
        assert after["components"].pop()["type"] == "separator"
        assert _placed(after) == _placed(before)
    _is_clean(desk)


def _placed(form: dict[str, Any]) -> dict[str, Any]:
    """Return a form without the names that form-js gives to rows and to fields that have none."""
    return {name: _bare(value) if name == "components" else value for name, value in form.items()}


def _bare(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bare: list[dict[str, Any]] = []
    for component in components:
        layout = component.get("layout", {}).get("columns")
        kept = {
            name: value for name, value in component.items() if name not in {"id", "layout", "components"}
        }
        bare.append(kept | {"columns": layout, "components": _bare(component.get("components", []))})
    return bare


def test_a_table_is_changed_and_tried(desk: Desk) -> None:
    page = desk.page()
    desk.begin(page, "tables", "Mức thưởng")

    cell = page.locator("td.output-cell").first
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type('"mức 1"')
    page.keyboard.press("Tab")

    _is_saved(page)
    assert '"mức 1"' in [node.text for node in parse(desk.stored("muc_thuong.dmn")).iter() if node.text]
    page.locator(".table-inputs input").first.fill("bất kỳ")
    page.get_by_role("button", name="Tra bảng").click()
    expect(page.locator(".table-outcome")).to_contain_text("mức 1", timeout=15_000)
    expect(page.locator(".has-fired").first).to_be_visible()

    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("mức 1")
    page.keyboard.press("Tab")
    expect(page.locator("td.output-cell.has-problem")).to_have_count(1, timeout=15_000)
    _is_clean(desk)


def test_nothing_of_a_table_is_lost_by_saving_it(desk: Desk) -> None:
    desk.bring("bench.dmn", TABLE)
    page = desk.page()
    desk.open(page, "bench.dmn")

    page.locator("td.annotation").first.click()
    page.keyboard.type("Điều 22")

    _is_saved(page)
    after = desk.stored("bench.dmn")
    assert "Điều 22".encode() in after
    assert _written(after) == _written(TABLE)
    assert _ids(TABLE) <= _ids(after)
    for name, value in (("points", "15"), ("unit", "so-y-te"), ("late", "không")):
        page.fill(f".table-inputs [name={name}]", value)
    page.get_by_role("button", name="Tra bảng").click()
    expect(page.locator(".has-fired.output-cell")).to_have_text('"r4"', timeout=15_000)
    _is_clean(desk)


def _written(content: bytes) -> list[object]:
    """Return what a table says, without remarks, drawing, and ids, which dmn-js gives to what has none."""
    return [_told(node) for node in parse(content) if "DMNDI" not in str(node.tag)]


def _told(node: Node) -> object:
    children = [_told(child) for child in node if not str(child.tag).endswith("}description")]
    said = [pair for pair in sorted(node.attrib.items()) if pair[0] != "id" and pair != USUAL]
    return (node.tag, said, (node.text or "").strip(), children)


def _ids(content: bytes) -> set[str]:
    return {str(node.get("id")) for node in parse(content).iter() if node.get("id")}


def test_a_narrow_screen_shows_what_people_will_meet(desk: Desk) -> None:
    desk.bring("received.text", json.dumps(MAIL, ensure_ascii=False).encode())
    page = desk.page(size=NARROW)
    form = min(name for name in desk.names() if name.endswith(".form"))
    for name, shown in ((form, ".form-preview label"), ("received.text", "#text-body")):
        desk.open(page, name)

        expect(page.locator(shown).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
