"""Commands about the sorting itself: how well it does, what corrections would change, adopting that and taking it back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import shown
from bot.commands.opened import house, spoken
from bot.house import House, build_sorter
from handlers import learning
from handlers.refused import Refused
from handlers.sorting import choosing, examples, retraining, scoring, thresholds
from handlers.sorting.examples import Example
from handlers.sorting.retraining import Change, Preview

sorting = typer.Typer(no_args_is_help=True, help="How mail is sorted: how well, and what staff corrected.")
Labelled = Annotated[
    Path | None, typer.Argument(help="A .jsonl file of labelled mails, or a folder of such files; the golden set that ships without.")
]
_SHOWN = 40


@sorting.command()
def score(path: Labelled = None) -> None:
    """Precision and recall by category, right and language on labelled mails, and what is taken for what."""
    with spoken():
        sorter = build_sorter(None, None)
        labelled = examples.load(examples.GOLDEN) if path is None else _labelled(path)
        shown.console.print(scoring.tables(scoring.score([(e, sorter.sort(e.mail())) for e in labelled])), markup=False, soft_wrap=True)


@sorting.command(name="thresholds")
def thresholds_() -> None:
    """The thresholds that a run over the shipped examples gives, as the file thresholds.toml holds them; takes a few minutes."""
    shown.console.print(thresholds.written(choosing.chosen()), markup=False, end="")


@sorting.command()
def retrain(
    adopt: Annotated[str | None, typer.Option(metavar="MANAGER", help="The manager who confirms, by Slack id; only look without.")] = None,
    as_json: shown.Json = False,
) -> None:
    """What taking in the corrections that staff made would change on the golden set and on recent mail; nothing changes by looking."""
    with house() as h:
        if adopt is not None:
            learning.confirmed_by(h.desk, adopt)
        sorter = build_sorter(h.desk, h.settings.cache_dir)
        corrections = h.store.look(lambda tx: learning.corrections(tx, sorter))
        if not corrections:
            raise Refused("Staff have corrected nothing yet, so there is nothing to learn.")
        recent = h.store.look(learning.recent)
        found = retraining.preview(sorter, corrections, recent)
        _tell(found, as_json)
        if adopt is not None:
            _adopt(h, found, adopt)


@sorting.command()
def undo(
    by: Annotated[str, typer.Option(metavar="MANAGER", help="The Slack id of the manager who wants it back.")],
) -> None:
    """Back to what sorted before the last `retrain --adopt`, from the next start of the desk on."""
    with house() as h:
        learning.confirmed_by(h.desk, by)
        if not retraining.undo(h.settings.cache_dir):
            raise Refused("No retrained model was adopted, so there is nothing to take back.")
        h.store.run(lambda tx: learning.tell_undone(tx, by, datetime.now(UTC)))
    shown.console.print("Taken back. It counts from the next start of each process on.")


def _adopt(h: House, found: Preview, manager: str) -> None:
    retraining.adopt(found.model, h.settings.cache_dir)
    changed = len(found.golden) + len(found.recent)
    h.store.run(lambda tx: learning.tell_adopted(tx, manager, found.corrections, changed, datetime.now(UTC)))
    shown.console.print("Adopted. It counts from the next start of each process on; `rightsdesk sorting undo` takes it back.")


def _labelled(path: Path) -> tuple[Example, ...]:
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    found: list[Example] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{file} can't be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}.", field="path") from error
        for number, line in enumerate(lines, start=1):
            found += [_example(file, number, line)] if line.strip() else []
    if not found:
        raise Refused(f"{path} holds no labelled mail.", field="path")
    return tuple(found)


def _example(file: Path, number: int, line: str) -> Example:
    try:
        return examples.parse(line)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{file}:{number}: no labelled mail ({error}).", field="path") from error


def _tell(found: Preview, as_json: bool) -> None:
    rows = [_row("golden set", c) for c in found.golden] + [_row("recent mail", c) for c in found.recent]
    if as_json:
        for row in rows:
            shown.line(row)
        return
    shown.console.print(f"{found.corrections} corrections, each counted as three examples.\n")
    for name, scored in (("before", found.before), ("after", found.after)):
        f = scored.groups["all"]
        shown.console.print(f"golden set {name}: category {f.category:.1%}, requests seen {f.seen:.1%}, exact rights {f.rights:.1%}")
    shown.console.print("")
    shown.rows(rows[:_SHOWN], ("where", "mail", "before", "after", "better"), as_json=False, empty="No mail would be sorted otherwise.")
    if len(rows) > _SHOWN:
        shown.console.print(f"... and {len(rows) - _SHOWN} more; --json shows all.")


def _row(where: str, change: Change) -> dict[str, object]:
    better = None if change.better is None else "yes" if change.better else "no"
    before, after = (_short(v.categories, v.rights) for v in (change.before, change.after))
    return {"where": where, "mail": change.what, "before": before, "after": after, "better": better}


def _short(categories: Sequence[str], rights: Sequence[str]) -> str:
    return " + ".join(categories) + (f" ({', '.join(rights)})" if rights else "")
