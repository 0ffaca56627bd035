"""Labelled mails that ship with the package: those we train on, and the golden set that is never trained on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from handlers.mail import Address, Mail
from storage.kinds import Category, Machine, Right

TRAINING, GOLDEN = "examples", "golden"


@dataclass(frozen=True)
class Example:
    """A mail and what it is. `laws_ok` are laws as good as `law`; `headers` are added to the mail."""

    id: str
    language: str
    subject: str
    text: str
    category: Category
    also: tuple[Category, ...] = ()
    rights: tuple[Right, ...] = ()
    law: str | None = None
    laws_ok: tuple[str, ...] = ()
    sender: str = "sender@example.com"
    urgent: bool = False
    privacy: bool = False
    auto_unsubscribe: bool | None = None
    machine: Machine | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def mail(self, to: str = "privacy@controller.example") -> Mail:
        """The example as a parsed mail."""
        sender = Address("", self.sender)
        return Mail(
            message_id=f"<{self.id}@example.com>",
            subject=self.subject,
            sender=sender,
            from_=(sender,),
            to=(Address("", to),),
            recipients=frozenset({to}),
            headers=(("from", self.sender), ("subject", self.subject), *self.headers),
            text=self.text,
            words=self.text,
            content_types=("text/plain",),
            return_path="" if dict(self.headers).get("return-path", "").strip() == "<>" else self.sender,
        )


def load(folder: str) -> tuple[Example, ...]:
    """All examples of a folder (TRAINING or GOLDEN), in the order of their files."""
    return tuple(parse(line) for line in _lines(folder))


def digest(folder: str) -> str:
    """A hash over all examples of a folder."""
    sha = hashlib.sha256()
    for line in _lines(folder):
        sha.update(line.encode())
    return sha.hexdigest()


def _lines(folder: str) -> Iterable[str]:
    files = resources.files("handlers.sorting").joinpath(folder)
    if not files.is_dir():
        return
    for file in sorted(files.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".jsonl"):
            yield from (line for line in file.read_text("utf-8").splitlines() if line.strip())


def parse(line: str) -> Example:
    """One line of a file of examples."""
    row = json.loads(line)
    machine = row.get("machine")
    return Example(
        id=row["id"],
        language=row["language"],
        subject=row.get("subject") or "",
        text=row.get("text") or "",
        category=Category(row["category"]),
        also=tuple(Category(c) for c in row.get("also") or ()),
        rights=tuple(Right(r) for r in row.get("rights") or ()),
        law=row.get("law"),
        laws_ok=tuple(row.get("laws_ok") or ()),
        sender=row.get("from") or "sender@example.com",
        urgent=bool(row.get("urgent")),
        privacy=bool(row.get("privacy")),
        auto_unsubscribe=row.get("auto_unsubscribe"),
        machine=Machine(machine) if machine else None,
        headers=tuple((str(k).lower(), str(v)) for k, v in (row.get("headers") or {}).items()),
    )
