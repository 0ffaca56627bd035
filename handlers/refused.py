"""The one expected error: a sentence for the person who asked for something we do not do."""


class Refused(Exception):
    """What was asked is not done; `sentence` says why, `field` names the input at fault (if one is)."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
