"""Machine mail, recognised from structure and headers first and by its subject last; it decides only whether we may answer."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

from handlers.mail import Mail
from handlers.sorting.reading import normal, tidy
from storage.kinds import Machine

_DAEMON = re.compile(r"^(mailer-?daemon|postmaster|mail-?daemon|mdaemon|delivery|bounces?|double-bounce)([+._-].*)?$", re.IGNORECASE)
_NO_REPLY = re.compile(
    r"^(no-?_?\.?reply|do-?_?not-?_?reply|donotreply|not?ifications?|notify|alerts?|bounces?|auto(mailer|matic|reply)?|robot|system)([+._-].*)?$"
    r"|[._-]no-?reply$|^no\.?responder",
    re.IGNORECASE,
)
_WORDS: dict[str, list[str]] = tomllib.loads(resources.files("handlers.sorting").joinpath("machine.toml").read_text("utf-8"))
_REPORT_FILE = re.compile(r"^[\w.-]+![\w.-]+!\d+!\d+.*\.(xml|zip|gz|json)", re.IGNORECASE)
_REPLY_PREFIX = re.compile(r"^(?:(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|vb|antw|odp|r|enc|res)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Detection:
    """Which machine wrote a mail and how we know."""

    machine: Machine
    reason: str


def _types(mail: Mail) -> frozenset[str]:
    return frozenset((*mail.content_types, *(report.type for report in mail.reports)))


def _local(mail: Mail) -> str:
    return mail.sender.address.partition("@")[0] if mail.sender else ""


def _subject(mail: Mail) -> str:
    return f" {normal(tidy(mail.subject))} "


def _says(text: str, phrases: Sequence[str]) -> str | None:
    """The phrase that the text has, whole words where the language has word borders."""
    return next((p for p in phrases if (f" {p} " in text if p.isascii() else p in text)), None)


def _feedback(mail: Mail) -> str | None:
    if "message/feedback-report" in _types(mail) or "message/feedback" in _types(mail):
        return "a feedback report part (RFC 5965)"
    if _automatic(mail) and re.search(r"^feedback-type:", mail.text, re.IGNORECASE | re.MULTILINE):
        return "automatic, with the fields of a feedback report"
    return None


def _dmarc(mail: Mail) -> str | None:
    if "application/tlsrpt+gzip" in _types(mail) or mail.header("tls-report-domain"):
        return "a TLS report"
    if any(_REPORT_FILE.match(a.name) for a in mail.attachments):
        return "an attachment named as DMARC reports are"
    subject = _subject(mail)
    if " report domain " in subject and (" submitter " in subject or " report id " in subject):
        return "a subject as DMARC reports have"
    return None


def _calendar(mail: Mail) -> str | None:
    method = next((r.field("method") for r in mail.reports if r.type == "text/calendar"), None)
    if method or mail.header("content-class") == "urn:content-classes:calendarmessage":
        return f"a calendar part ({method or 'message'})"
    if _automatic(mail) and _leads(mail, _WORDS["calendar_subject"]):
        return "automatic, with the subject of a calendar's reply"
    return None


def _receipt(mail: Mail) -> str | None:
    if _types(mail) & {"message/disposition-notification", "message/global-disposition-notification"}:
        return "a disposition notification (RFC 8098)"
    if _automatic(mail) and _leads(mail, _WORDS["receipt_subject"]):
        return "automatic, with the subject of a receipt"
    return None


def _bounce(mail: Mail) -> str | None:
    if _types(mail) & {"message/delivery-status", "message/global-delivery-status"}:
        return "a delivery status part (RFC 3464)"
    if mail.header("x-failed-recipients"):
        return "X-Failed-Recipients"
    subject = _says(_subject(mail), _WORDS["bounce_subject"])
    daemon = bool(_DAEMON.match(_local(mail)))
    empty = mail.return_path == "" or mail.sender is None or not mail.sender.address
    if daemon and (subject or empty or _says(f" {normal(tidy(mail.text[:3000]))} ", _WORDS["bounce_text"])):
        return "sent by a mail daemon"
    if subject and (empty or _says(f" {normal(tidy(mail.text[:3000]))} ", _WORDS["bounce_text"])):
        return f"the subject says {subject!r}"
    if mail.return_path == "" and _automatic(mail) == "auto-generated":
        return "generated, with an empty return path"
    if mail.return_path == "" and _says(f" {normal(tidy(mail.text[:3000]))} ", _WORDS["bounce_text"]):
        return "an empty return path and the words of a bounce"
    return "sent by a mail daemon" if daemon and _local(mail).lower().startswith(("mailer", "mail-daemon", "mdaemon")) else None


def _automatic(mail: Mail) -> str | None:
    """The value of Auto-Submitted, where it says that no person sent the mail."""
    submitted = (mail.header("auto-submitted") or "").partition(";")[0].strip().lower()
    return submitted if submitted.startswith("auto") else None


def _leads(mail: Mail, words: Sequence[str]) -> bool:
    """Whether the subject leads with one of the words and a colon, as mail programs write it."""
    lead, colon, _ = tidy(mail.subject).partition(":")
    return bool(colon) and normal(lead) in words


def _auto_reply(mail: Mail) -> str | None:
    submitted = _automatic(mail)
    if submitted:
        return f"Auto-Submitted: {submitted} (RFC 3834)"
    if (mail.header("auto-submitted") or "").strip().lower() == "no":
        return None
    for name in (
        "x-autoreply",
        "x-autorespond",
        "x-autoreply-from",
        "x-mail-autoreply",
        "x-auto-reply",
        "x-autogenerated",
        "x-autoresponder",
    ):
        value = mail.header(name)
        if value is not None and value.strip().lower() not in ("no", "false"):
            return f"the header {name}"
    if (mail.header("precedence") or "").strip().lower() in ("auto_reply", "auto-reply"):
        return "Precedence: auto_reply"
    if (mail.header("x-precedence") or "").strip().lower() == "auto_reply":
        return "X-Precedence: auto_reply"
    bare = f" {normal(_REPLY_PREFIX.sub('', tidy(mail.subject).strip()))} "
    phrase = next((p for p in _WORDS["reply_subject"] if bare.startswith(f" {p} ") or (not p.isascii() and p in bare[: len(p) + 4])), None)
    return f"the subject begins with {phrase!r}" if (phrase and len(phrase) > 7) or (phrase and _stays_away(mail, phrase)) else None


def _stays_away(mail: Mail, phrase: str) -> bool:
    """A short subject word such as `absence` says little: the text must speak of being away, too."""
    if not phrase.isascii():
        return True
    text = f" {normal(tidy(mail.text[:1500]))} "
    return any(
        word in text
        for word in (
            " until ",
            " return",
            " back ",
            " bis ",
            " zuruck",
            " retour",
            " jusqu",
            " hasta ",
            " fino al ",
            " terug ",
            " tot ",
            " ate ",
        )
    )


def _listed(mail: Mail, own: frozenset[str]) -> str | None:
    """A mailing list or bulk mail; a list that is our own address is only how mail reaches us."""
    names = {a.replace("@", ".").lower() for a in own}
    list_id = re.sub(r"^.*<|>.*$", "", mail.header("list-id") or "").strip().lower()
    post = (mail.header("list-post") or "").lower()
    if list_id in names or any(a in post for a in own) or (mail.header("x-original-sender") and list_id in names):
        return None
    for name in (
        "list-id",
        "list-unsubscribe",
        "list-post",
        "list-unsubscribe-post",
        "feedback-id",
        "x-csa-complaints",
        "x-campaign-id",
        "x-mailchimp-campaign-id",
    ):
        if mail.header(name):
            return f"the header {name}"
    precedence = (mail.header("precedence") or "").strip().lower()
    if precedence in ("bulk", "list", "junk"):
        return f"Precedence: {precedence}"
    return None


_STRUCTURE: tuple[tuple[Machine, Callable[[Mail], str | None]], ...] = (
    (Machine.FEEDBACK_REPORT, _feedback),
    (Machine.DMARC_REPORT, _dmarc),
    (Machine.RECEIPT, _receipt),
    (Machine.BOUNCE, _bounce),
    (Machine.CALENDAR, _calendar),
    (Machine.AUTO_REPLY, _auto_reply),
)


def detect(mail: Mail, own: frozenset[str]) -> Detection | None:
    """Which machine wrote the mail, or None for a person. `own` are our addresses in lower case."""
    for machine, test in _STRUCTURE:
        reason = test(mail)
        if reason:
            return Detection(machine, reason)
    reason = _listed(mail, own)
    if reason:
        return Detection(Machine.LIST, reason)
    return Detection(Machine.BOUNCE, "an empty return path: no person sends so (RFC 5321 s. 4.5.5)") if mail.return_path == "" else None


def resembled(mail: Mail) -> Machine:
    """The kind of machine that a mail without any mark of one reads like."""
    if _leads(mail, _WORDS["receipt_subject"]):
        return Machine.RECEIPT
    if _leads(mail, _WORDS["calendar_subject"]):
        return Machine.CALENDAR
    text = f" {normal(tidy(f'{mail.subject} {mail.text[:2000]}'))} "
    if _says(text, _WORDS["bounce_subject"] + _WORDS["bounce_text"]) or re.search(r"\b5\d\d [45] \d{1,3} \d{1,3}\b", text):
        return Machine.BOUNCE
    if "feedback type abuse" in text:
        return Machine.FEEDBACK_REPORT
    return (
        Machine.LIST
        if _says(text, _WORDS["list_words"]) or any(word in text for word in _WORDS["list_words"] if not word.isascii())
        else Machine.AUTO_REPLY
    )


def reply_allowed(mail: Mail, machine: Machine | None, own: frozenset[str]) -> bool:
    """Whether an automatic letter may go out: never to machines, empty senders, addresses that take no mail, or ourselves."""
    if machine is not None or mail.sender is None or "@" not in mail.sender.address or mail.return_path == "":
        return False
    suppress = (mail.header("x-auto-response-suppress") or "").lower()
    if any(word in suppress for word in ("all", "autoreply", "oof")):
        return False
    if mail.sender.address.lower() in own or (mail.header("x-loop") or "").lower() in own:
        return False
    return not _NO_REPLY.search(_local(mail)) and not _DAEMON.match(_local(mail))


def complained_about(mail: Mail) -> str | None:
    """Whose address a feedback report is about, where the report is about mail they did not want and names exactly one."""
    report = next((r for r in mail.reports if r.type in ("message/feedback-report", "message/feedback")), None)
    if report is None or (report.field("feedback-type") or "abuse").strip().lower() not in (
        "abuse",
        "opt-out",
        "opt-out-list",
        "fraud",
        "other",
    ):
        return None
    named = {_bare(v) for name in ("removal-recipient", "original-rcpt-to") for v in report.all(name)} - {""}
    if not named:
        returned = next((r for r in mail.reports if r.type in ("message/rfc822", "text/rfc822-headers")), None)
        named = {_bare(v) for v in returned.all("to")} - {""} if returned else set()
    return named.pop() if len(named) == 1 else None


def _bare(value: str) -> str:
    found = re.findall(r"[\w.+'=/%&~#!$-]+@[\w-]+(?:\.[\w-]+)+", value)
    return found[0].lower() if len(found) == 1 else ""
