"""Tests of the one normal form, of searching without marks, and of the order of names."""

import unicodedata

import pytest

from engine.text import escape_like, fold, is_mail_address, mask_address, nfc, one_line, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nguyễn Đức", "nguyen duc"),
        ("  ĐOÀN   Thị Ước ", "doan thi uoc"),
        (unicodedata.normalize("NFD", "Huỳnh Nguyễn Thị Phượng Uyên"), "huynh nguyen thi phuong uyen"),
        ("\u00d0ặng", "dang"),
        ("HS-2026-0417", "hs-2026-0417"),
    ],
)
def test_folded_text_has_neither_marks_nor_capitals(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_percent_signs_are_searched_for_as_such() -> None:
    assert escape_like("Đạt 100%_") == r"dat 100\%\_"


def test_names_are_sorted_by_given_name_then_family_name() -> None:
    names = ["Trần Văn An", "Nguyễn Thị An", "Lê Đông", "Lê Dung", "Lê Đăng", "Nguyễn An"]

    assert sorted(names, key=sort_key) == [
        "Nguyễn An",
        "Nguyễn Thị An",
        "Trần Văn An",
        "Lê Dung",
        "Lê Đăng",
        "Lê Đông",
    ]


def test_tones_follow_the_dictionary_and_letters_go_before_tones() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ"]

    assert sorted(["mâ", "mạ", "mà", "mă", "ma", "mã", "mả", "má"], key=sort_key) == words


def test_a_sort_key_is_the_same_in_both_normal_forms() -> None:
    name = "Vũ Thuỳ Ưng"

    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(nfc(name))


def test_a_name_of_unknown_letters_still_has_a_key() -> None:
    assert sort_key("Müller-Çelik 王") > ""
    assert sort_key("") == ""


def test_a_line_of_a_log_stays_one_line() -> None:
    assert one_line("ok\r\nFORGED\x1b[31m\u202e entry") == "ok FORGED [31m entry"
    assert one_line("x" * 1000, 10) == "xxxxxxxxx…"


def test_an_address_is_masked() -> None:
    assert mask_address("mien.vh@haiphong.gov.vn") == "m***@haiphong.gov.vn"
    assert mask_address("nonsense") == "***"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("khe@haiphong.gov.vn", True),
        ("doan.khe+tdkt@syt.haiphong.gov.vn", True),
        ("khe@localhost", False),
        ("khe haiphong.gov.vn", False),
        ("khe@@haiphong.vn", False),
        ("khê@haiphong.gov.vn", False),
        ("khe@haiphong..vn", False),
        ("khe@haiphong.gov.vn, mien@haiphong.gov.vn", False),
        ("Khê <khe@haiphong.gov.vn>", False),
        ("khe@haiphong.gov.vn\nBcc: x@y.vn", False),
        ("", False),
    ],
)
def test_an_address_is_what_a_mail_server_takes(address: str, is_one: bool) -> None:
    assert is_mail_address(address) is is_one
