"""The words and phrases that tell reading from changing, and which change is meant."""

from __future__ import annotations

import re

CREATES = frozenset(["record", "enter", "apply", "create"])
"""Words that give way to other changes: "I made a mistake and want to cancel it"."""
CHANGES = frozenset(
    [
        "send",
        "opening",
        "void",
        "approve",
        "deny",
        "cancel",
        "create",
        "update",
        "reverse",
        "record",
        "enter",
        "apply",
        "shorten",
        "delete",
        "extend",
        "settle",
        "archive",
        "activate",
    ]
)
"""Words for changes."""
OFF = re.compile(r"\bwrite\b.{0,40}\boff\b|\bround\b.{0,40}\boff\b")
SEES = frozenset(["see", "find", "which", "who", "many", "export", "download"])
SHOWS = frozenset(("show", "list", "see", "find", "display", "view", "fetch", "search", "retrieve", "read"))
"""Words that ask to see objects and nothing else; "which" and "get" may also ask for a fact."""
PARTICIPLES = frozenset(
    [
        "approved",
        "changed",
        "updated",
        "modified",
        "edited",
        "created",
        "sent",
        "voided",
        "opened",
        "denied",
        "rejected",
        "cancelled",
        "canceled",
        "paid",
        "refused",
        "issued",
        "declined",
        "withdrawn",
        "accepted",
        "granted",
        "received",
        "settled",
        "archived",
    ]
)
NOT_OBJECTS = frozenset(["url", "scope", "field", "header", "request", "api", "error", "code", "method", "body", "key"])
"""What "which" asks for, when it does not ask to see objects."""
THEY_PAID = re.compile(
    r"\b(?:we|i|client|customer|buyer|they|he|she)\b(?:\s+\w+){0,2}\s+paid\b|\bpaid (?:half|part|some|us|me|in)\b",
    re.IGNORECASE,
)
REQUESTS = re.compile(
    r"(?:\b(?:to|i|we|please|can|you)|^)\s+request\b|^request\b|\btime off\b|\bwill be (?:away|off|absent|out|on leave|on holiday)\b|\b(?:wants?|needs?|takes?|asks? for|asked for) (?:a |some |sick |earned )*(?:leave|off)\b",
    re.IGNORECASE,
)
DONE = re.compile(
    r"\b(?:h?u[aiey]+n?|gay[aie]n?|gaye?|diye? gaye?|ho (?:chuk|gay)\w+|ki hui|kiy?e gaye?|kar di|chuk[aie])\b"
    r"|हुआ|हुई|हुए|गया|गयी|गई|गए|चुक"
)
"""Words of Hindi after a verb that say that it was done: what was approved, and not "approve it"."""
THOSE = re.compile(r"\b[wv]al[aei]\b|वाल[ाेी]")
"""The Hindi word for "those that are", after a status."""
HOW_TO = re.compile(
    r"\b(?:how (?:to|do|can|should|would)|kaise|kese|code|sample|example|snippet|curl|way) ?", re.IGNORECASE
)
STATUS_WORD = r"\"?(paid|sent|void|open|approved|denied|rejected|cancelled|canceled)\b"
MARK = re.compile(
    rf"\b(?:mark|set|chang|flag|put|mov|updat)\w*\b.{{0,60}}?\b(?:as|to|status|=)\s+{STATUS_WORD}"
    rf"|\b(?:mark|make|set)\s+(?:it|this|that|(?:the|an?|my|this)\s+\w+|\w+[_-]\w+)\s+{STATUS_WORD}",
    re.IGNORECASE,
)
MARKED = {
    "draft": "create", "paid": "pay", "sent": "send", "void": "void", "open": "opening", "approved": "approve", "denied": "deny",
    "rejected": "deny", "cancelled": "cancel", "canceled": "cancel",
}  # fmt: skip
DOES = re.compile(
    r"^(?:kar|kr)(?:o|u|un|e|en|ein|na|ni|do|de|dein|dun|iye|va\w*)?$|^कर(?:ें|े|ो|ूँ|ूं|ना|नी|ने|िए|िये|वा\S*)?$|^mark$|^मार्क$",
    re.IGNORECASE,
)
"""The Hindi verb that makes a change of a status before it: "sent kare", "paid mark karo"."""
PAST_PHRASES = re.compile(
    r"\bas ?of\b|\bas (?:it|they) (?:was|were)\b|looked like|(?:did|used to).{0,60}look like|time travel|\bas (?:it|they) (?:then )?(?:stood|looked)|\bstood (?:at|on|as)|before the (?:last|latest|most recent) (?:change|update|edit)|\bprevious (?:version|state)|earlier (?:version|state)|old(?:er)? version|\bversion\b|\bway (?:it|they) (?:was|were)\b|\bbefore (?:\w+ ){0,3}(?:changed|edited|updated) (?:it|them|that)\b"
)
OPEN_VERB = re.compile(
    r"(?:\bto|\bi|\bwe|please|\byou|^|and)\s*open\s+(?:a|an|the|this|that|my|it|one)\b|\bto open\b|\bi open\b"
)
DRAFT_VERB = re.compile(
    r"(?:\bto|\bi|\bwe|please|\byou|^|and)\s*draft\s+(?:a|an|the|one|my|invoice|bill|new)\b|\bdraft(?:s|ing)? (?:an?|the|my|new)\b"
)
CHANGED = frozenset(
    [
        "void",
        "record",
        "enter",
        "approved",
        "denied",
        "rejected",
        "cancelled",
        "update",
        "create",
        "approve",
        "deny",
        "cancel",
    ]
)
"""Words after "who" that ask who changed an object."""
