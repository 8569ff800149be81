"""Topics about webhooks: making one, its signature, attempts, pauses and secrets."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.webhook import DEFAULT_SECRET_OVERLAP, MAX_SECRET_OVERLAP, MAX_WEBHOOKS

_HOURS, _DAYS = int(DEFAULT_SECRET_OVERLAP.total_seconds() // 3600), MAX_SECRET_OVERLAP.days
_OTHERS = "razorpay stripe paypal slack github zapier"

WEBHOOK_TOPICS = (
    topic(
        f"""webhook | create set register add how new subscribe | !{_OTHERS} see which delete pause rotate retry signature secret many
        subscribe | event""",
        "Send the URL to `POST /webhooks`, with the `types` of events that you want: any key with a read scope can make a webhook. Store "
        "`secret` from the response, which is shown once.",
        "receiving-webhooks#get-a-webhook createWebhook",
        "createWebhook",
        like="""how do I create a webhook
        register a URL for events
        webhook kaise banaye""",
    ),
    topic(
        f"""webhook | see which list all exist have | !{_OTHERS} create delivery failed
        webhook | list""",
        "`GET /webhooks` lists the webhooks that the key may see; `url=…` finds the one of a URL.",
        "listWebhooks receiving-webhooks#get-a-webhook",
        "listWebhooks",
        like="""list my webhooks
        which webhooks do I have""",
    ),
    topic(
        f"""webhook | signature verify genuine fake check sign signed trust hmac | !{_OTHERS}
        webhook-signature""",
        "Each delivery is signed with HMAC and SHA-256 over `webhook-id`, `webhook-timestamp` and the body: compare it with the header "
        "`webhook-signature`, by the part of `secret` after `whsec_`. The guide has it in Python and Node.js; libraries named "
        "`standardwebhooks` do the same.",
        "receiving-webhooks#check-the-signature receiving-webhooks#with-python receiving-webhooks#with-nodejs",
        like="""how do I verify the signature of a webhook
        how do I know that a delivery is genuine""",
    ),
    topic(
        f"""webhook delivery | fail failed retry again down offline late attempt error 500 unreachable online running missed lost what_happens respond answer | !{_OTHERS}
        server | down offline | webhook event delivery
        delivery | again attempt resend""",
        "Nothing is lost: a delivery that your server does not answer with 200 to 299 is attempted again, later and later, and events wait "
        "while it is away. After days without any success the webhook is `disabled`; set it `active`, and it goes on where it stopped. "
        "`GET /webhooks/{id}/deliveries` shows the attempts.",
        "receiving-webhooks#what-arrives listWebhookDeliveries retryWebhookDelivery",
        "listWebhookDeliveries",
        like="""what happens when my server is down
        are webhooks retried
        how often is a delivery attempted
        do I need to be online for webhooks
        why did a webhook delivery fail""",
    ),
    topic(
        f"""webhook | pause stop resume off disable disabled paused revoke active | !{_OTHERS}
        pausedreason""",
        "PATCH `status` to `paused`, and events wait; `active` lets the webhook go on where it stopped, and with `from` set to `now` it skips "
        "what was missed. `pausedReason` says why nothing is posted.",
        "updateWebhook receiving-webhooks#get-a-webhook",
        "updateWebhook",
        like="""how do I pause a webhook
        resume a disabled webhook
        why is my webhook paused""",
    ),
    topic(
        f"webhook | delete end unsubscribe cancel | !{_OTHERS}",
        "`DELETE /webhooks/{id}` ends a webhook: nothing is posted any more, and its deliveries are deleted. This cannot be undone.",
        "deleteWebhook",
        "deleteWebhook",
        like="how do I delete a webhook",
    ),
    topic(
        f"webhook | secret rotate lose | !{_OTHERS}",
        f"`POST /webhooks/{{id}}/rotate` gives the webhook a new secret, which is shown once; for the time of `overlap` ({_HOURS} hours unless you "
        f"say otherwise, at most {_DAYS} days) deliveries have both signatures.",
        "rotateWebhook",
        "rotateWebhook",
        like="""rotate the secret of a webhook
        I lost the secret of my webhook""",
    ),
    topic(
        f"webhook | many maximum limit number | !{_OTHERS} credit",
        f"An organization has at most {MAX_WEBHOOKS} webhooks; one more is refused with 409 `webhook_limit`.",
        "createWebhook",
        like="how many webhooks can I have",
    ),
    topic(
        f"""webhook | cost credit free charge | !{_OTHERS}
        delivery | credit cost""",
        "A delivery costs no credit: only the requests that you send cost one, such as `POST /webhooks`.",
        "receiving-webhooks credits#what-costs-a-credit",
        like="does a webhook cost credits",
    ),
    topic(
        f"""webhook | body payload contain content data inside arrive format look | !{_OTHERS} error
        webhook | twice duplicate order ordered""",
        "A webhook posts JSON with `type`, `timestamp` and `data`: the event as `/events` shows it, with `object`, the invoice, bill or leave "
        "right after it. An event can arrive more than once, always with the same `webhook-id`; with `ordered`, events come in order.",
        "receiving-webhooks#what-arrives",
        like="""what does a webhook contain
        can a webhook arrive twice
        do webhooks come in order""",
    ),
    topic(
        f"""webhook | localhost local computer test try 127.0.0.1 http laptop | !{_OTHERS}
        listen | event webhook""",
        "A webhook needs a public https address; on your own computer, `smartdhandha listen --forward-to http://127.0.0.1:5000/hooks` gets the "
        "events and posts them to your server, signed.",
        "receiving-webhooks#try-it-on-your-own-computer",
        like="""test webhooks on my computer
        webhook to localhost""",
    ),
)
