"""The words that show the intent of a question: reading or changing, and which status, filter, field or value."""

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
"""By word: the statuses that it can ask for. The first one that the operation can set is used. A word that is itself a
status needs no entry."""

FILTER_WORDS = {
    "late": "overdue",
    "unpaid": "sent open partially_paid",
    "outstanding": "sent open partially_paid",
    "drafts": "draft",
    "voided": "void",
    "waiting": "pending",
    "rejected": "denied",
}
"""By word: the filters that it asks for. A filter is a value of a query parameter, or the name of a boolean query
parameter. A word that is itself such a value or name needs no entry."""

_READING = (
    "all copy count detail details display fetch find late list listing lists look outstanding overdue pending read "
    "retrieve search see show unpaid view which who"
)
READING_WORDS = frozenset(_READING.split())
"""Words with which a question asks to read something."""

_STATES = (
    "approved canceled cancelled denied draft late open opened outstanding overdue paid pending rejected sent unpaid"
)
STATE_WORDS = frozenset(f"{_STATES} voided many what".split())
"""Words for the state of objects. A question with such a word before a plural, as in "denied leaves", asks to read."""

HOW_WORDS = frozenset(f"how code example examples sample samples snippet script endpoint {' '.join(LANGUAGES)}".split())
"""Words with which a question asks how to do something, even after a reading word: "show me how to void a bill"."""

_WRITING = """
accept add adding apply applying approve approves approving book cancel cancelling change changing correct create
creates creating cut delete deleting denies deny denying edit editing enter entering entry extend generate increase
insert mark marking modify note pay paying post postpone put raise record recording records reject rejecting remove
reverse reversing send sending set shorten store submit undo update updating voiding write
"""
WRITING_WORDS = frozenset(_WRITING.split())
"""Words with which a question asks to change something. Words that also name a state, such as `void`, are left out."""

_CHANGES = """
add change changing correct cut edit editing extend increase modify move postpone set shorten store update updating
"""
CHANGE_WORDS = frozenset(_CHANGES.split())
"""Words with which a question asks to change a field other than the status."""

FIELD_WORDS: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    (frozenset(("due", "duedate", "deadline")), {"dueDate": "2026-03-31"}),
    (frozenset(("note", "notes", "remark")), {"notes": "Thank you for your business"}),
    (frozenset(("shorten", "cut", "early", "enddate")), {"endDate": "2026-02-03"}),
    (frozenset(("number",)), {"invoiceNumber": "A-118"}),
    (frozenset(("name", "client", "customer")), {"clientName": "Acme & Sons"}),
)
"""Words that name a field to change, each group with the body of a sample that changes the field."""

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
"""By word: the value of a field that it asks for. A word that is itself a value needs no entry."""
