"""Keeps the catalogues of what staff read in step with the code: `python -m scripts.catalogue` adds new sentences and drops old ones."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SLACK = ROOT / "bot" / "slack"
LOCALE = SLACK / "locale"
HOUSE = "house"
HEADER = """\
# What staff read in Slack. English is the text of the code; what stands in {{braces}} is filled in and stays as it is.
# Sentences with the context "house" are said by handlers/ and only passed on by Slack's side.
# `python -m scripts.catalogue` adds what is new and drops what is gone.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
FOREIGN = {"answers.py", "learning.py", "register.py", "resubscribing.py"}
"""Modules whose refusals only the command line and the API say, in English."""
TELLING = {"lifecycle.py": ("WORDS",), "correspondence.py": ("NOTES",), "ticks.py": ("EXPOSED",), "asking.py": ("_NEVER", "_MARKETING")}
"""Modules with tables of phrases that refusals are made of."""
TRANSLATORS = {"words", "_words", "N_", "self"}
"""Names that are called with a sentence; `self` only in words.py, which is the translator itself."""


@dataclass(frozen=True)
class Sentence:
    """Something that staff read: in English, for several things, and where it comes from."""

    id: str
    plural: str | None = None
    context: str | None = None
    place: str = ""


def sentences() -> dict[tuple[str | None, str], Sentence]:
    """Every sentence of the code by context and English text."""
    found: dict[tuple[str | None, str], Sentence] = {}
    for path in sorted(SLACK.rglob("*.py")):
        for one in spoken(path):
            found.setdefault((one.context, one.id), one)
    for path in (*sorted((ROOT / "handlers").rglob("*.py")), ROOT / "bot" / "app.py"):
        if path.name not in FOREIGN:
            for one in refused(path):
                found.setdefault((one.context, one.id), one)
    return found


def spoken(path: Path) -> Iterator[Sentence]:
    """What the Slack side says by itself."""
    place = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name == "ngettext" and len(texts) == 2:
            yield Sentence(texts[0], texts[1], place=place)
        elif name in TRANSLATORS and (name != "self" or path.name == "words.py"):
            for text in _constants(node.args[:1]):
                yield Sentence(text, place=place)


def _constants(nodes: list[ast.expr]) -> Iterator[str]:
    """Sentences, also those of which one is chosen (`a if x else b`)."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from _constants([node.body, node.orelse])


def refused(path: Path) -> Iterator[Sentence]:
    """What the house refuses with: the sentence of every `Refused(...)`, `{}` where something is filled in; and constants that are one."""
    place = str(path.relative_to(ROOT))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for text in _phrases(tree, TELLING.get(path.name, ())):
        yield Sentence(text, context=HOUSE, place=place)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id == "Rule" and isinstance(node.args[0], ast.Constant):
            yield Sentence(str(node.args[0].value), context=HOUSE, place=place)
        elif node.func.id == "Refused":
            if isinstance(node.args[0], ast.Name) and node.args[0].id in named:
                yield Sentence(named[node.args[0].id], context=HOUSE, place=place)
            elif text := template(node.args[0]):
                yield Sentence(text, context=HOUSE, place=place)


def _phrases(tree: ast.Module, names: tuple[str, ...]) -> Iterator[str]:
    """The values of these tables of the module."""
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id in names and isinstance(node, (ast.Assign, ast.AnnAssign)):
            table = node.value
            if isinstance(table, ast.Dict):
                yield from (v.value for v in table.values if isinstance(v, ast.Constant) and isinstance(v.value, str))


def template(node: ast.expr) -> str:
    """The text of a literal, `{}` for each value of an f-string; '' for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def updated(path: Path, known: dict[tuple[str | None, str], Sentence]) -> Catalog:
    """The catalogue with what the code says now, each with its translation where there is one.

    Sentences of the house that no `Refused` says (reasons, say) are kept: their comment tells where they come from.
    """
    old = read_po(path.open("rb"), locale=path.parts[-3], domain="rightsdesk")
    new = Catalog(locale=path.parts[-3], domain="rightsdesk", fuzzy=False)
    for (context, id_), one in known.items():
        before = old.get(id_, context)
        string = before.string if before is not None else ""
        comments = before.user_comments if before is not None else ()
        new.add((id_, one.plural) if one.plural else id_, string, context=context, locations=[(one.place, None)], user_comments=comments)
    for message in old:
        if message.id and message.context == HOUSE and message.user_comments and (HOUSE, message.id) not in known:
            new.add(message.id, message.string, context=HOUSE, user_comments=message.user_comments)
    return new


def main() -> int:
    """Write every catalogue anew; 1 where something is not translated yet."""
    known, missing = sentences(), 0
    for path in sorted(LOCALE.rglob("*.po")):
        new = updated(path, known)
        with path.open("wb") as file:
            file.write(HEADER.format(language=path.parts[-3]).encode())
            write_po(file, new, width=120, include_lineno=False, omit_header=True)
        for message in new:
            strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            if message.id and not all(strings):
                missing += 1
                sys.stdout.write(f"{path.relative_to(ROOT)}: not translated: {message.id!r}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
