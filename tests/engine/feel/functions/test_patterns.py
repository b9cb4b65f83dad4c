"""Regular expressions mean what XPath says, and no others are run."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import FeelSyntaxError, Value
from engine.feel.functions.character_classes import complement, difference, union


def is_match(text: str, pattern: str, flags: str = "") -> Value:
    variables: dict[str, Value] = {"text": text, "pattern": pattern, "flags": flags}
    return feel.parse("matches(text, pattern, flags)").evaluate(variables)


MATCHING = [
    ("đường", r"^\w+$", ""),
    ("Ủy ban 01", r"^\p{Lu}\w+ \w+ \d{2}$", ""),
    ("٣", r"\d", ""),
    ("a_b", r"\w_\w", ""),
    ("x y", r"x\sy", ""),
    ("a.b", r"\i\.\i", ""),
    ("ngày-1", r"^\i\c*$", ""),
    ("q", "[a-z-[aeiou]]", ""),
    ("Q", "[a-z-[aeiou]]", "i"),
    ("5", r"[^\D-[0-4]]", ""),
    ("é", r"\p{IsLatin-1Supplement}", ""),
    ("ế", r"\p{IsLatinExtendedAdditional}", ""),
    ("a-b", r"^[a\-b]+$", ""),
    ("-", "[-a]", ""),
    ("-", "[a-]", ""),
    ("^", "[a^]", ""),
    ("a\nb", "a.b", "s"),
    ("a\nb", "^b$", "m"),
    ("HẢI PHÒNG", "hải phòng", "i"),
    ("a b", r"a \s [ ]* b", "x"),
    ("a+b", "a+b", "q"),
    ("A+B", "a+b", "iq"),
    ("aab", "a{2}?b", ""),
    ("abab", "^(?:ab){1,}$", ""),
    ("", "", ""),
    ("\U0001f40e", "^.$", ""),
]
NOT_MATCHING = [
    ("e", "[a-z-[aeiou]]", ""),
    ("E", "[a-z-[aeiou]]", "i"),
    ("a\nb", "a.b", ""),
    ("a\rb", "a.b", ""),
    ("a\nb", "^b$", ""),
    ("b\n", "b$", ""),
    ("a", r"\p{Lu}", "i"),
    ("a b", "a b", "x"),
    ("a", "[a-[a]]", ""),
    ("!", r"\w", ""),
    ("aab", "a.b", "q"),
]
REFUSED = [
    *(
        (pattern, "")
        for pattern in (r"\b", r"(a)\1", "(?=a)", "(?i)a", "(?<n>a)", r"\A", r"\x41", "a**", "*", "{")
    ),
    *(
        (pattern, "")
        for pattern in ("(", ")", "[", "]", "[]", "[z-a]", "[[a]]", "[a-c-e]", "[a-z&&[b]]", "\\")
    ),
    *(
        (pattern, "")
        for pattern in (r"\p{Xx}", r"\p{IsNowhere}", r"\pL", "a{,2}", "a{2,1}", "a{5000}", r"[\Q]")
    ),
    *(
        ("a", "z"),
        (r"[\p{Lu}]", "i"),
        (r"\w{900}", ""),
        ("(a{100}){100}", ""),
        ("(" * 60 + ")" * 60, ""),
        ("a" * 1001, ""),
    ),
]


@pytest.mark.parametrize(("text", "pattern", "flags"), MATCHING)
def test_a_pattern_matches(text: str, pattern: str, flags: str) -> None:
    assert is_match(text, pattern, flags) is True


@pytest.mark.parametrize(("text", "pattern", "flags"), NOT_MATCHING)
def test_a_pattern_does_not_match(text: str, pattern: str, flags: str) -> None:
    assert is_match(text, pattern, flags) is False


@pytest.mark.parametrize(("pattern", "flags"), REFUSED)
def test_what_is_no_pattern_of_xpath_is_refused(pattern: str, flags: str) -> None:
    assert is_match("a", pattern, flags) is None


def test_a_refused_pattern_that_stands_in_the_text_says_why() -> None:
    with pytest.raises(FeelSyntaxError, match="needs a backslash") as refused:
        feel.parse('matches("a", "[[a]]")')

    assert refused.value.code == "bad_pattern"


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "result"),
    [
        ("a1b2", "([a-z])([0-9])", "$2$1", "1a2b"),
        ("abc", "(a)(b)", "$2$1$12", "baa2c"),
        ("abc", "b", "$0$0", "abbc"),
        ("abc", "(x)|b", "[$1]", "a[]c"),
        ("abc", "b", r"\$\\", r"a$\c"),
        ("đường đi", r"\w+", "x", "x x"),
        ("abc", "b", "$", None),
        ("abc", "b", r"\n", None),
        ("abc", "x*", "-", None),
    ],
)
def test_replacing(text: str, pattern: str, replacement: str, result: Value) -> None:
    variables: dict[str, Value] = {"text": text, "pattern": pattern, "with": replacement}

    assert feel.parse("replace(text, pattern, with)").evaluate(variables) == result


def test_splitting_where_nothing_stands_is_null() -> None:
    assert feel.evaluate('split("abc", "")', {}) is None


PATTERNS = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-b]", r"\n", "^", "$", "(?:)"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("({})".format),
        st.tuples(inner.map("(?:{})".format), st.sampled_from(["?", "+", "{1,2}", "{2}", "??"])).map("".join),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(PATTERNS, st.text("abA\n", max_size=6), st.sampled_from(["", "i", "s", "is"]))
def test_what_both_know_means_the_same_to_python(pattern: str, text: str, flags: str) -> None:
    theirs = pattern.replace("$", r"\Z")  # theirs also matches before a final line end
    expected = re.search(f"(?{flags}){theirs}" if flags else theirs, text) is not None

    assert is_match(text, pattern, flags) is expected


SETS = st.sets(st.integers(0, 40)).map(lambda codes: union([tuple((code, code) for code in codes)]))


@given(SETS, SETS)
def test_ranges_are_taken_from_each_other(
    left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...]
) -> None:
    def members(ranges: tuple[tuple[int, int], ...]) -> set[int]:
        return {code for low, high in ranges for code in range(low, min(high, 50) + 1)}

    assert members(difference(left, right)) == members(left) - members(right)
    assert members(complement(left)) == set(range(51)) - members(left)
