"""Topics about what happened: webhooks, the log of events, earlier states."""

from __future__ import annotations

from api.assistant.topics.topic import topic

EVENT_TOPICS = (
    topic(
        """websocket websockets sse stream streaming realtime
        webhook | !razorpay stripe paypal slack zapier github signature
        notify notified notification alert callback realtime real-time | !email sms
        message told informed tell | when | !error 4
        push | event
        tell inform | when | paid update change
        subscribe | event update invoice""",
        "Yes: make a **webhook** with `POST /webhooks`, and each event is posted to your URL, signed; `types` chooses which, such as `invoice.paid`. Without a server of your own, "
        "poll `GET /events` instead: one poll an hour costs 720 of the 1\u00a0000 credits in 30 days.",
        "receiving-webhooks createWebhook events#polling-the-log credits#the-arithmetic-of-polling",
        like="""do you have webhooks
        do I get a message when somebody does something
        can you notify my server when an invoice is paid
        push notification when something changes""",
    ),
    topic(
        """event | poll read get list see new latest follow what how all | !history one invoice_events type kind
        poll | code event new
        event | page pagination paginate loop next walk iterate
        what | happen | organization since all
        event
        activity feed""",
        "`GET /events` returns the log of your organization in order, the oldest first: send `after` with the `nextAfter` of the "
        "last page. `order=desc` returns the newest first.",
        "listEvents events#polling-the-log",
        "listEvents",
        like="""how do I read the event log
        how do I poll for new events
        what do I send as after
        what is nextAfter for""",
    ),
    topic(
        """event | type types kind which what name list | !how poll who
        event | types""",
        "The types are `invoice.drafted`, `.updated`, `.sent`, `.payment_recorded`, `.payment_reversed`, `.paid`, `.voided`, "
        "`.overdue`, `.overdue_cleared`; `bill.drafted`, `.updated`, `.opened` and the others as for invoices; `leave.requested`, "
        "`.updated`, `.approved`, `.shortened`, `.denied`, `.cancelled`. Filter with `type=invoice.paid`.",
        "events#the-log listEvents",
        "listEvents",
        like="""which event types exist
        list of the names of events
        which events are there for bills""",
    ),
    topic(
        """event | long store keep kept delete retention old many_years forever
        history log | long keep kept retention""",
        "Events are kept for good: each change is stored, and nothing is overwritten or deleted. Only texts about a person "
        "can be erased for that person: they are null then, and the event says `erased: true`.",
        "events",
        like="""how long are events kept
        are old events deleted""",
    ),
    topic(
        """position nextafter | gap gaps missing jump
        event | gap miss missed lost order twice duplicate""",
        "Gaps in `position` are normal (filters and scopes leave them), and nothing ever appears below a position that you have "
        "seen: store `nextAfter`, and you miss nothing.",
        "events#the-log",
        like="""why are there gaps in the positions
        can I miss an event
        is an event missing from the log""",
    ),
    topic(
        """event | object whole full state data include resource | !payment paid
        include=object""",
        "Send `include=object`: each event then has `object`, the resource as it stood after that event. It costs one credit, as "
        "without it.",
        "events#with-the-object",
        "listEvents",
        like="""can an event contain the whole invoice
        get the object with each event""",
    ),
    topic(
        """who whom | update change edit touched modified | anything data account everything log organization entry record activity something | !bill invoice leave can may
        who | update | my data
        actor
        create created | by from | integration zapier key program user | invoice bill leave object | which show see every
        audit | log who trail
        log | who""",
        "The log names for each change **who did it**: the `actor` of an event is an API key or a user. In the console, Activity "
        "shows the same.",
        "listEvents events#the-log",
        "listEvents",
        like="""who changed something in my account
        what did my account do yesterday
        which invoices were created by one integration
        which changes did one key make
        what does the actor of an event tell me
        who did it""",
    ),
    topic(
        """version asof | compare both together
        asof | version""",
        "`version=2` returns the object in that version, `asOf=2026-03-31T18:30:00Z` the object at that time; send one of them, not "
        "both. Lists take `asOf`, too: they then show what they would have shown at that time.",
        "events#as-it-was",
        like="""what is the difference between version and asOf
        can I send version and asOf together""",
    ),
    topic(
        "event | leave | type types kind which what list exist there | !poll",
        "The events of leaves are `leave.requested`, `leave.updated`, `leave.approved`, `leave.shortened`, `leave.denied` and "
        "`leave.cancelled`. Filter with `type=leave.approved`.",
        "events#the-log listEvents",
        like="""which event types are there for leaves
        what is the event called when a leave is approved""",
    ),
    topic(
        "event | reverse reversal reversed bounce taken_back | payment",
        "`invoice.payment_reversed` (of a bill `bill.payment_reversed`) is the event of a payment that was taken back.",
        "events#the-log",
        like="""is there an event for a payment that was taken back
        event of a reversal""",
    ),
    topic(
        "actor | meaning what tell field type",
        "`actor` says who caused the event: its `type` is `api_key`, `user`, `cli` (the command line) or `worker` (the service itself, "
        "as for `invoice.overdue`), and its `id` names the key or the user.",
        "events#the-log",
        like="what does the actor of an event tell me",
    ),
    topic(
        "event | filter type only one | can how",
        "Yes, send `type`, such as `type=invoice.paid`: `GET /events` then returns events of that type alone.",
        "events#polling-the-log listEvents",
        "listEvents",
        like="""can I filter events by type
        get only one type of events""",
    ),
    topic(
        "overdue_cleared\noverdue | event | when clear end stop",
        "`invoice.overdue` is recorded at midnight in the organization's time zone, when a due date has passed and a balance is left; "
        "`invoice.overdue_cleared` when a payment or a new due date ends that.",
        "events#the-log",
        like="""when is the event invoice.overdue recorded
        what does overdue_cleared mean""",
    ),
    topic(
        "event | data field contain inside what | meaning what have hold in\nevent | fields look structure",
        "An event has `id`, `position`, `type`, `resourceType`, `resourceId`, `version`, `occurredAt`, `actor`, `requestId` and `data`: "
        "the changed fields, named as in the object.",
        "events#the-log",
        like="""what does an event contain
        which fields has an event
        what is in data of an event""",
    ),
    topic(
        "include=object object include | cost credit more | event",
        "No, `GET /events` costs one credit, with `include=object` as without it.",
        "events#with-the-object",
        like="does include=object cost more credits",
    ),
)
