"""What staff call the words of the desk: one name for each value of its enums, and for every law."""

from bot.slack.words import Words
from storage.kinds import (
    Action,
    Category,
    EventKind,
    Ground,
    IdentityMethod,
    LetterName,
    OccurrenceKind,
    Outcome,
    Right,
    RightState,
    Source,
    Status,
    TaskKind,
    TaskState,
)


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
    LetterName.ALARM: N_("Alarm"),
    LetterName.IDENTITY_REQUEST: N_("Request for proof of identity"),
    LetterName.CLARIFICATION: N_("Request for clarification"),
    LetterName.FEE_NOTICE: N_("Fee notice"),
    LetterName.EXTENSION_NOTICE: N_("Notice of extension"),
    LetterName.ACCESS_ANSWER: N_("Access: our answer"),
    LetterName.PORTABILITY_HANDOVER: N_("Portability: data handed over"),
    LetterName.RECTIFICATION_DONE: N_("Data corrected"),
    LetterName.ERASURE_DONE: N_("Data erased"),
    LetterName.RESTRICTION_DONE: N_("Use restricted"),
    LetterName.OBJECTION_UPHELD: N_("Objection upheld"),
    LetterName.CONSENT_WITHDRAWN: N_("Consent withdrawn"),
    LetterName.TRANSFER_SAFEGUARDS: N_("Safeguards of transfers"),
    LetterName.NOT_THE_CONTROLLER: N_("We are not the controller"),
    LetterName.COMPLAINT_OUTCOME: N_("Outcome of the complaint"),
    LetterName.CHILD_DATA_DELETED: N_("A child's data deleted"),
}

ACTIONS = {
    Action.TAKE: N_("Take"),
    Action.RELEASE: N_("Give back"),
    Action.ACKNOWLEDGE: N_("Acknowledge…"),
    Action.REPLY: N_("Reply…"),
    Action.SORT: N_("Change sorting…"),
    Action.CLOSE: N_("Close…"),
    Action.REOPEN: N_("Reopen…"),
    Action.ASSIGN: N_("Assign…"),
    Action.ASK_IDENTITY: N_("Ask for identity…"),
    Action.RECORD_IDENTITY: N_("Identity checked…"),
    Action.ASK_CLARIFICATION: N_("Ask what they mean…"),
    Action.RECORD_CLARIFICATION: N_("They clarified…"),
    Action.ASK_FEE: N_("Ask for the fee…"),
    Action.RECORD_PAYMENT: N_("Fee paid…"),
    Action.EXTEND: N_("Extend…"),
    Action.PAUSE: N_("Pause…"),
    Action.RESUME: N_("Resume…"),
    Action.FULFIL: N_("Mark as done…"),
    Action.REFUSE: N_("Refuse…"),
    Action.LINK: N_("Duplicate of…"),
    Action.JOIN: N_("Join another case…"),
    Action.SPLIT: N_("Split…"),
    Action.CORRECT_RECEIPT: N_("Correct the receipt…"),
    Action.NOTE: N_("Add a note…"),
    Action.URGENT: N_("Mark as urgent…"),
    Action.HAND_OVER: N_("Hand to managers…"),
    Action.TASK: N_("Checklist…"),
    Action.APPROVE: N_("Agree…"),
    Action.REJECT: N_("Disagree…"),
    Action.UNDO: N_("Undo the last step…"),
}

DONE = {
    Action.TAKE: N_("🙋 {actor} took the case"),
    Action.RELEASE: N_("↩️ {actor} gave the case back"),
    Action.ACKNOWLEDGE: N_("📨 {actor} acknowledged the case"),
    Action.REPLY: N_("✉️ {actor} replied"),
    Action.SORT: N_("🗂️ {actor} changed the sorting"),
    Action.CLOSE: N_("✅ {actor} closed the case"),
    Action.REOPEN: N_("🔓 {actor} reopened the case"),
    Action.ASSIGN: N_("👤 {actor} gave the case to {about}"),
    Action.ASK_IDENTITY: N_("🪪 {actor} asked for proof of identity"),
    Action.RECORD_IDENTITY: N_("🪪 {actor} recorded the check of identity"),
    Action.ASK_CLARIFICATION: N_("❔ {actor} asked what exactly is meant"),
    Action.RECORD_CLARIFICATION: N_("❔ {actor} recorded the clarification"),
    Action.ASK_FEE: N_("💴 {actor} asked for the fee"),
    Action.RECORD_PAYMENT: N_("💴 {actor} recorded the payment"),
    Action.EXTEND: N_("📆 {actor} extended the period"),
    Action.PAUSE: N_("⏸️ {actor} paused the case"),
    Action.RESUME: N_("▶️ {actor} resumed the case"),
    Action.FULFIL: N_("☑️ {actor} marked as done"),
    Action.REFUSE: N_("⛔ {actor} refused"),
    Action.LINK: N_("🔗 {actor} closed this as a duplicate of {about}"),
    Action.JOIN: N_("🔗 {actor} moved this into {about}"),
    Action.SPLIT: N_("✂️ {actor} made a part of this a case of its own"),
    Action.CORRECT_RECEIPT: N_("🕰️ {actor} corrected the receipt"),
    Action.NOTE: N_("📝 {actor} added a note"),
    Action.URGENT: N_("🚨 {actor} changed the urgency"),
    Action.HAND_OVER: N_("🧭 {actor} handed the case to the managers"),
    Action.TASK: N_("📋 {actor} changed the checklist"),
    Action.APPROVE: N_("👍 {actor} agreed"),
    Action.REJECT: N_("👎 {actor} disagreed"),
    Action.UNDO: N_("⏪ {actor} took the last step back"),
}
"""What the thread says when somebody did it; `about` is what it concerns."""

A_STEP = N_("a step")

GUARDED = {
    "Close": N_("close the case"),
    "RefuseRights": N_("refuse"),
    "RecordTold": N_("extend the period"),
    "SettleTask": N_("confirm a deletion"),
    "Fulfil": N_("mark as done"),
}
"""What waits for a second person where it is no letter, by the name of the deed."""

DEEDS = {
    "Take": N_("Taken"),
    "Assign": N_("Assigned"),
    "Release": N_("Given back"),
    "RecordIdentity": N_("Identity recorded"),
    "RecordClarification": N_("Clarification recorded"),
    "RecordPayment": N_("Payment recorded"),
    "RecordTold": N_("Recorded what was told"),
    "Pause": N_("Paused"),
    "Resume": N_("Resumed"),
    "Fulfil": N_("Marked as done"),
    "RefuseRights": N_("Refused"),
    "Resort": N_("Sorting changed"),
    "CorrectReceipt": N_("Receipt corrected"),
    "LinkDuplicate": N_("Closed as a duplicate"),
    "JoinCase": N_("Joined another case"),
    "Split": N_("Split"),
    "MarkUrgent": N_("Urgency changed"),
    "HandToManagers": N_("Handed to the managers"),
    "SettleTask": N_("Task settled"),
    "AddTask": N_("Task added"),
    "Close": N_("Closed"),
    "Reopen": N_("Reopened"),
}
"""What a step is called that may be taken back, by the name of the deed."""

IDENTITY_METHODS = {
    IdentityMethod.KNOWN_ADDRESS: N_("They write from the address that we know"),
    IdentityMethod.ACCOUNT: N_("They confirmed it in their account"),
    IdentityMethod.QUESTIONS: N_("They answered our questions"),
    IdentityMethod.CALL_BACK: N_("We called them back"),
    IdentityMethod.DOCUMENT: N_("They showed a document"),
    IdentityMethod.AUTHORITY: N_("The agent showed a power of attorney"),
    IdentityMethod.OTHER: N_("Another way (write it below)"),
}

RIGHT_STATES = {
    RightState.OPEN: N_("open"),
    RightState.FULFILLED: N_("done"),
    RightState.REFUSED: N_("refused"),
}

TASKS = {
    TaskKind.OFFER_ACCESS: N_("Offer a copy before anything is erased"),
    TaskKind.SEARCH: N_("Search"),
    TaskKind.EXPORT: N_("Export"),
    TaskKind.RECTIFY: N_("Correct"),
    TaskKind.ERASE: N_("Erase"),
    TaskKind.RESTRICT: N_("Restrict the use"),
    TaskKind.STOP: N_("Stop the use"),
    TaskKind.TELL_RECIPIENT: N_("Tell the recipient"),
    TaskKind.OTHER: N_("Task"),
}

TASK_STATES = {
    TaskState.OPEN: N_("To do"),
    TaskState.DONE: N_("Done"),
    TaskState.NOTHING_FOUND: N_("Nothing found there"),
    TaskState.NOT_NEEDED: N_("Not needed (say why)"),
}

SOURCES = {
    Source.PHONE: N_("by phone"),
    Source.LETTER: N_("by letter"),
    Source.IN_PERSON: N_("in person"),
    Source.FORM: N_("by a form"),
    Source.CHAT: N_("in a chat"),
}

TOLD = {
    OccurrenceKind.IDENTITY_ASKED: N_("We asked for identity"),
    OccurrenceKind.CLARIFICATION_ASKED: N_("We asked what they mean"),
    OccurrenceKind.FEE_ASKED: N_("We asked for the fee"),
    OccurrenceKind.EXTENDED: N_("We told that it takes longer"),
}

EVENTS = {
    EventKind.OPENED: N_("case opened"),
    EventKind.JOINED: N_("a mail joined"),
    EventKind.SORTED: N_("sorting changed"),
    EventKind.DATES_SET: N_("dates set"),
    EventKind.TAKEN: N_("taken"),
    EventKind.RELEASED: N_("given back"),
    EventKind.LETTER_QUEUED: N_("letter queued"),
    EventKind.LETTER_SENT: N_("letter sent"),
    EventKind.LETTER_FAILED: N_("letter not sent"),
    EventKind.LETTER_UNKNOWN: N_("letter in doubt"),
    EventKind.BOUNCED: N_("letter came back"),
    EventKind.STATUS_CHANGED: N_("state changed"),
    EventKind.CLOSED: N_("closed"),
    EventKind.REOPENED: N_("reopened"),
    EventKind.REMINDED: N_("reminded"),
    EventKind.SUPPRESSED: N_("marketing stopped"),
    EventKind.NOTED: N_("note"),
    EventKind.ERASED: N_("erased"),
    EventKind.PURGED: N_("purged"),
    EventKind.ASSIGNED: N_("assigned"),
    EventKind.IDENTITY_ASKED: N_("identity asked for"),
    EventKind.IDENTITY_CHECKED: N_("identity checked"),
    EventKind.CLARIFICATION_ASKED: N_("clarification asked for"),
    EventKind.CLARIFICATION_RECEIVED: N_("clarification received"),
    EventKind.FEE_ASKED: N_("fee asked for"),
    EventKind.FEE_PAID: N_("fee paid"),
    EventKind.EXTENDED: N_("period extended"),
    EventKind.PAUSED: N_("paused"),
    EventKind.RESUMED: N_("resumed"),
    EventKind.RIGHT_FULFILLED: N_("right fulfilled"),
    EventKind.RIGHT_REFUSED: N_("right refused"),
    EventKind.LINKED: N_("linked"),
    EventKind.SPLIT: N_("split"),
    EventKind.RECEIPT_CORRECTED: N_("receipt corrected"),
    EventKind.URGENCY_CHANGED: N_("urgency changed"),
    EventKind.HANDED_OVER: N_("handed to managers"),
    EventKind.TASKS_SET: N_("checklist set"),
    EventKind.TASK_SETTLED: N_("task settled"),
    EventKind.APPROVAL_ASKED: N_("second person asked"),
    EventKind.APPROVED: N_("second person agreed"),
    EventKind.REJECTED: N_("second person disagreed"),
    EventKind.REVEALED: N_("covered text revealed"),
    EventKind.DATES_MOVED: N_("dates moved"),
    EventKind.ESCALATED: N_("escalated"),
    EventKind.ANSWERED_ELSEWHERE: N_("answered from the mailbox"),
    EventKind.LETTER_DROPPED: N_("letter dropped"),
    EventKind.UNDONE: N_("undone"),
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
    "US-AL": N_("Alabama privacy act"),
    "US-CO": N_("Colorado Privacy Act"),
    "US-CT": N_("Connecticut Data Privacy Act"),
    "US-DE": N_("Delaware Personal Data Privacy Act"),
    "US-FL": N_("Florida Digital Bill of Rights"),
    "US-IA": N_("Iowa Consumer Data Protection Act"),
    "US-IN": N_("Indiana Consumer Data Protection Act"),
    "US-KY": N_("Kentucky Consumer Data Protection Act"),
    "US-LA": N_("Louisiana privacy act"),
    "US-MD": N_("Maryland Online Data Privacy Act"),
    "US-MN": N_("Minnesota Consumer Data Privacy Act"),
    "US-MT": N_("Montana Consumer Data Privacy Act"),
    "US-NE": N_("Nebraska Data Privacy Act"),
    "US-NH": N_("New Hampshire privacy act"),
    "US-NJ": N_("New Jersey Data Privacy Act"),
    "US-OK": N_("Oklahoma consumer privacy act"),
    "US-OR": N_("Oregon Consumer Privacy Act"),
    "US-RI": N_("Rhode Island data privacy act"),
    "US-STATES": N_("US state privacy laws"),
    "US-TN": N_("Tennessee Information Protection Act"),
    "US-TX": N_("Texas Data Privacy and Security Act"),
    "US-UT": N_("Utah Consumer Privacy Act"),
    "US-VA": N_("Virginia Consumer Data Protection Act"),
    "US-VT": N_("Vermont privacy act"),
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


def task(kind: TaskKind, place: str, words: Words) -> str:
    """A task in a few words: what to do, and where; a task of somebody's own is called as they called it."""
    if kind is TaskKind.OTHER:
        return place or words(TASKS[kind])
    return f"{words(TASKS[kind])}: {place}" if place.strip() else words(TASKS[kind])


def language(code: str, words: Words) -> str:
    """The language's name."""
    return words(LANGUAGES.get(code, code))


def rights(held: tuple[Right, ...], words: Words) -> str:
    """Short names of rights, joined."""
    return ("、" if words.language == "ja" else ", ").join(words(RIGHTS_SHORT[r]) for r in held)
