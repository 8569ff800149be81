"""The words and phrases that choose objects of a list: statuses, how many, in which order."""

from __future__ import annotations

import re

ISSUED = {"invoice": "sent", "bill": "open"}
LEAVE_WORDS = {"approve": "approved", "approved": "approved", "deny": "denied", "denied": "denied", "cancel": "cancelled",
                "cancelled": "cancelled", "pending": "pending"}  # fmt: skip
DOCUMENT_WORDS = {
    "draft": "draft",
    "void": "void",
    "voided": "void",
    "cancel": "void",
    "cancelled": "void",
    "delete": "void",
}
NOT_YET = re.compile(
    r"\bnot\b|n['’]t\b|\bnever\b|\bun\w+|\byet\b|nahi|nhi|नहीं|नही|\bstill\b|baa?ki|bakaya|बाक|बकाया|\bowe|outstanding|waiting|awaiting|undecided|\bruk|रुक|\batk|अटक|int[ae]+[jz]+ar|इंतज़ार|इंतजार|प्रतीक्षा|लंबित"
)
LIMIT = re.compile(r"\b(?:first|top|last|latest|newest|recent|oldest|biggest|largest|highest|smallest|bad[aei]|nay[aei]|only|just|limit(?: of)?|pehle|aakhri|pahle)\s+(\d{1,3})\b(?!\s*(?:days?|din|weeks?|months?))"
                    r"|(?:वाल[ाेी]|\bwal[aei])\s+(\d{1,3})\b|\b(\d{1,3})\s+(?:biggest|largest|highest|smallest|oldest|bad[aei]|nay[ae])\b|\b(\d{1,3})\s+(?:per page|a page|ek page|prati page|at a time|latest|newest|(?:most )?recent(?:ly)?|last|results|entries)")  # fmt: skip
FIRST = r"(?:first|top|upar|pehle)"
ORDERS = (
    ("dueDate", "", rf"(?:earliest|soonest|nearest|oldest)\s+due(?:\s+date)?|due(?:\s+dates?)?\s+(?:earliest|soonest)\s+{FIRST}?"),
    ("dueDate", "", r"sabse (?:purani|pahli|pehli|jaldi|nazdik\w*)(?: wali)? due|due date (?:ke hisab|ke anusar|ke kram|wise)"),
    ("dueDate", "", r"(?:sort|order)\w*\s+(?:\w+\s+){0,2}due"),
    ("dueDate", "-", r"(?:latest|farthest)\s+due"),
    ("totalAmount", "-", r"(?:largest|biggest|highest|most expensive|top|sabse bad\w+|sabse (?:jyada|zyada|adhik))\b(?!.{0,25}(?:customer|client|buyer|vendor|supplier))"),
    ("totalAmount", "-", r"सबसे (?:ज़्यादा|ज्यादा|अधिक|बड़\S*)"),
    ("totalAmount", "", rf"(?:smallest|lowest|cheapest)\s+(?:\w+\s+){{0,4}}{FIRST}?"),
    ("totalAmount", "-", r"(?:sort|order|rank|arrang)\w*\s+(?:\w+\s+){0,3}(?:amount|total|value)"),
    ("updatedAt", "", r"(?:oldest|earliest) (?:change|update|edit)s?(?: first)?"),
    ("createdAt", "-", r"(?:newest|latest|recent(?:ly)?)\s+(?:\w+\s+){0,4}first|nay[ae]\s+(?:\w+\s+){0,4}pehle"),
    ("createdAt", "", rf"oldest\s+(?:\w+\s+){{0,4}}{FIRST}"),
    ("-number", "", r"(?:sort|order)\w*\s+(?:\w+\s+){0,2}number"),
    ("createdAt", "", r"sabse puran[aei]\w*(?: \w+){0,4} (?:pehle|pahle)|सबसे पुरान\S*(?: \S+){0,4} पहले"),
    ("updatedAt", "-", r"(?:recently|last)\s+(?:changed|updated|modified)\b"),
)  # fmt: skip
DESCENDING = re.compile(r"\bdesc\w*|\bhigh\w* to low\w*|\b(?:biggest|largest|highest|newest|latest) first\b")
ASCENDING = re.compile(r"\basc\w*|\blow\w* to high\w*|\b(?:smallest|lowest|oldest|earliest) first\b")
OTHER_WAY = re.compile(
    r"other way (?:a)?round|opposite (?:order|direction)|reverse(?:d)? (?:order|sort)|\bulta\b|उल्टा|उलटा"
)
"""Matches a question that asks for the order of the question before it, turned round."""
