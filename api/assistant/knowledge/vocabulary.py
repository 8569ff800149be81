"""The words that people use in questions, each with the words that the reference and the guides use instead."""

from __future__ import annotations

from api.assistant.knowledge.languages.hindi_words import HINDI_STOP_WORDS

_ENGLISH = """
a about actually again all also am an and any anything api apis are as ask at be because becomes been before being but
by call called can code could did display do does doing done dont during each either endpoint endpoints ever example
examples few find for from get gets getting give given got had happen happened happens has have having hello help here
hi how i if im in into is it its just kindly know let like look looks made make makes making many may me mean means
might more most much must my need needs no not now of off on once one only or other our out over own per please
possible put really request same sample say script see shall should show since small snippet so some something still
such tell than thank thanks that the their them then there these they thing things this those through to too under up
upon us use used using versus very via view vs want wanted was way we well were wether what whats when where whether
which while who whom why will with within without work working works would you your
"""
STOP_WORDS = frozenset(f"{_ENGLISH} {HINDI_STOP_WORDS}".split())
"""Words that do not show what a question is about. The search leaves them out."""

_FAILURE = "error errors fail fails failed failing failure refused rejected denied wrong invalid taken already"
FAILURE_WORDS = frozenset(_FAILURE.split())
"""Words that show that a question is about a failure."""

_LANGUAGES = """
curl: curl shell bash terminal
python: python py python3 django flask
javascript: javascript js node nodejs node.js typescript ts deno axios
php: php laravel wordpress
go: golang
"""
LANGUAGES = {
    word: language
    for language, _, words in (line.partition(": ") for line in _LANGUAGES.strip().splitlines())
    for word in words.split()
}
"""By name of a programming language or tool: the language of the samples."""

_SYNONYMS = """
paid pay paying pays settle settled collect money paisa: payment
bounced bounce dishonoured dishonored chargeback undo revert rollback: reverse reversal payment
reverse reversed reversing: reversal take back payment
tds withheld deducted deduction withholding: tds payment settle
writeoff waive waived waiver irrecoverable: write payment
roundoff: round payment
vendor vendors supplier suppliers: vendor bill
purchase po bought: bill
customer customers buyer: client
vacation vacations holiday holidays absence pto: leave
shorten shortened shortening curtail truncate early earlier: shorten cut short
staff worker: employee
apply application applications: create request
reject rejected decline refuse: deny
add: create enter
entry: add enter record
new insert generate: create
delete remove cancel: void cancel
edit modify increase extend postpone: change update
expiry expiration validity: expires
mark note: record
mistake: void
fetch retrieve detail details copy: get
quota quotas calls allowance throttled throttling: credit
requests: credit request
limits: limit credit
month: month 30 days
monthly: 30 days
token tokens keys: key
secret: key secret
login: authentication key
authenticate authenticated auth: authentication
authorization: authentication authorization
permission permissions access: scope
leaked: secret revoke
company companies: organization
account: account organization
webhook webhooks notify: event poll
changes: event change
history audit timeline: history event
loop iterate pages page: page pagination
twice: retry idempotency
duplicate: duplicate retry
idempotent: idempotency retry
wait: wait retry after
fail fails failed failure errors: error
late: overdue
unpaid outstanding: overdue balance
gst: tax
run: used
exhausted: used credit
exceed: used limit
"""
SYNONYMS = {
    word: synonyms.strip()
    for words, _, synonyms in (line.partition(":") for line in _SYNONYMS.strip().splitlines())
    for word in words.split()
}
"""By word of a question: other words to search for. A source matches if it contains the word or one of the others."""
