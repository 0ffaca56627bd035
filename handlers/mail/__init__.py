"""Reading a mail: bytes to a frozen Mail value, never raising."""

from handlers.mail.authentication import authentication
from handlers.mail.fingerprint import fingerprints
from handlers.mail.message import Address, Attachment, Forward, Hop, Mail, Report
from handlers.mail.reading import parse

__all__ = ["Address", "Attachment", "Forward", "Hop", "Mail", "Report", "authentication", "fingerprints", "parse"]
