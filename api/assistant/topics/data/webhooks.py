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
        f"""webhook | signature verify genuine genuinely fake check sign signed trust hmac really real authentic | !{_OTHERS}
        webhook-signature""",
        "Each delivery is signed with HMAC and SHA-256 over `webhook-id`, `webhook-timestamp` and the body: compare it with the header "
        "`webhook-signature`, by the part of `secret` after `whsec_`. The guide has it in Python and Node.js; libraries named "
        "`standardwebhooks` do the same.",
        "receiving-webhooks#check-the-signature receiving-webhooks#with-python receiving-webhooks#with-nodejs",
        like="""how do I verify the signature of a webhook
        how do I know that a delivery is genuine
        is a webhook call really from you
        somebody could send fake events to my URL""",
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
        webhook | pause paused stop off | lose lost miss missed meanwhile happen
        pausedreason""",
        "PATCH `status` to `paused`, and events wait, so nothing is lost; `active` lets the webhook go on where it stopped, and with `from` set to `now` it skips "
        "what was missed. `pausedReason` says why nothing is posted.",
        "updateWebhook receiving-webhooks#get-a-webhook",
        "updateWebhook",
        like="""how do I pause a webhook
        resume a disabled webhook
        why is my webhook paused
        do I lose events while a webhook is paused""",
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
        f"""webhook | cost credit free charge price | !{_OTHERS}
        webhook | payment | separately extra need required | !{_OTHERS} invoice bill paid
        delivery | credit cost""",
        "No, a delivery costs no credit: only the requests that you send cost one, such as `POST /webhooks`.",
        "receiving-webhooks credits#what-costs-a-credit",
        like="""does a webhook cost credits
        do deliveries use up my credits""",
    ),
    topic(
        f"""webhook | body payload contain content data inside arrive format look | !{_OTHERS} error""",
        "A webhook posts JSON with `type`, `timestamp` and `data`: the event as `/events` shows it, with `object`, the invoice, bill or leave "
        "right after it. The headers are `webhook-id`, `webhook-timestamp` and `webhook-signature`.",
        "receiving-webhooks#what-arrives",
        like="""what does a webhook contain
        what is posted to my URL""",
    ),
    topic(
        f"""webhook | localhost local computer 127.0.0.1 laptop machine_own | !{_OTHERS}
        listen | event webhook | local computer localhost laptop command""",
        "A webhook needs a public https address; on your own computer, `smartdhandha listen --forward-to http://127.0.0.1:5000/hooks` gets the "
        "events and posts them to your server, signed.",
        "receiving-webhooks#try-it-on-your-own-computer",
        like="""try webhooks on my own computer
        webhook to localhost""",
    ),
    topic(
        f"""webhook | test try sample trial ping simulate dummy | !{_OTHERS} local localhost computer laptop
        webhook event delivery | trial sample dummy | send post""",
        "`POST /webhooks/{id}/test` posts a sample of an event once, also while the webhook is paused: `type` chooses which. A test never "
        "disables a webhook.",
        "testWebhook receiving-webhooks#get-a-webhook",
        "testWebhook",
        like="""how do I test a webhook
        send a sample event to my webhook
        webhook ko test kaise kare""",
    ),
    topic(
        f"""webhook delivery | fast quick second timeout long time within soon deadline slow | answer response respond wait server receiver must | !{_OTHERS} pause
        webhook delivery | timeout | !{_OTHERS}
        webhook delivery | 200 204 2xx | answer response respond status return code""",
        "Answer within 15 seconds with a status from 200 to 299, and do slow work afterwards. Every other answer, also a redirect, counts as "
        "a failure and is attempted again.",
        "receiving-webhooks#what-arrives",
        like="""how fast must my server answer a webhook
        what should my endpoint answer to a webhook
        timeout of a webhook delivery""",
    ),
    topic(
        f"""webhook delivery | twice duplicate again same | event delivery arrive get | !{_OTHERS} fail delete down
        webhook | twice duplicate | !{_OTHERS}
        webhook-id""",
        "Yes, an event can arrive more than once, always with the same `webhook-id`: remember the ids that you have handled.",
        "receiving-webhooks#what-arrives",
        like="""can a webhook arrive twice
        the same event came two times
        how do I recognise a repeated delivery""",
    ),
    topic(
        f"webhook delivery | order ordered sequence | !{_OTHERS} payment",
        'Only with `"ordered": true`: then each event waits until the one before it was taken. Without it, later events can overtake one '
        "that fails; `position` tells their order.",
        "receiving-webhooks#get-a-webhook updateWebhook",
        like="""do webhooks come in order
        are events delivered in sequence""",
    ),
    topic(
        f"""webhook | past old missed earlier replay again resend backfill history | event send get | !{_OTHERS}
        replay | event webhook""",
        "`POST /webhooks/{id}/replay` sends past events once more, since a time (`since`) or after a position of the log (`after`): at most "
        "100\u00a0000, after the live ones. `GET /webhooks/{id}/replay` shows how far it is, `DELETE` cancels it.",
        "replayWebhook receiving-webhooks#get-a-webhook",
        "replayWebhook",
        like="""send past events to a webhook again
        replay the events of last week
        my receiver lost events, can I get them once more""",
    ),
    topic(
        f"""webhook | type types which choose only filter kind certain | event | !{_OTHERS}
        webhook | types""",
        "Yes, `types` chooses the events: their names, such as `invoice.paid`, or all of a kind, such as `invoice.*`. Without it, everything "
        "arrives that the scopes of the key show.",
        "createWebhook receiving-webhooks#get-a-webhook",
        "createWebhook",
        like="""can I choose which events a webhook gets
        webhook only for bills""",
    ),
    topic(
        f"""webhook | sent delivered delivery attempt log answered failed outgoing | see show list which find | !{_OTHERS} create
        delivery | list see show
        webhook | behind backlog queue far""",
        "`GET /webhooks/{id}/deliveries` shows what was sent, each attempt, and what your server answered; `status=failed` or "
        "`status=pending` chooses. `GET /webhooks/{id}` shows how far the webhook is (`behind`) and its last error.",
        "listWebhookDeliveries receiving-webhooks#get-a-webhook",
        "listWebhookDeliveries",
        like="""see what was sent to my webhook
        which deliveries failed
        log of webhook deliveries""",
    ),
    topic(
        f"""webhook | disabled disable off stop automatically long days week give | fail failing broken down server long stays error | !{_OTHERS} pause see delete how
        webhook | disabled | when why after""",
        "Yes, after 5 days without any success, or at once after the status 410, a webhook is `disabled`. Nothing is forgotten: set its "
        "`status` to `active`, and it goes on where it stopped.",
        "receiving-webhooks#what-arrives updateWebhook",
        like="""is a webhook switched off when my server stays broken
        after how many days is a webhook disabled
        for how long is a delivery tried again""",
    ),
    topic(
        f"""webhook | update change edit move new | url address type types | !{_OTHERS} create secret""",
        "PATCH the webhook with a new `url` or new `types`; what you do not send stays as it is.",
        "updateWebhook",
        "updateWebhook",
        like="""change the URL of a webhook
        my server has a new address""",
    ),
)
