"""The words of the desk as enums: one value for each thing a row or a verdict can say."""

from enum import StrEnum


class Category(StrEnum):
    """What a mail is, at first sight."""

    RIGHTS_REQUEST = "rights_request"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    MACHINE = "machine"
    OTHER = "other"


class Right(StrEnum):
    """A right that a person can exercise over their data."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    PORTABILITY = "portability"
    WITHDRAW_CONSENT = "withdraw_consent"
    INFORMATION = "information"
    OPT_OUT_SALE = "opt_out_sale"
    AUTOMATED_DECISION = "automated_decision"


class Machine(StrEnum):
    """Which kind of machine wrote a mail."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    FEEDBACK_REPORT = "feedback_report"
    DMARC_REPORT = "dmarc_report"
    RECEIPT = "receipt"
    LIST = "list"
    CALENDAR = "calendar"


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"
    NEEDS_LOOK = "needs_look"
    ACKNOWLEDGED = "acknowledged"
    WAITING_IDENTITY = "waiting_identity"
    WAITING_CLARIFICATION = "waiting_clarification"
    WAITING_FEE = "waiting_fee"
    WAITING_REQUESTER = "waiting_requester"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_A_REQUEST = "not_a_request"
    DUPLICATE = "duplicate"


class Ground(StrEnum):
    """Why a request was refused."""

    IDENTITY_NOT_SHOWN = "identity_not_shown"
    NO_AUTHORITY = "no_authority"
    UNFOUNDED_OR_EXCESSIVE = "unfounded_or_excessive"
    LEGAL_DUTY_TO_KEEP = "legal_duty_to_keep"
    LEGAL_CLAIMS = "legal_claims"
    RIGHTS_OF_OTHERS = "rights_of_others"
    NOT_OUR_DATA = "not_our_data"
    LAW_DOES_NOT_APPLY = "law_does_not_apply"
    OTHER = "other"


class Action(StrEnum):
    """What a person on the desk can do to a case."""

    TAKE = "take"
    RELEASE = "release"
    ACKNOWLEDGE = "acknowledge"
    REPLY = "reply"
    SORT = "sort"
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    ASK_IDENTITY = "ask_identity"
    RECORD_IDENTITY = "record_identity"
    ASK_CLARIFICATION = "ask_clarification"
    RECORD_CLARIFICATION = "record_clarification"
    ASK_FEE = "ask_fee"
    RECORD_PAYMENT = "record_payment"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    FULFIL = "fulfil"
    REFUSE = "refuse"
    LINK = "link"
    JOIN = "join"
    SPLIT = "split"
    CORRECT_RECEIPT = "correct_receipt"
    NOTE = "note"
    URGENT = "urgent"
    HAND_OVER = "hand_over"
    TASK = "task"
    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"


class NextStep(StrEnum):
    """What a case needs next from the desk."""

    LOOK = "look"
    """Sort it: what is it, which rights, which law."""
    CONFIRM_RECEIPT = "confirm_receipt"
    """Say when it really arrived."""
    DECIDE = "decide"
    """A second person confirms or rejects what was asked."""
    TAKE = "take"
    ACKNOWLEDGE = "acknowledge"
    READ_ANSWER = "read_answer"
    """The person wrote while we waited for them."""
    CHECK_IDENTITY = "check_identity"
    """What they sent is to be checked and recorded."""
    WAIT = "wait"
    CHECKLIST = "checklist"
    ANSWER = "answer"
    """Write the letter that answers what is still open."""
    CLOSE = "close"
    NONE = "none"


class IdentityMethod(StrEnum):
    """How somebody was recognised."""

    KNOWN_ADDRESS = "known_address"
    ACCOUNT = "account"
    QUESTIONS = "questions"
    CALL_BACK = "call_back"
    DOCUMENT = "document"
    AUTHORITY = "authority"
    """An agent's power of attorney was checked."""
    OTHER = "other"


class RightState(StrEnum):
    """What became of one right of a case."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    REFUSED = "refused"


class TaskKind(StrEnum):
    """What is to be done in one place for a case."""

    OFFER_ACCESS = "offer_access"
    SEARCH = "search"
    EXPORT = "export"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    STOP = "stop"
    TELL_RECIPIENT = "tell_recipient"
    OTHER = "other"


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    NOT_NEEDED = "not_needed"


class ApprovalState(StrEnum):
    """What became of a step that needs a second person."""

    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class Guarded(StrEnum):
    """Steps for which the settings may ask for a second person."""

    REFUSAL = "refusal"
    EXTENSION = "extension"
    DELETION = "deletion"


class Source(StrEnum):
    """How a request that somebody types in reached us."""

    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    FORM = "form"
    CHAT = "chat"


class Direction(StrEnum):
    """Whether a message came to us or left us."""

    IN = "in"
    OUT = "out"


class Fate(StrEnum):
    """How a mail that we read ended (rule 1 of the design: never less than one of these)."""

    CASE_OPENED = "case_opened"
    CASE_JOINED = "case_joined"
    UNSUBSCRIBED = "unsubscribed"
    MACHINE_RECORDED = "machine_recorded"
    ORDINARY = "ordinary"
    FINGERPRINTED = "fingerprinted"
    REPEATED = "repeated"
    QUARANTINED = "quarantined"


class Carrier(StrEnum):
    """Who takes a queued effect to the world."""

    SLACK = "slack"
    SMTP = "smtp"
    SYSTEM = "system"


class OutgoingKind(StrEnum):
    """What a queued effect is."""

    CARD = "card"
    POST = "post"
    REMOVAL = "removal"
    DAILY_ROOT = "daily_root"
    DAILY_LINE = "daily_line"
    NOTICE = "notice"
    LETTER = "letter"
    TELL = "tell"


class OutgoingState(StrEnum):
    """How far a queued effect has come."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    HANDING = "handing"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


class DeadlineKind(StrEnum):
    """What must have happened by a date."""

    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"


class ClockState(StrEnum):
    """Whether a period runs."""

    RUNNING = "running"
    PAUSED = "paused"
    NOT_IN_FORCE = "not_in_force"
    NO_PERIOD = "no_period"


class OccurrenceKind(StrEnum):
    """A thing that happened to a request and may move its dates."""

    IDENTITY_ASKED = "identity_asked"
    IDENTITY_RECEIVED = "identity_received"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFICATION_RECEIVED = "clarification_received"
    FEE_ASKED = "fee_asked"
    FEE_PAID = "fee_paid"
    EXTENDED = "extended"


class EventKind(StrEnum):
    """What the history of a case records."""

    OPENED = "opened"
    JOINED = "joined"
    SORTED = "sorted"
    DATES_SET = "dates_set"
    TAKEN = "taken"
    RELEASED = "released"
    LETTER_QUEUED = "letter_queued"
    LETTER_SENT = "letter_sent"
    LETTER_FAILED = "letter_failed"
    LETTER_UNKNOWN = "letter_unknown"
    BOUNCED = "bounced"
    STATUS_CHANGED = "status_changed"
    CLOSED = "closed"
    REOPENED = "reopened"
    REMINDED = "reminded"
    SUPPRESSED = "suppressed"
    NOTED = "noted"
    ASSIGNED = "assigned"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_CHECKED = "identity_checked"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFICATION_RECEIVED = "clarification_received"
    FEE_ASKED = "fee_asked"
    FEE_PAID = "fee_paid"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    RIGHT_FULFILLED = "right_fulfilled"
    RIGHT_REFUSED = "right_refused"
    LINKED = "linked"
    SPLIT = "split"
    RECEIPT_CORRECTED = "receipt_corrected"
    URGENCY_CHANGED = "urgency_changed"
    HANDED_OVER = "handed_over"
    TASKS_SET = "tasks_set"
    TASK_SETTLED = "task_settled"
    APPROVAL_ASKED = "approval_asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVEALED = "revealed"
    DATES_MOVED = "dates_moved"
    ESCALATED = "escalated"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    LETTER_DROPPED = "letter_dropped"
    UNDONE = "undone"
    ERASED = "erased"
    PURGED = "purged"


class LetterName(StrEnum):
    """The letters that we can write."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    REFUSAL = "refusal"
    UNSUBSCRIBE_CONFIRMED = "unsubscribe_confirmed"
    COMPLAINT_RECEIVED = "complaint_received"
    DIGEST = "digest"
    ALARM = "alarm"
    IDENTITY_REQUEST = "identity_request"
    CLARIFICATION = "clarification"
    FEE_NOTICE = "fee_notice"
    EXTENSION_NOTICE = "extension_notice"
    ACCESS_ANSWER = "access_answer"
    PORTABILITY_HANDOVER = "portability_handover"
    RECTIFICATION_DONE = "rectification_done"
    ERASURE_DONE = "erasure_done"
    RESTRICTION_DONE = "restriction_done"
    OBJECTION_UPHELD = "objection_upheld"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    TRANSFER_SAFEGUARDS = "transfer_safeguards"
    NOT_THE_CONTROLLER = "not_the_controller"
    COMPLAINT_OUTCOME = "complaint_outcome"
    CHILD_DATA_DELETED = "child_data_deleted"


class SuppressionChange(StrEnum):
    """What the history of a suppression records after its birth."""

    SUPPRESSED = "suppressed"
    RELEASED = "released"
    UNDONE = "undone"
    ERASED = "erased"


class SystemState(StrEnum):
    """How far a sending system has heard."""

    WAITING = "waiting"
    DONE = "done"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    DROPPED = "dropped"


class HoldState(StrEnum):
    """What became of a hold."""

    ASKING = "asking"
    RELEASED = "released"
    DROPPED = "dropped"
