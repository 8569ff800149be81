"""The texts of the API reference about API keys."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT, DEFAULT_OVERLAP, MAX_OVERLAP

_HOURS, _DAYS = int(DEFAULT_OVERLAP.total_seconds() // 3600), MAX_OVERLAP.days

KEY = TagTexts(
    tag="Keys",
    about=(
        "The API keys of the organization, for programs that create and replace them. Only a key that may manage keys "
        "can send these requests: an owner or admin allows it in the console, under Settings → Developer, and "
        "`managesKeys` of `/me` says so. Such a key gives another key nothing that it does not have itself: no other "
        "scope, no higher limit or burst, no later "
        "expiry, no wider network (403 `beyond_own_key`), and never the right to manage keys. Keys with "
        "this right, itself included, are changed, rotated and revoked by people only (403 `protected_key`)."
    ),
    operations={
        "listKeys": Words(
            "List API keys",
            "The keys of the organization, the newest first, without their secrets. `search` finds a key by a part of "
            "its name, by its id, or by the last four characters of its secret.",
            search_words="list my api keys, find a key by name, which keys exist, unused revoked expired keys",
        ),
        "createKey": Words(
            "Create an API key",
            "`secret` is the key that requests send. It is shown in this response only: the stored response to a retry "
            "with the same `Idempotency-Key` has `secret: null`. Scopes that the key of this request lacks, a higher "
            "limit or burst, a later expiry and a wider network are 403 `beyond_own_key`.",
            search_words="create issue make add a new api key token by program, provision a key for a customer",
        ),
        "getKey": Words(
            "Get an API key",
            "The key, without its secret. An expired key has the status `expired` at once.",
            search_words="is this key active, state of a key",
        ),
        "updateKey": Words(
            "Change an API key",
            "Sets the name, the scopes, the limit, the burst, the expiry or the networks. A field that is absent keeps "
            "its value; `expiresAt: null` lets the key work until it is revoked, and `burst: null` send any number of "
            "requests in a second. The change counts from the next request on, and "
            "used credits stay used. After the change, the key must have nothing that the key of this request lacks "
            "(403 `beyond_own_key`).",
            search_words="edit rename a key, raise the limit of a key, change its scopes or expiry",
        ),
        "rotateKey": Words(
            "Give an API key a new secret",
            "The response has the new secret, which is shown only once. The present secret keeps working for the time "
            "of `overlap`, so that programs can change over. A key that has more than the key of this request cannot "
            "be rotated by it (403 `beyond_own_key`): its secret would give what it lacks.",
            search_words="rotate renew regenerate a key, new secret, lost key",
        ),
        "revokeKey": Words(
            "Revoke an API key",
            "The key and all its secrets stop working at once. This cannot be undone. Revoking a revoked key changes "
            "nothing.",
            search_words="revoke delete disable block an api key, leaked key",
        ),
    },
    fields={
        "name": "What the key is for.",
        "lastFour": "The last four characters of the key's current secret.",
        "status": "`active`, `revoked` or `expired`.",
        "scopes": "What the key may do.",
        "creditLimit": (
            f"How many requests the key can send in any {CREDIT_WINDOW.days} days. "
            f"{DEFAULT_CREDIT_LIMIT} for a new key if it is absent."
        ),
        "creditsUsed": f"How many requests of the key count now: those of the past {CREDIT_WINDOW.days} days.",
        "lastUsedAt": "When the key last spent a credit, in UTC; null before its first request.",
        "expiresAt": "When the key stops working, in UTC; null if it does not expire.",
        "allowedCidrs": (
            "The networks from which the key may be used: ranges of IPv4 or IPv6 addresses (CIDR), or single ones; "
            "empty if it may be used from everywhere."
        ),
        "burst": "How many requests the key may send in any second, 1 to 1000; null for any number.",
        "managesKeys": "Whether requests with the key may manage other keys. Only the console sets it.",
        "earlierSecrets": "The secrets that were replaced by a rotation and still work.",
        "WorkingKeySecret.lastFour": "The last four characters of the secret.",
        "worksUntil": "When the secret stops working, in UTC.",
        "revokedAt": "When the key was revoked, in UTC; null if it was not.",
        "secret": "The key that requests send, such as `sd_live_…`. It is shown once; null if it cannot be shown.",
        "secretNotice": "What to do if the secret is null; null if it is shown.",
        "overlap": (
            f"How long the present secret keeps working: 0 to {_DAYS} days, such as `24h` or `7d`. "
            f"{_HOURS} hours if it is absent."
        ),
    },
    field_examples={
        "allowedCidrs": ["203.0.113.0/24", "2001:db8::/32"],
        "burst": 10,
        "lastUsedAt": "{today}T04:30:00.000000Z",
        "revokedAt": "{today}T04:35:00.000000Z",
        "secretNotice": "The secret was shown in the first response and cannot be shown again.",
        "earlierSecrets": [{"lastFour": "Xk2P", "worksUntil": "{today+1}T04:32:00.000000Z"}],
    },
    parameters={
        "search": (
            "A part of the name, the id, or the last four characters of the secret. A search of one or two characters "
            "finds the keys whose name or last four characters begin with them."
        ),
        "status": "One or more statuses, separated by commas.",
        "scope": "Only keys with this scope.",
        "managesKeys": "`true`: only keys that may manage keys; `false`: only the others.",
        "sort": "The field to sort by; with `-` before it, in descending order.",
    },
    examples={
        "createKey": {
            "name": "Zapier",
            "scopes": ["billing:read"],
            "creditLimit": 5000,
            "expiresAt": "{today+365}T18:29:59Z",
        },
        "updateKey": {"name": "Zapier, invoices", "creditLimit": 10000},
        "rotateKey": {"overlap": "24h"},
        "revokeKey": {},
    },
)
