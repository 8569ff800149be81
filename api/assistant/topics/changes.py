"""Topics about safe changes and about what happened: retries, races, events, history, earlier states, metadata."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.metadata import MAX_KEY_CHARACTERS, MAX_PAIRS, MAX_VALUE_CHARACTERS

_OVERWRITE = "retries#never-overwriting-somebody-elses-change"

CHANGE_TOPICS = (
    topic(
        """idempotency | long store remember valid until expire many_hours duration when hour day forget
        idempotency | keep kept hours
        many long | idempotency""",
        "An `Idempotency-Key` is stored for at least 24 hours.",
        "retries#choosing-the-key",
    ),
    topic(
        """idempotency | maximum length character format uuid allow value which what_should look | !expire store valid hour keep
        idempotency | length | itself key character | !expire store valid hour hours
        idempotency | how | choose""",
        "An `Idempotency-Key` has 1 to 255 visible ASCII characters. Use a text that identifies the operation, not the attempt, "
        "such as the id of a form entry.",
        "retries#choosing-the-key",
    ),
    topic(
        """idempotency | different another other update changed body total reused same_key
        idempotency_key_reused
        idempotency | retry same | body total json""",
        "It is refused with 422 `idempotency_key_reused`: a repetition must have the same method, address and body. Send a new "
        "key with a new request.",
        "retries#choosing-the-key errors#idempotency_key_reused",
    ),
    topic(
        """idempotency | simultaneous same_time two race parallel""",
        "Of two requests with the same `Idempotency-Key` at the same time, one takes effect, and both get the same response.",
        "retries#choosing-the-key",
    ),
    topic(
        """idempotency | error fail refused 422 invalid | again store reuse new
        refused | idempotency""",
        "A refused request stores nothing: after correcting it, send it again with the same `Idempotency-Key`.",
        "retries#choosing-the-key",
    ),
    topic(
        "idempotency | required must need optional | !get",
        "No, an `Idempotency-Key` is optional, but send one with each POST and PATCH: then a repeated request takes effect once.",
        "retries",
    ),
    topic(
        """idempotency | organization other share private scope unique per
        idempotency | get patch which method""",
        "An `Idempotency-Key` works on POST and PATCH, and is private to your organization; a GET needs none, since it changes "
        "nothing.",
        "retries#choosing-the-key",
    ),
    topic(
        """idempotent-replayed replayed
        retry | same | response answer | !key""",
        "`Idempotent-Replayed: true` says that this is the stored response to an earlier request with the same "
        "`Idempotency-Key`: nothing was done a second time.",
        "retries#one-request-sent-twice",
    ),
    topic(
        """idempotency | how what why work use
        idempotency
        retry | safe safely twice duplicate timeout network create post
        timeout network dropped connection | create twice duplicate retry post send know
        duplicate twice double | create avoid prevent stop | !number payment
        safe | retry
        same | key | retry send | !organization lose many
        twice | request send post call | !payment number poll
        retry | post patch invoice""",
        "Send an `Idempotency-Key` with each POST and PATCH: however often you repeat the request, it takes effect once, and every "
        "repetition gets the first response (with `Idempotent-Replayed: true`).",
        "retries retries#choosing-the-key",
    ),
    topic(
        """retry | which what error status when should 500 503
        500 503 | retry
        what | retry""",
        "Retry after a timeout, 500 or 503 (with the same `Idempotency-Key`) and after 429 when `Retry-After` has passed; 409 "
        "`conflict` too. Any other 4xx needs a change of the request first.",
        "retries#what-to-retry",
    ),
    topic(
        """ifmatch if-match etag version | how what use send work prevent stop avoid | !python sdk old past looked at_version list
        somebody else other another both two colleagues employee people user | update change edit write | same time once meantime simultaneous moment together invoice bill leave object | !number who_updated history
        somebody else colleague | update | meantime since
        simultaneous race | update change write edit
        overwrite | update
        ifmatch
        optimistic lock locking
        lost | update
        two log people | together simultaneous same | update""",
        "Both writes take effect, one after the other, and the last one wins field by field; nothing is lost otherwise. To not "
        "overwrite somebody else's change, send the `ETag` that you read as `If-Match`: if the object has changed since, the "
        "answer is 412 `precondition_failed`.",
        f"{_OVERWRITE} errors#precondition_failed",
    ),
    topic(
        "etag | what where meaning is\netag",
        'The `ETag` of an object is its `version`, in quotes, such as `"3"`. Send it as `If-Match` with a PATCH, and the change '
        "is made only if nobody has changed the object since.",
        _OVERWRITE,
    ),
    topic(
        """together atomic several multiple all | update field change | one patch request | !bulk invoice_at
        partial | update fail""",
        "All changes of one PATCH happen together or not at all: if one field is refused, nothing changes.",
        "updateInvoice",
    ),
    topic(
        """websocket websockets sse stream streaming realtime
        webhook | !razorpay stripe paypal slack zapier github signature
        notify notified notification alert callback realtime real-time | !email sms
        push | event
        tell inform | when | paid update change
        subscribe | event update invoice""",
        "There are **no webhooks**: poll `GET /events` and continue from the last position. One poll an hour costs 720 of the "
        "1\u00a0000 credits in 30 days.",
        "events#polling-the-log listEvents credits#the-arithmetic-of-polling",
        "listEvents",
    ),
    topic(
        """event | poll read get list see new latest follow what how all | !history one invoice_events type kind
        poll | code event new
        what | happen | organization since all
        event
        activity feed""",
        "`GET /events` returns the log of your organization in order, the oldest first: send `after` with the `nextAfter` of the "
        "last page. `order=desc` returns the newest first.",
        "listEvents events#polling-the-log",
        "listEvents",
    ),
    topic(
        """event | type types kind which what name list | !how poll who
        event | types""",
        "The types are `invoice.drafted`, `.updated`, `.sent`, `.payment_recorded`, `.payment_reversed`, `.paid`, `.voided`, "
        "`.overdue`, `.overdue_cleared`; `bill.drafted`, `.updated`, `.opened` and the others as for invoices; `leave.requested`, "
        "`.updated`, `.approved`, `.shortened`, `.denied`, `.cancelled`. Filter with `type=invoice.paid`.",
        "events#the-log listEvents",
        "listEvents",
    ),
    topic(
        """event | long store keep kept delete retention old many_years forever
        history log | long keep kept retention""",
        "Events are kept for good: each change is stored, and nothing is overwritten or deleted.",
        "events",
    ),
    topic(
        """position after nextafter | gap gaps missing event order jump
        event | gap miss missed lost order twice duplicate""",
        "Gaps in `position` are normal (filters and scopes leave them), and nothing ever appears below a position that you have "
        "seen: store `nextAfter`, and you miss nothing.",
        "events#the-log",
    ),
    topic(
        """event | object whole full state data include resource
        include=object""",
        "Send `include=object`: each event then has `object`, the resource as it stood after that event. It costs one credit, as "
        "without it.",
        "events#with-the-object",
        "listEvents",
    ),
    topic(
        """who whom | update change edit touched modified | anything data account everything log organization entry record activity something | !bill invoice leave can may
        who | update | my data
        actor
        audit | log who trail
        log | who""",
        "The log names for each change **who did it**: the `actor` of an event is an API key or a user. In the console, Activity "
        "shows the same.",
        "listEvents events#the-log",
        "listEvents",
    ),
    topic(
        """version asof | compare both together
        asof | version""",
        "`version=2` returns the object in that version, `asOf=2026-03-31T18:30:00Z` the object at that time; send one of them, not "
        "both.",
        "events#as-it-was",
    ),
    topic(
        """metadata | find search filter list by query later look
        custom | find search filter | id field
        id field | store | find search later
        find | our own my | id number order deal
        order deal crm erp | id number | invoice bill leave | !list sort
        store save keep | id number | deal order crm erp own external
        store save keep | order deal crm erp | invoice bill leave
        find see search | order deal crm erp external own | number id""",
        'Store your own id in `metadata`, such as `{"dealId": "D-77"}`, and find the object by it with the filter '
        "`metadata[dealId]=D-77`: up to three pairs at once.",
        "metadata metadata#finding-by-it",
        "",
    ),
    topic(
        """metadata | maximum limit many length long large key value character | !credit
        metadata | pairs""",
        f"Metadata has at most {MAX_PAIRS} pairs: a key of 1 to {MAX_KEY_CHARACTERS} letters, digits, `_`, `.` and `-`, and a "
        f"value of up to {MAX_VALUE_CHARACTERS} characters.",
        "metadata#storing-it",
    ),
    topic(
        """metadata | delete clear remove null one all
        metadata | update change merge replace overwrite keep paid sent void when status""",
        'A PATCH of `metadata` merges: pairs that you do not name stay, a pair set to `null` is removed, and `"metadata": null` '
        "removes all. It works in every status, also of a paid invoice.",
        "metadata#changing-it",
        "updateInvoice",
    ),
    topic(
        """metadata
        custom | field attribute data
        store keep attach | id our own crm erp field data extra | !key secret token bearer history webhook
        tag label tags labels | invoice bill leave
        external own | id order""",
        "Use `metadata` for your own ids and fields: up to 50 pairs of texts on each invoice, bill and leave, and lists find by "
        "them with `metadata[key]=value`.",
        "metadata",
    ),
)
