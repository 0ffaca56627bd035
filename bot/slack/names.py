"""What staff call the words of the desk: one name for each category, right, status, outcome, ground, letter and law."""

from bot.slack.words import Words
from storage.kinds import Action, Category, Ground, LetterName, Outcome, Right, Status


def N_(sentence: str) -> str:  # noqa: N802 -- the name under which gettext finds sentences that are translated later
    """Marks a sentence for translation and leaves it as it is."""
    return sentence


CATEGORIES = {
    Category.RIGHTS_REQUEST: N_("Rights request"),
    Category.UNSUBSCRIBE: N_("Unsubscribe"),
    Category.COMPLAINT: N_("Complaint"),
    Category.INQUIRY: N_("Privacy question"),
    Category.MACHINE: N_("Automatic mail"),
    Category.OTHER: N_("Other mail"),
}

RIGHTS = {
    Right.ACCESS: N_("Access: see their data"),
    Right.RECTIFICATION: N_("Rectification: correct their data"),
    Right.ERASURE: N_("Erasure: delete their data"),
    Right.RESTRICTION: N_("Restriction: keep it, stop using it"),
    Right.OBJECTION: N_("Objection: stop a use of their data"),
    Right.PORTABILITY: N_("Portability: data in a file"),
    Right.WITHDRAW_CONSENT: N_("Withdraw consent"),
    Right.INFORMATION: N_("Information: purposes, recipients"),
    Right.OPT_OUT_SALE: N_("No sale or sharing of data"),
    Right.AUTOMATED_DECISION: N_("Automated decision: a human looks"),
}

RIGHTS_SHORT = {
    Right.ACCESS: N_("Access"),
    Right.RECTIFICATION: N_("Rectification"),
    Right.ERASURE: N_("Erasure"),
    Right.RESTRICTION: N_("Restriction"),
    Right.OBJECTION: N_("Objection"),
    Right.PORTABILITY: N_("Portability"),
    Right.WITHDRAW_CONSENT: N_("Withdraw consent"),
    Right.INFORMATION: N_("Information"),
    Right.OPT_OUT_SALE: N_("Opt out of sale"),
    Right.AUTOMATED_DECISION: N_("Automated decision"),
}

STATUSES = {
    Status.NEW: N_("New"),
    Status.NEEDS_LOOK: N_("Needs a look"),
    Status.ACKNOWLEDGED: N_("Acknowledged"),
    Status.WAITING_IDENTITY: N_("Waiting for proof of identity"),
    Status.WAITING_CLARIFICATION: N_("Waiting for clarification"),
    Status.WAITING_FEE: N_("Waiting for the fee"),
    Status.WAITING_REQUESTER: N_("Waiting for the requester"),
    Status.IN_WORK: N_("In work"),
    Status.ANSWERED: N_("Answered"),
    Status.CLOSED: N_("Closed"),
}

OUTCOMES = {
    Outcome.FULFILLED: N_("Fulfilled: we did all that was asked"),
    Outcome.PARTLY_FULFILLED: N_("Partly fulfilled: we did a part of it"),
    Outcome.REFUSED: N_("Refused: we may or must say no"),
    Outcome.WITHDRAWN: N_("Withdrawn by the requester"),
    Outcome.NOT_A_REQUEST: N_("Not a request after all"),
    Outcome.DUPLICATE: N_("Duplicate of another case"),
}

OUTCOMES_SHORT = {
    Outcome.FULFILLED: N_("fulfilled"),
    Outcome.PARTLY_FULFILLED: N_("partly fulfilled"),
    Outcome.REFUSED: N_("refused"),
    Outcome.WITHDRAWN: N_("withdrawn"),
    Outcome.NOT_A_REQUEST: N_("not a request"),
    Outcome.DUPLICATE: N_("duplicate"),
}

GROUNDS = {
    Ground.IDENTITY_NOT_SHOWN: N_("They did not show who they are"),
    Ground.NO_AUTHORITY: N_("The agent has no authority to act"),
    Ground.UNFOUNDED_OR_EXCESSIVE: N_("Manifestly unfounded or excessive"),
    Ground.LEGAL_DUTY_TO_KEEP: N_("A law obliges us to keep the data"),
    Ground.LEGAL_CLAIMS: N_("Needed for legal claims"),
    Ground.RIGHTS_OF_OTHERS: N_("It would harm the rights of others"),
    Ground.NOT_OUR_DATA: N_("We hold no data on them"),
    Ground.LAW_DOES_NOT_APPLY: N_("The law does not apply here"),
    Ground.OTHER: N_("Another ground (write it below)"),
}

LETTERS = {
    LetterName.ACKNOWLEDGEMENT: N_("Acknowledgement"),
    LetterName.REPLY: N_("Reply"),
    LetterName.REFUSAL: N_("Refusal"),
    LetterName.UNSUBSCRIBE_CONFIRMED: N_("Unsubscribe confirmation"),
    LetterName.COMPLAINT_RECEIVED: N_("Complaint received"),
    LetterName.DIGEST: N_("Digest"),
}

ACTIONS = {
    Action.TAKE: N_("Take"),
    Action.RELEASE: N_("Give back"),
    Action.ACKNOWLEDGE: N_("Acknowledge…"),
    Action.REPLY: N_("Reply…"),
    Action.SORT: N_("Change sorting…"),
    Action.CLOSE: N_("Close…"),
    Action.REOPEN: N_("Reopen"),
}

LAWS = {
    "HOUSE": N_("our own promise"),
    "EU-GDPR": N_("EU GDPR"),
    "UK-GDPR": N_("UK GDPR"),
    "UK-DPA-164A": N_("UK complaints (DPA 2018 s. 164A)"),
    "JP-APPI": N_("Japan APPI"),
    "JP-ANTISPAM": N_("Japan anti-spam law"),
    "US-CA-CCPA": N_("California CCPA"),
    "US-CANSPAM": N_("US CAN-SPAM"),
    "CA-CASL": N_("Canada CASL"),
    "BR-LGPD": N_("Brazil LGPD"),
    "CA-PIPEDA": N_("Canada PIPEDA"),
    "CA-QC": N_("Quebec Law 25"),
    "CH-FADP": N_("Switzerland FADP"),
    "KR-PIPA": N_("South Korea PIPA"),
    "SG-PDPA": N_("Singapore PDPA"),
    "AU-PRIVACY": N_("Australia Privacy Act"),
    "NZ-PRIVACY": N_("New Zealand Privacy Act"),
    "IN-DPDP": N_("India DPDP"),
    "ZA-POPIA": N_("South Africa POPIA"),
    "TH-PDPA": N_("Thailand PDPA"),
    "CN-PIPL": N_("China PIPL"),
}

LANGUAGES = {
    "en": N_("English"),
    "ja": N_("Japanese"),
    "de": N_("German"),
    "fr": N_("French"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "nl": N_("Dutch"),
    "pt": N_("Portuguese"),
}


def law(law_id: str, words: Words) -> str:
    """The law as staff call it; an id that has no name yet stays as it is."""
    return words(LAWS.get(law_id, law_id))


def language(code: str, words: Words) -> str:
    """The language's name."""
    return words(LANGUAGES.get(code, code))


def rights(held: tuple[Right, ...], words: Words) -> str:
    """Short names of rights, joined."""
    return ", ".join(words(RIGHTS_SHORT[r]) for r in held)
