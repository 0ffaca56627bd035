"""A sorter as the desk builds it, and mails made by hand."""

from functools import lru_cache
from pathlib import Path

from handlers.mail import Address, Mail
from handlers.sorting import Sorter
from handlers.sorting.examples import Example
from handlers.verdict import Verdict
from storage.kinds import Category

NPROC, PRIME = "nproc-support@ghs.tokyo", "secretary@primenumber.co.jp"
OWN = {NPROC: "JP", PRIME: "JP"}
LAWS = ("EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA")
CACHE = Path(__file__).parents[2] / ".tools" / "sorting"


@lru_cache(maxsize=1)
def sorter() -> Sorter:
    """The sorter, its model kept between runs of the tests."""
    return Sorter(own_addresses=frozenset(OWN), homes=OWN, fallback_laws=LAWS, cache_dir=CACHE)


def written(text: str, subject: str = "", sender: str = "ada.lund@mail.example", **more: object) -> Mail:
    """A mail of a person."""
    who = Address("", sender)
    headers = tuple(more.pop("headers", ()))  # type: ignore[arg-type]  # the tests give pairs
    return Mail(
        message_id="<1@mail.example>",
        subject=subject,
        sender=who,
        from_=(who,),
        recipients=frozenset({PRIME}),
        headers=(("from", sender), ("subject", subject), *headers),
        text=text,
        words=text,
        content_types=("text/plain",),
        return_path=sender,
        **more,  # type: ignore[arg-type]  # the tests name the fields of Mail
    )


def sort(text: str, subject: str = "", **more: object) -> Verdict:
    """What the sorter says of it."""
    return sorter().sort(written(text, subject, **more))


def example(id_: str, text: str, category: Category = Category.OTHER, **more: object) -> Example:
    """A labelled mail."""
    return Example(id_, "en", "", text, category, **more)  # type: ignore[arg-type]  # the tests name the fields of Example
