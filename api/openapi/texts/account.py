"""What the reference says about the account."""

from __future__ import annotations

from api.openapi.texts.words import ModuleTexts, Words

ACCOUNT = ModuleTexts(
    tag="Account",
    about="The organization, the key, and its credits. Any key; free of charge.",
    operations={
        "getAccount": Words(
            "Get the organization and the key",
            "Call it to test a connection; it costs no credit.",
            said="test a connection without spending, check whether it works, free, who am I, me",
        ),
        "getUsage": Words(
            "Get the credits that were spent",
            "The rolling window, and what was spent in it by day or hour; no credit.",
            said="check credits left used remaining, usage",
        ),
    },
    fields={
        "lastFour": "The last four characters of the key's present secret.",
        "presentedLastFour": "Those of the secret that made this request: an earlier one's while a rotation overlaps.",
    },
    parameters={
        "granularity": "By day or by hour of the organization's time zone.",
    },
)
