"""Topics about safe changes: repeated requests, and two people at once."""

from __future__ import annotations

from api.assistant.topics.topic import topic

_OVERWRITE = "retries#never-overwriting-somebody-elses-change"

RETRY_TOPICS = (
    topic(
        """idempotency | long store remember valid until expire many_hours duration when hour day forget
        idempotency | keep kept hours
        many long | idempotency""",
        "An `Idempotency-Key` is stored for at least 24 hours.",
        "retries#choosing-the-key",
        like="""how long is an idempotency key remembered
        how many hours are idempotency keys stored""",
    ),
    topic(
        """idempotency | maximum length character format uuid allow value which what_should look | !expire store valid hour keep
        idempotency | length | itself key character | !expire store valid hour hours
        idempotency | how | choose""",
        "An `Idempotency-Key` has 1 to 255 visible ASCII characters. Use a text that identifies the operation, not the attempt, "
        "such as the id of a form entry.",
        "retries#choosing-the-key",
        like="""how long may an idempotency key be
        what should the idempotency key look like
        how do I choose an idempotency key
        name and length of the idempotency header""",
    ),
    topic(
        """idempotency | different another other update changed body total reused same_key | !order
        idempotency_key_reused
        idempotency | retry same | body total json""",
        "It is refused with 422 `idempotency_key_reused`: a repetition must have the same method, address and body. Send a new "
        "key with a new request.",
        "retries#choosing-the-key errors#idempotency_key_reused",
        like="""same idempotency key with a different body
        what happens if I reuse the key for another request
        send it again with another body""",
    ),
    topic(
        """idempotency | simultaneous same_time two race parallel""",
        "Of two requests with the same `Idempotency-Key` at the same time, one takes effect, and both get the same response.",
        "retries#choosing-the-key",
        like="two requests with the same idempotency key at the same time",
    ),
    topic(
        """idempotency | error fail refused 422 invalid | again store reuse new
        refused | idempotency""",
        "A refused request stores nothing: after correcting it, send it again with the same `Idempotency-Key`.",
        "retries#choosing-the-key",
        like="""can I use the same idempotency key after an error
        the request was refused, do I need a new idempotency key""",
    ),
    topic(
        "idempotency | required must need optional | !get",
        "No, an `Idempotency-Key` is optional, but send one with each POST and PATCH: then a repeated request takes effect once.",
        "retries",
        like="is the idempotency key mandatory",
    ),
    topic(
        """idempotency | organization other share private scope unique per
        idempotency | get patch which method
        idempotency | get_method""",
        "An `Idempotency-Key` works on POST and PATCH, and is private to your organization; a GET needs none, since it changes "
        "nothing.",
        "retries#choosing-the-key",
        like="""is an idempotency key shared between organizations
        do I need an idempotency key for GET""",
    ),
    topic(
        """idempotent-replayed replayed
        replay replayed repetition earlier same | response header answer | !webhook event
        retry | same | response answer | !key""",
        "`Idempotent-Replayed: true` says that this is the stored response to an earlier request with the same "
        "`Idempotency-Key`: nothing was done a second time.",
        "retries#one-request-sent-twice",
        like="""what does Idempotent-Replayed mean
        how do I see that an answer is a repetition
        is a stored response marked""",
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
        like="""how do I avoid creating the same invoice twice
        the connection dropped, did my POST go through
        my workflow ran twice, are there two invoices now
        how to retry safely after a timeout""",
    ),
    topic(
        """retry | which what error status when should 500 503
        500 503 | retry
        what | retry""",
        "Retry after a timeout, 500 or 503 (with the same `Idempotency-Key`) and after 429 when `Retry-After` has passed; 409 "
        "`conflict` too. Any other 4xx needs a change of the request first.",
        "retries#what-to-retry",
        like="""which errors may I retry
        is it safe to retry a 500
        should I repeat a request after 503
        what can be retried""",
    ),
    topic(
        """ifmatch if-match etag version | how what use send work | !python sdk old past looked at_version list
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
        like="""two people change the same invoice at the same time, who wins
        what happens when two requests change one object together""",
    ),
    topic(
        "etag | what where meaning is\netag",
        'The `ETag` of an object is its `version`, in quotes, such as `"3"`. Send it as `If-Match` with a PATCH, and the change '
        "is made only if nobody has changed the object since.",
        _OVERWRITE,
        like="""what is an ETag
        where do I get the ETag""",
    ),
    topic(
        """together atomic several multiple all | update field change | one patch request | !bulk invoice_at
        partial | update fail""",
        "All changes of one PATCH happen together or not at all: if one field is refused, nothing changes.",
        "updateInvoice",
        like="""are several changes in one PATCH made together
        what if one field of my update is wrong, is the rest saved""",
    ),
    topic(
        """patch | same status value again twice nothing unchanged | happen what
        patch update | nothing | version event""",
        "Nothing happens: a PATCH that changes nothing, such as the same status again, answers 200, and makes no event and no new "
        "version.",
        "updateInvoice",
        like="""what happens if I set the same status again
        does a PATCH without a change make an event""",
    ),
    topic(
        """order | json members member | idempotency retry
        idempotency retry | order whitespace white members member
        compare | body | idempotency""",
        "The order of members and white space do not matter: two bodies are the same when they mean the same, and numbers are compared "
        'by value. `20` and `20.0` are one; `20` and `"20"` are two.',
        "retries#choosing-the-key",
        like="""are two bodies with another order of fields the same for the idempotency key
        how are bodies compared""",
    ),
    topic(
        "ifmatch if-match etag | asterisk star wildcard any",
        "Yes, `If-Match: *` matches any version: the change is made whatever others have changed since.",
        "retries#never-overwriting-somebody-elses-change",
        like="can I send an asterisk in If-Match",
    ),
    topic(
        "ifmatch if-match etag | quote quotes weak star 400 several w",
        'Send the `ETag` exactly as you got it, with its quotes, such as `"3"`: without quotes it is refused with 400. Several are '
        "separated by commas, `*` matches any version, and a weak one (`W/…`) never matches.",
        "retries#never-overwriting-somebody-elses-change",
        like="""does the ETag need quotes in If-Match
        weak ETag""",
    ),
    topic(
        """ifmatch if-match overwrite | how what avoid prevent stop use send sure
        etag version | how | send use prevent avoid
        sure | nobody update meanwhile | !tamper tampered history""",
        "Send the `ETag` that you read in the header `If-Match`: the change is made only if nobody has changed the object since, and "
        "otherwise refused with 412 `precondition_failed`.",
        f"{_OVERWRITE} errors#precondition_failed",
        like="""how do I avoid overwriting a colleague's edit
        how do I make sure that nobody changed it meanwhile
        how do I prevent a lost update
        how do I use If-Match""",
    ),
)
