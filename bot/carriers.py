"""What a carrier says when it could not carry a queued effect: the three words that the outbox understands."""


class Later(Exception):
    """Nothing was handed over; try again after `after` seconds."""

    def __init__(self, after: float, why: str = "") -> None:
        super().__init__(why or f"try again in {after:g} s")
        self.after = after
        self.why = why


class Unknown(Exception):
    """It was handed over and no answer came: it may have arrived or not."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why or "handed over, and no answer came")
        self.why = why


class Rejected(Exception):
    """It is not taken as it is; `sentence` says why and how to mend it, without personal data or secrets.

    `mendable` where not the item is at fault but our settings or rights: it can go once they are put right.
    """

    def __init__(self, sentence: str, *, mendable: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.mendable = mendable
