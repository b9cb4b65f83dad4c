"""What a person did that a rule of awards forbids, with the sentence he is told in both languages."""

from engine.errors import InvalidInputError


class AnswerError(InvalidInputError):
    """An answer that cannot be taken; ``vi`` and ``en`` say what is wrong and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
