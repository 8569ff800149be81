"""The words that show what a question wants: to read or to change something, which status, filter, field or value."""

from __future__ import annotations

from api.assistant.knowledge.vocabulary import LANGUAGES

STATUS_WORDS = {
    "send": "sent",
    "sent": "sent",
    "void": "void",
    "cancel": "cancelled void",
    "delete": "cancelled void",
    "deleting": "cancelled void",
    "remove": "cancelled void",
    "erase": "cancelled void",
    "open": "open",
    "approve": "approved",
    "approving": "approved",
    "approved": "approved",
    "approval": "approved",
    "deny": "denied",
    "denied": "denied",
    "denying": "denied",
    "reject": "denied",
    "rejecting": "denied",
    "cancelling": "cancelled void",
    "voiding": "void",
}
"""The status that a word asks for; of several, the one that the operation can set. The statuses themselves need no
entry."""

FILTER_WORDS = {
    "late": "overdue",
    "unpaid": "sent open partially_paid",
    "outstanding": "sent open partially_paid",
    "drafts": "draft",
    "voided": "void",
    "waiting": "pending",
    "rejected": "denied",
}
"""The filters that a word asks for: values of a parameter, or the name of a parameter that is true or false. The values
and names themselves need no entry."""

_READING = (
    "all copy count detail details display fetch find late list listing lists look outstanding overdue pending read "
    "retrieve search see show unpaid view which who"
)
READING_WORDS = frozenset(_READING.split())
"""Words that ask to read something."""

_STATES = (
    "approved canceled cancelled denied draft late open opened outstanding overdue paid pending rejected sent unpaid"
)
STATE_WORDS = frozenset(f"{_STATES} voided many what".split())
"""Words for the state of objects. With a plural after such a word, as in "denied leaves", a question asks to read."""

HOW_WORDS = frozenset(f"how code example examples sample samples snippet script endpoint {' '.join(LANGUAGES)}".split())
"""After a word that asks to read, one of these asks how something is done: "show me how to void a bill"."""

_WRITING = """
accept add adding apply applying approve approves approving book cancel cancelling change changing correct create
creates creating cut delete deleting denies deny denying edit editing enter entering entry extend generate increase
insert mark marking modify note pay paying post postpone put raise record recording records reject rejecting remove
reverse reversing send sending set shorten store submit undo update updating voiding write
"""
WRITING_WORDS = frozenset(_WRITING.split())
"""Words that ask to change something. Those that also say how something is, such as `void` and `open`, are not here."""

_CHANGES = """
add change changing correct cut edit editing extend increase modify move postpone set shorten store update updating
"""
CHANGE_WORDS = frozenset(_CHANGES.split())
"""Words that ask for a change of a field, not of the status."""

FIELD_WORDS: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    (frozenset(("due", "duedate", "deadline")), {"dueDate": "2026-03-31"}),
    (frozenset(("note", "notes", "remark")), {"notes": "Thank you for your business"}),
    (frozenset(("shorten", "cut", "early", "enddate")), {"endDate": "2026-02-03"}),
    (frozenset(("number",)), {"invoiceNumber": "A-118"}),
    (frozenset(("name", "client", "customer")), {"clientName": "Acme & Sons"}),
)
"""The field that words ask to change, with a value for the sample."""

CHOICE_WORDS = {
    "withheld": "tds",
    "deducted": "tds",
    "write": "write_off",
    "writeoff": "write_off",
    "waive": "write_off",
    "round": "round_off",
    "roundoff": "round_off",
    "rounding": "round_off",
}
"""The value of a field that a word asks for, among those that it takes. The values themselves need no entry."""
