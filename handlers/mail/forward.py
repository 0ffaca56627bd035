"""What somebody passed on to us: an attached message, or one set into the text."""

from handlers.mail import address, dates
from handlers.mail.body import Body, gather
from handlers.mail.header import decode_value
from handlers.mail.message import Forward


def find(body: Body) -> Forward | None:
    """The mail that was passed on, or None."""
    if not body.messages or body.reports or not body.messages[0].children:
        return None
    root = body.messages[0].children[0]
    sender = root.block.first("from")
    senders = address.addresses(sender) if sender else ()
    return Forward(
        senders[0] if senders else None,
        dates.parse(decode_value(root.block.first("date") or b"")),
        decode_value(root.block.first("subject") or b""),
        gather(root).text,
    )
