"""What staff re-sorted, as examples to learn from; who may adopt that; and the word to all when the sorting changes."""

from datetime import datetime

from handlers import effects
from handlers.desk import Desk
from handlers.mail import Mail, parse
from handlers.posts import SortingLearned
from handlers.refused import Refused
from handlers.sorting import Sorter, retraining
from handlers.sorting.examples import Example
from storage.kinds import Category
from storage.models import Correction
from storage.store import Tx

_RECENT = 300


def corrections(tx: Tx, sorter: Sorter) -> list[Example]:
    """The corrections whose mail is still kept; of several about one mail the last counts."""
    last = {row.message_id: row for row in tx.cases.corrections() if row.message_id is not None}
    found = ((row, _mail(tx, message_id)) for message_id, row in last.items())
    return [_example(row, mail, sorter) for row, mail in found if mail is not None]


def recent(tx: Tx) -> list[tuple[str, Mail]]:
    """The newest mails that are still kept, each by its number."""
    found = ((number, _mail(tx, number)) for number in tx.mails.newest(_RECENT))
    return [(f"message {number}", mail) for number, mail in found if mail is not None]


def confirmed_by(desk: Desk, slack_id: str) -> None:
    """Refused unless that is a manager: sorting changes only by their word."""
    person = desk.person(slack_id)
    if person is None or not person.manager:
        raise Refused(f"{slack_id!r} is no manager of the settings; only a manager changes the sorting.", field="manager")


def tell_adopted(tx: Tx, manager: str, count: int, changed: int, now: datetime) -> None:
    """Say in the channel that the sorting learned: it never changes unseen."""
    effects.notice(tx, SortingLearned(manager, count, changed), f"sorting:{now.isoformat()}", now)


def tell_undone(tx: Tx, manager: str, now: datetime) -> None:
    """Say in the channel that what was learned is taken back."""
    effects.notice(tx, SortingLearned(manager, 0, 0, undone=True), f"sorting:{now.isoformat()}", now)


def _mail(tx: Tx, message_id: int) -> Mail | None:
    message = tx.mails.get(message_id, raw=True)
    raw = tx.unseal_bytes(message.key_id, message.raw) if message is not None else None
    return parse(raw) if raw is not None else None


def _example(row: Correction, mail: Mail, sorter: Sorter) -> Example:
    category, _, rest = row.after.partition(" [")
    rights = [r for r in rest.partition("]")[0].split(",") if r]
    return retraining.correction(row.id, mail, Category(category), sorter.sort(mail), rights)
