"""The words with which people say that they got an error."""

from __future__ import annotations

import re

STATUS = re.compile(
    r"\b(?:error|http|status|code|got|get|getting|gets|gives?|why|a|an|returns?|mean\w*|is) ?:? ?(4\d\d|50\d)\b|^\W*(4\d\d|50\d)\b"
    r"|\b(4\d\d|50\d) (?:error|status|code|response|mean|a+|aaya|aya|a+t[aei]|mil\w*|de|deta|dikh\w*|ky[ou]\w*|kaise|ka)\b"
    r"|\b(4\d\d|50\d) (?:एरर|आ|मिल|दे|दिख|क्यों|का)",
    re.IGNORECASE,
)
"""Matches the status of a failure next to words that say that someone got it. One blank stands for any white space."""

_CONDITIONS = """
invalid_transition: status | wrong change transition update impossible allow
invalid_transition: approve deny cancel void send | wrong again twice already paid
duplicate_number: number | same twice duplicate taken exists again already | !request
duplicate_payment: payment | same twice duplicate again already | !reverse
already_reversed: reverse reversal | twice again second already
leave_overlap: leave day | overlap same twice double two already
address_not_allowed: ip address network cidr | allow not refused wrong elsewhere
insufficient_scope: scope permission rights | missing lack without wrong not enough needed
insufficient_scope: key | read only write | without lack missing
rate_limited: credit limit request | exhausted exceed over many out
missing_credentials: key header authorization | missing without no not forgot | !revoke
invalid_api_key: key | wrong mistyped misspelt invalid cut bad
api_key_revoked: key | revoke revoked
api_key_expired: key secret | expire old
malformed_json: json | wrong broken malformed comma brace quote invalid
malformed_json: body | empty broken malformed
payload_too_large: body payload request invoice | large big long maximum huge
uri_too_long: url address query | long large big
headers_too_large: header headers cookie | long large big many
unsupported_media_type: contenttype content type form gzip | wrong missing other without
unknown_field: field | unknown misspelt extra wrong_name typo
unknown_parameter: parameter filter query | unknown misspelt typo wrong extra
invalid_parameter: parameter filter query | value date limit invalid range
read_only_field: field total item number | fixed set readonly read_only change sent paid
amount_exceeds_balance: payment total | more exceed greater much excess balance
precondition_failed: ifmatch etag version | stale old other changed meanwhile wrong
idempotency_key_reused: idempotency | different other another body reuse
not_found: id object invoice bill leave | wrong unknown exists missing not find deleted | !number
method_not_allowed: method put delete | wrong allow support
position_beyond_log: position after log | beyond large end future
invalid_cursor: cursor page | wrong old other filter invalid
conflict: write change | simultaneous
unavailable: database service server | down away overloaded busy
webhook_limit: webhook | many limit maximum 101
test_mode_only: test sandbox | clock reset | live
duplicate_external_id: externalid | same twice duplicate already taken
duplicate_webhook: webhook | same twice duplicate already
replay_running: replay | running twice second already
validation_failed: field value date | wrong missing invalid required
"""
CONDITIONS: tuple[tuple[str, tuple[frozenset[str], ...], frozenset[str]], ...] = tuple(
    (
        code,
        tuple(frozenset(group.split()) for group in words.split("|") if "!" not in group),
        frozenset(word.lstrip("!") for group in words.split("|") if "!" in group for word in group.split()),
    )
    for code, _, words in (line.partition(":") for line in _CONDITIONS.strip().splitlines())
)
"""Under which conditions an error comes: its code, groups of words of which a question has one each, and words it has not."""
