"""Words for the findings of award rules: the chip of a nominee, the lines under him, the sum of a dossier."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from processes.awards.finding_rules import FindingVerdict, listed
from processes.awards.findings import Finding, worst
from processes.awards.stages import Words, word
from processes.awards.standing import Held

VERDICT_WORDS: Final[Mapping[FindingVerdict, Words]] = {
    FindingVerdict.FAILED: ("Không đạt", "Not met", "stop"),
    FindingVerdict.DOUBTFUL: ("Cần xem", "To check", "warn"),
    FindingVerdict.TO_JUDGE: ("Cần người thẩm định kết luận", "For the officer to conclude", "info"),
    FindingVerdict.MET: ("Đạt", "Met", "ok"),
}
_CHIP_WORDS: Final[Mapping[FindingVerdict, Words]] = {
    **VERDICT_WORDS,
    FindingVerdict.TO_JUDGE: ("Chờ kết luận", "To conclude", "info"),
}


def chip(findings: Sequence[Finding], language: str) -> tuple[str, str]:
    """Return what the chip beside a nominee says, and its kind; empty where nothing is asked of him."""
    if not findings:
        return "", ""
    counts = Counter(finding.verdict for finding in findings)
    against = [verdict for verdict in (FindingVerdict.FAILED, FindingVerdict.DOUBTFUL) if counts[verdict]]
    told = against or [
        verdict for verdict in (FindingVerdict.MET, FindingVerdict.TO_JUDGE) if counts[verdict]
    ]
    said = ", ".join(f"{word(_CHIP_WORDS[verdict], language)} {counts[verdict]}" for verdict in told)
    return said[0] + said[1:].lower(), _CHIP_WORDS[told[0]][2]


def lines(findings: Iterable[Finding], held: Sequence[Held], language: str) -> list[dict[str, object]]:
    """Return one line a finding, the worst first, then what the nominee was granted before.

    Each has ``kind`` (ok, info, warn, stop), ``label``, ``text`` and ``note``, the article of law.
    """
    english = language == "en"
    told = [
        _line(
            VERDICT_WORDS[finding.verdict],
            finding.sentence_en if english else finding.sentence_vi,
            finding.article_en if english else finding.article,
            language,
        )
        for finding in findings
    ]
    history = ("Đã được tặng", "Granted before", "info")
    return [*told, _line(history, _history(held, language), "", language)] if held else told


def tally(of_nominee: Iterable[Sequence[Finding]], language: str) -> str:
    """Return how the nominees stand at worst: "2 không đạt, 1 cần xem, 9 đạt"; empty without findings."""
    verdicts = Counter(worst(findings) for findings in of_nominee if findings)
    counts = {
        FindingVerdict.FAILED: verdicts[FindingVerdict.FAILED],
        FindingVerdict.DOUBTFUL: verdicts[FindingVerdict.DOUBTFUL],
        FindingVerdict.MET: verdicts[FindingVerdict.MET] + verdicts[FindingVerdict.TO_JUDGE],
    }
    return ", ".join(
        f"{count} {word(VERDICT_WORDS[verdict], language).lower()}"
        for verdict, count in counts.items()
        if count
    )


def _line(words: Words, text: str, note: str, language: str) -> dict[str, object]:
    return {"kind": words[2], "label": word(words, language), "text": text, "note": note}


def _history(held: Sequence[Held], language: str) -> str:
    names = dict.fromkeys(one.name_en if language == "en" else one.name for one in held)
    return (
        "; ".join(
            f"{name} {listed([one for one in held if name in {one.name, one.name_en}], language)}"
            for name in names
        )
        + "."
    )
