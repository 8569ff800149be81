"""The texts of the API reference about webhooks."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words
from domain.webhook import DEFAULT_SECRET_OVERLAP, MAX_SECRET_OVERLAP, MAX_WEBHOOKS

_HOURS, _DAYS = int(DEFAULT_SECRET_OVERLAP.total_seconds() // 3600), MAX_SECRET_OVERLAP.days
_DELIVERY_ID = "dlv_0649C6D8A1B2C3D4E5F6A7B8C9"
_DELIVERY = {
    "id": _DELIVERY_ID,
    "eventId": "evt_5f2c0a7d1e9b4c3a8d6e7f10",
    "type": "invoice.sent",
    "status": "pending",
    "nextAttemptAt": "{today}T04:36:00.000000Z",
    "attempts": [
        {
            "at": "{today}T04:31:00.000000Z",
            "status": 500,
            "durationMs": 212,
            "error": None,
            "response": "Internal Server Error",
        }
    ],
}
_REPLAY = {
    "id": "rpl_0649C6D8A1B2C3D4E5F6A7B8C9",
    "status": "running",
    "types": ["invoice.sent"],
    "events": 42,
    "delivered": 7,
    "failed": 0,
    "createdAt": "{today}T04:32:00.000000Z",
    "endedAt": None,
}

WEBHOOK = TagTexts(
    tag="Webhooks",
    about=(
        "URLs to which the service posts events, signed by the Standard Webhooks specification. A key sees and changes "
        "the webhooks whose scopes it has all of. Any read scope. The guide "
        "[Receiving webhooks](/docs/guides/receiving-webhooks) says how to check a signature."
    ),
    operations={
        "listWebhooks": Words(
            "List webhooks",
            "The webhooks that the key may see, the newest first. With `url`, those that lead exactly there: so a "
            "program can find out whether its webhook still exists.",
            search_words="list my webhooks, find the webhook of a url, check whether a subscription exists",
        ),
        "createWebhook": Words(
            "Create a webhook",
            "Events that happen from now on are posted to the URL. `secret`, which signs the deliveries, is shown in "
            "this response only: the stored response to a retry with the same `Idempotency-Key` has `secret: null`. "
            "The webhook keeps the read scopes of the key. A type whose events they do not show is refused with "
            "403 `insufficient_scope`. If there is a webhook with the same URL, types and scopes, the response is that "
            f"webhook with the status 200. An organization has at most {MAX_WEBHOOKS} webhooks (409 `webhook_limit`). "
            "A URL that leads to an address that is not public is refused with 422. When the key is revoked, "
            "expires or loses one of these scopes, the webhook is paused (`key_revoked`) until another key or a user "
            "sets it active.",
            search_words="subscribe to events, register a webhook, add a callback url, notify my server, REST hook",
        ),
        "getWebhook": Words(
            "Get a webhook",
            "The webhook, and how far it has been served.",
            search_words="is my webhook failing, behind, last delivery",
        ),
        "updateWebhook": Words(
            "Change, pause or resume a webhook",
            "Sets fields, the status, or both at once. A field that is absent keeps its value. The status `active` "
            "lets a paused or disabled webhook go on, and makes it belong to the key of this request. It goes on where "
            "it stopped; with `from` set to `now`, what was not delivered so far is skipped, and `skipped` says how "
            "much that is. A URL, types and scopes that another webhook has are 409 `duplicate_webhook`.",
            search_words="edit change url or types of a webhook, pause stop disable, resume enable reactivate it",
        ),
        "deleteWebhook": Words(
            "Delete a webhook",
            "Nothing is posted any more, and its deliveries are deleted. This cannot be undone.",
            search_words="delete remove unsubscribe a webhook",
        ),
        "rotateWebhook": Words(
            "Give a webhook a new secret",
            "The response has the new secret, which is shown only once. For the time of `overlap`, deliveries have two "
            "signatures in one header, also one with the earlier secret, so that receivers can change over.",
            search_words="rotate change lost webhook secret signing",
        ),
        "listWebhookDeliveries": Words(
            "List the deliveries of a webhook",
            "The newest first, with all attempts. Deliveries that were taken are kept for 30 days. `failed` ones were "
            "skipped or are not attempted any more.",
            search_words="webhook log, attempts, why did a webhook delivery fail, what did my server answer",
        ),
        "retryWebhookDelivery": Words(
            "Attempt a delivery again",
            "Attempts the delivery now, within a second. The response is the delivery that is attempted: this one if "
            "it is pending, otherwise a new one with the same event and the same `webhook-id`. It waits as long as the "
            "webhook is paused.",
            search_words="resend retry a webhook delivery",
        ),
        "testWebhook": Words(
            "Test a webhook",
            "Posts a sample of an event once, also if the webhook is paused or disabled: by default of the first type "
            "that it gets. The response waits up to 1.5 seconds for the attempt. If the attempt has not ended by then, "
            "the status is 202, and `listWebhookDeliveries` shows it later. A test never disables a webhook.",
            search_words="send a test event to my webhook, ping, try out, sample payload",
        ),
        "replayWebhook": Words(
            "Send past events once more",
            "Sends the events after a position of the log, or since a time, once more: those that the webhook has "
            "already come to, at most 100\u00a0000. They come after the live ones, with the same `webhook-id` as "
            "before, and never disable the webhook. A webhook has one replay at a time (409 `replay_running`).",
            search_words="replay resend redeliver past missed old events of a day, backfill",
        ),
        "getWebhookReplay": Words(
            "Get the last replay of a webhook",
            "The replay that is running, or that ended last.",
            search_words="progress status of a replay",
        ),
        "cancelWebhookReplay": Words(
            "Cancel the replay of a webhook",
            "Ends the replay that is running. What was not delivered yet becomes `failed`. A replay that has ended "
            "stays as it is.",
            search_words="cancel stop abort a replay",
        ),
    },
    fields={
        "url": "Where events are posted: https, with a public address. It must not contain credentials.",
        "types": (
            "The types of events that are posted, such as `invoice.sent`, or `invoice.*` for all about invoices; null "
            "for all that its scopes show."
        ),
        "description": "What the webhook is for; optional.",
        "ordered": (
            "Whether an event is posted only after the receiver has accepted the one before it. Otherwise later "
            "events overtake one that fails. False if it is absent."
        ),
        "status": (
            "`active`: events are posted. `paused`: they wait. `disabled`: they wait, because the receiver "
            "accepted nothing for five days, or said with the status 410 that it is gone."
        ),
        "UpdateWebhook.status": "`paused` lets events wait; `active` lets the webhook go on.",
        "WebhookDelivery.status": (
            "`pending`: it is attempted again at `nextAttemptAt`. `delivered`: the receiver accepted it. `failed`: it "
            "is not attempted again."
        ),
        "WebhookDelivery.id": "The id of the delivery. Later deliveries have greater ids.",
        "WebhookDelivery.type": "The type of the event.",
        "DeliveryAttempt.status": "The HTTP status of the answer; null if there was none.",
        "pausedReason": (
            "Why nothing is posted: `request` (somebody paused it), `key_revoked` (its key was revoked, has expired, "
            "or has lost a scope that it needs), "
            "`secret_unreadable` (the service has no key for its secret: rotate it), `failing` (nothing was taken for "
            "five days), `gone` (the receiver answered 410). Null if it is active."
        ),
        "createdBy": (
            "Whose webhook it is: the key, user or process that created it, or that set it active the last time."
        ),
        "Owner.type": "The kind of owner: `api_key`, `user` or `cli` (command line).",
        "Owner.id": "The id of the key or user, or the name of the process.",
        "behind": (
            "How many events are not delivered yet. Events that were not looked at yet count, too, whatever their type."
        ),
        "lastDeliveredAt": "When the receiver last accepted an event, in UTC; null before that.",
        "failingSince": "The first failure after the last success, in UTC; null if the last attempt succeeded.",
        "lastError": "What the last attempt failed with; null if it succeeded.",
        "secret": "The secret that signs deliveries, such as `whsec_…`. It is shown once; null if it cannot be shown.",
        "secretNotice": "What to do if the secret is null; null if it is shown.",
        "skipped": "How many events are skipped because of `from`; null without it.",
        "from": (
            "Where the webhook goes on, only with the status `active`: `cursor` is where it stopped (the default), "
            "`now` skips what was not delivered so far."
        ),
        "overlap": (
            f"How long deliveries are also signed with the earlier secret: 0 to {_DAYS} days, such as `24h` or `7d`. "
            f"{_HOURS} hours if it is absent."
        ),
        "TestWebhook.type": "The type of the sample; its scope must be one of the webhook's.",
        "after": "Events after this position of the log. Send either `after` or `since`.",
        "since": "Events that were recorded at this time or later. Send either `after` or `since`.",
        "ReplayWebhook.types": "Only these types; all types of the webhook if it is absent.",
        "WebhookReplay.types": "The types of the events.",
        "WebhookReplay.status": (
            "`running`: it goes on. `finished`: every event was delivered, or is not attempted again. `cancelled`."
        ),
        "events": "How many events of these types there are.",
        "delivered": "How many of them the receiver took.",
        "failed": "How many of them are not attempted any more.",
        "endedAt": "When it ended, in UTC; null while it runs.",
        "deleted": "True: the webhook is deleted.",
        "eventId": "The id of the event; the header `webhook-id` of all deliveries of this event.",
        "nextAttemptAt": "When the next attempt is due, in UTC; null if there is none.",
        "attempts": "The attempts so far, the oldest first.",
        "at": "When the attempt began, in UTC.",
        "durationMs": "How long the attempt took, in milliseconds.",
        "error": "Why there was no answer; null if there was one.",
        "response": "The first KiB of the answer's body; null if there was no answer.",
    },
    field_examples={
        "types": ["invoice.sent", "invoice.paid"],
        "pausedReason": "failing",
        "lastDeliveredAt": "{today}T04:30:00.512000Z",
        "failingSince": "{today}T04:31:00.000000Z",
        "lastError": "HTTP 500",
        "behind": 3,
        "skipped": 3,
        "secretNotice": "The secret was shown in the first response and cannot be shown again.",
        "DeliveryAttempt.error": "The host did not answer within 15 seconds.",
        "from": "now",
        "after": 117,
        "endedAt": "{today}T04:33:00.000000Z",
    },
    parameters={
        "url": "Only webhooks with exactly this URL.",
        "deliveryId": "The delivery's id.",
        "status": "One or more statuses, separated by commas.",
        "sort": "The field to sort by; with `-` before it, in descending order.",
    },
    path_examples={"deliveryId": _DELIVERY_ID},
    examples={
        "createWebhook": {
            "url": "https://example.in/hooks",
            "types": ["invoice.sent", "invoice.paid"],
            "description": "Accounting",
        },
        "rotateWebhook": {"overlap": "24h"},
        "updateWebhook": {"status": "active", "ordered": True},
        "testWebhook": {"type": "invoice.sent"},
        "replayWebhook": {"since": "{today-1}T00:00:00Z", "types": ["invoice.*"]},
    },
    responses={
        "deleteWebhook": {"id": "whk_01KEXAMPLE0000000000000000", "deleted": True},
        "listWebhookDeliveries": [_DELIVERY],
        "testWebhook": {**_DELIVERY, "status": "delivered", "nextAttemptAt": None},
        "replayWebhook": _REPLAY,
        "getWebhookReplay": _REPLAY,
        "cancelWebhookReplay": {**_REPLAY, "status": "cancelled", "endedAt": "{today}T04:33:00.000000Z"},
        "retryWebhookDelivery": {**_DELIVERY, "nextAttemptAt": "{today}T04:33:00.000000Z"},
    },
)
