"""The words by which people search for a guide. The assistant and the search of the site use them.

They are not in the guides themselves, because guides use the words of the reference. For example, a guide says
"reversal", and people search for "refund".
"""

from __future__ import annotations

GUIDE_WORDS = {
    "quickstart": "start begin first steps tutorial",
    "authentication": (
        "authenticate authentication auth bearer token header api key keys create make scope scopes organization"
    ),
    "credits": "rate limit limits ratelimit quota credits requests calls month run out free headers remaining reset",
    "errors": "error response shape code message failure",
    "requests": "request id requestid x-request-id log history look up find support trace debug what did I send failed",
    "lists": "page pagination loop all pages filter sort limit cursor next",
    "retries": "retry idempotency twice safe timeout",
    "events": "events poll polling history time travel",
    "proofs": "proof prove checkpoint offline verify bank auditor evidence merkle tlog signed tamper",
    "gst-invoices": "gst cgst sgst igst utgst cess place of supply reverse charge discount composition export sez",
    "credit-notes": "credit note notes memo refund refunds return returned goods lower reduce correct section 34 "
    "debit raise increase vendor pdf print",
    "payments": "payments tds write off round off reversal reverse bounced cheque balance settled",
    "leaves": "leaves half day half-day cut short shorten came back early change pending leave",
    "parties": (
        "party parties client clients customer customers vendor vendors supplier contact contacts gstin pan address "
        "employee employees adopt archive"
    ),
    "test-mode": "test mode sandbox playground staging demo try clock time travel reset test key sd_test",
    "metadata": "metadata custom fields own id ids external reference store tags labels key value pairs integration",
    "zapier": "zapier zap",
    "make": "make integromat scenario",
    "n8n": "n8n workflow node",
    "curl": "curl shell",
    "google-sheets": "google sheets spreadsheet apps script gs drive report",
    "excel": "excel power query spreadsheet microsoft xlsx refresh report",
    "ai-clients": "mcp model context protocol claude desktop cursor vscode copilot chatgpt ai agent llm tool tools",
    "python": "python",
    "node": "node nodejs javascript js typescript npm",
    "php": "php laravel wordpress composer",
    "receiving-webhooks": "webh webhook webhooks receive receiver callback push signature verify whsec secret",
    "rebuilding-a-projection": "operator rebuild projection",
    "answering-an-auditor": "operator auditor audit",
    "for-your-auditor": "edit log audit trail companies rules financial year report accounts",
    "erasing-a-person": "privacy gdpr dpdp erase forget delete personal data right to be forgotten retention",
}
"""For each guide, its words in addition to those of its text."""

SECTION_WORDS = {
    "events#polling-the-log": "webhook webhooks callback push notify notification subscribe stream changes",
    "payments#take-a-payment-back": "refund refunds chargeback bounced cheque undo mistake",
    "payments#tax-that-the-client-withheld": "tds withholding 194J deducted at source",
    "credits#when-it-is-used-up": "429 too many requests rate limited throttled retry after wait",
    "credits#the-arithmetic-of-polling": "how often poll polling interval cron schedule",
    "authentication#calling-the-api-from-a-web-page": "cors browser javascript origin cross-origin front end",
    "credits#a-burst": "requests per second rps throughput throttle spike",
    "authentication#making-rotating-and-revoking-keys": (
        "expiry rotate rotation new key lost secret regenerate raise limit edit change rename"
    ),
    "authentication#networks-of-a-key": "ip address addresses allowlist whitelist restrict cidr range firewall",
    "authentication#keys-that-manage-keys": "create keys by api programmatically provision customers automate",
    "authentication#keeping-a-key-secret": "leak leaked exposed stolen compromised github public repository scanning",
    "test-mode#moving-the-clock": "test clock time simulate future advance overdue",
    "test-mode#beginning-again": "reset delete empty clear all test data",
    "receiving-webhooks#check-the-signature": "hmac signature verify authenticity",
    "receiving-webhooks#try-it-on-your-own-computer": "localhost local tunnel ngrok listen forward",
    "events#as-it-was": "time travel past state asOf version as of",
    "lists#pages": "cursor next page loop all",
    "lists#as-the-list-was": "asOf list then overdue on a day",
}
"""For each section (guide and anchor), its words in addition to those of its text."""
