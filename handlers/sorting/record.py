"""A verdict as the JSON object that `rightsdesk sort --json` prints."""

from handlers.mail import Mail
from handlers.verdict import Verdict


def to_json(file: str, mail: Mail, verdict: Verdict) -> dict[str, object]:
    """The object of one mail; its keys are a fixed interface."""
    return {
        "file": file,
        "message_id": mail.message_id,
        "category": str(verdict.category),
        "also": [str(c) for c in verdict.also],
        "rights": [str(r) for r in verdict.rights],
        "law": verdict.law,
        "law_candidates": [c.law for c in verdict.law_candidates],
        "language": verdict.language,
        "confidence": round(verdict.confidence, 3),
        "needs_human": verdict.needs_human,
        "machine": str(verdict.machine) if verdict.machine is not None else None,
        "reply_allowed": verdict.reply_allowed,
        "auto_unsubscribe": verdict.auto_unsubscribe,
        "urgent": verdict.urgent,
        "evidence": [{"what": e.what, "text": e.text} for e in verdict.evidence],
        "subject": mail.subject,
        "from": mail.sender.address if mail.sender is not None else None,
        "text": verdict.words,
    }
