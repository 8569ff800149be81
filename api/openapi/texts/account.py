"""The texts of the API reference about the account."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.registry import SCOPES
from domain.window import CREDIT_WINDOW

_WINDOW = {
    "limit": DEFAULT_CREDIT_LIMIT,
    "used": 3,
    "remaining": DEFAULT_CREDIT_LIMIT - 3,
    "windowDays": CREDIT_WINDOW.days,
    "resetAt": "2026-02-09T04:30:00.000000Z",
    "fullyResetAt": "2026-02-09T04:32:00.000000Z",
}

ACCOUNT = TagTexts(
    tag="Account",
    about="The organization, the key, and its credits. Any key; free of charge.",
    operations={
        "getAccount": Words(
            "Get the organization and the key",
            "Call it to test a connection; it costs no credit.",
            search_words="test a connection without spending, check whether it works, free, who am I, me",
        ),
        "getUsage": Words(
            "Get the credits that were spent",
            "The rolling credit window, and the credits that were spent in it per day or hour. It costs no credit.",
            search_words="check credits left used remaining, usage",
        ),
    },
    fields={
        "lastFour": "The last four characters of the key's current secret.",
        "presentedLastFour": (
            "The last four characters of the secret that this request used. During an overlap it can be an earlier "
            "secret."
        ),
    },
    parameters={
        "granularity": "One bucket per day or per hour, in the organization's time zone.",
    },
    responses={
        "getAccount": {
            "organization": {
                "id": "org_01KEXAMPLE0000000000000000",
                "name": "Sharma Traders",
                "timeZone": "Asia/Kolkata",
            },
            "key": {
                "id": "key_01KEXAMPLE0000000000000000",
                "name": "My integration",
                "lastFour": "Xk2P",
                "scopes": list(SCOPES),
                "createdAt": "2026-01-10T04:30:00.000000Z",
                "expiresAt": None,
                "lastUsedAt": "2026-01-10T04:30:00.000000Z",
                "presentedLastFour": "Xk2P",
            },
            "credits": _WINDOW,
        },
        "getUsage": {
            **_WINDOW,
            "windowStart": "2025-12-11T04:33:00.000000Z",
            "granularity": "day",
            "buckets": [{"start": "2026-01-09T18:30:00.000000Z", "credits": 3}],
        },
    },
)
