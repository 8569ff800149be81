"""The words that people use when they need a guide, for the searches of the assistant and of the site.

They stand beside the guides, because a guide itself uses the words of the reference: it says "reversal", and a reader
looks for "refund".
"""

from __future__ import annotations

GUIDE_WORDS = {
    "quickstart": "start begin first steps tutorial",
    "authentication": (
        "authenticate authentication auth bearer token header api key keys create make scope scopes organization"
    ),
    "credits": "rate limit limits ratelimit quota credits requests calls month run out free headers remaining reset",
    "errors": "error response shape code message failure",
    "lists": "page pagination loop all pages filter sort limit cursor next",
    "retries": "retry idempotency twice safe timeout",
    "events": "events poll polling history time travel",
    "payments": "payments tds write off round off reversal reverse bounced cheque balance settled",
    "leaves": "leaves half day half-day cut short shorten came back early change pending leave",
    "metadata": "metadata custom fields own id ids external reference store tags labels key value pairs integration",
    "zapier": "zapier zap",
    "make": "make integromat scenario",
    "n8n": "n8n workflow node",
    "curl": "curl shell",
    "python": "python",
    "rebuilding-a-projection": "operator rebuild projection",
    "answering-an-auditor": "operator auditor audit",
}
"""By guide: its words, in addition to those of its text."""
