"""Topics about requests and answers as HTTP: sizes, headers, their shape, empty values, addresses."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from api.http.body import MAX_BODY_BYTES
from api.http.errors import MAX_HEADER_BYTES, MAX_URL_BYTES
from domain.accounts.window import REQUESTS_KEPT

_MIB, _URL, _HEADERS = MAX_BODY_BYTES // 1024**2, MAX_URL_BYTES // 1024, MAX_HEADER_BYTES // 1024
_DAYS = REQUESTS_KEPT.days

EXCHANGE_TOPICS = (
    topic(
        """json body request payload | maximum length limit large | !items metadata
        maximum | body
        payload | size length
        1mb 5mb 10mb mb mib | request body send""",
        f"A body may be at most {_MIB} MiB ({MAX_BODY_BYTES} bytes); a larger one is refused with 413 `payload_too_large`. A "
        f"URL may have {_URL} KiB, all headers together {_HEADERS} KiB.",
        "errors#payload_too_large",
        like="""how big may the body of a request be
        maximum size of the payload""",
    ),
    topic(
        """url | length long maximum limit large | !page cursor
        query | length maximum""",
        f"A URL may be at most {_URL} KiB ({MAX_URL_BYTES} bytes): a longer one is refused with 414 `uri_too_long`.",
        "errors#uri_too_long",
        like="how long may a URL be",
    ),
    topic(
        """header | length maximum large limit size | !credit ratelimit remaining""",
        f"All headers together may be at most {_HEADERS} KiB, and at most 100: more is refused with 431 "
        "`headers_too_large`.",
        "errors#headers_too_large",
        like="how large may headers be",
    ),
    topic(
        """content-type contenttype
        content | type
        form | send post urlencoded
        gzip compress compressed
        html | request send support return
        graphql
        charset encoding utf""",
        "Bodies are JSON in UTF-8 with the header `Content-Type: application/json`, without compression; there is no XML, no "
        "form and no GraphQL. Anything else is 415 `unsupported_media_type`.",
        "errors#unsupported_media_type",
        like="""which content type does a POST need
        can I send form data or XML
        do you support GraphQL""",
    ),
    topic(
        """response answer | shape look structure format envelope | !error
        envelope
        success | data true meaning what
        response | format""",
        'Each answer is `{"success": true, "data": …}`; a list adds `pagination`. A failure is `{"success": false, '
        '"error": {"code", "message", "status", "details", "requestId", "docUrl"}}`: decide by `error.code`.',
        "errors quickstart",
        like="""what does a successful response look like
        structure of a response
        what is data and success in the answer""",
    ),
    topic(
        """error | look shape structure format response body message | what how which all | !code 4
        error | format
        all list which where | error | code exist table
        details | error meaning what""",
        'Every error has the same shape: `{"success": false, "error": {"code", "message", "status", "details", '
        '"requestId", "docUrl"}}`. Decide by `error.code`, which never changes; `details` names every wrong field at once.',
        "errors",
        like="""what does an error look like
        where is the list of all error codes
        where in the error is the wrong field named
        shape of error responses""",
    ),
    topic(
        "x-request-id request-id requestid | set send own custom myself choose can my",
        "Yes, you may send your own `X-Request-Id`, 1 to 128 of `A-Za-z0-9._-`: it is then in the answer, in events and in the logs. Any "
        "other value is replaced.",
        "errors",
        like="""can I set X-Request-Id myself
        send my own request id""",
    ),
    topic(
        """requestid x-request-id request-id
        request | id | what support send where own
        support help contact | how where problem | !webhook currency
        trace | request""",
        "Each answer has an id in the header `X-Request-Id` (in errors also `requestId`). `GET /requests?requestId=…` says how that "
        f"request ended, for {_DAYS} days and free of credits; send the id when you ask the administrator of the service for help. You may "
        "send your own: 1 to 128 of `A-Za-z0-9._-`.",
        "requests listRequests errors",
        "listRequests",
        like="""where do I find the request id
        which id should I send to support
        how do I get help with a failed request""",
    ),
    topic(
        """request requests | log history list past failed refused | sent my own see where show find look | !webhook event
        look find | requestid request-id
        requestid request-id | know wrong cause why fail error
        what where | key | did done used sent | see know find log
        requestid | find look up cause""",
        f"`GET /requests` lists what your key has sent in the past {_DAYS} days, the newest first: when, method, route, `status`, `errorCode`, "
        "`requestId` and how long it took. `requestId=req_…` finds one request, `status=4xx` those that were refused. It needs no scope and "
        "costs no credit; people find them in Settings → Developer → Requests. Paths with their values, queries and bodies are not kept.",
        "requests listRequests",
        "listRequests",
        like="""look up a request by its id
        where do I see what a key did last week
        a request failed and I have only its request id
        where can I see my failed requests
        is there a log of my requests
        which of my requests were refused""",
    ),
    topic(
        """null | patch update field absent send clear mean meaning omit versus post
        clear empty | field notes | how
        null""",
        "In a PATCH, `null` **clears** a field that can be empty, sets a field with a default to that default, and is "
        "refused for a field that must have a value. A field that is left out stays as it is. In a POST, `null` is as if the "
        "field were left out.",
        "errors#validation_failed updateInvoice updateBill updateLeave",
        like="""what does null do in a PATCH
        how do I clear a field""",
    ),
    topic(
        """blank empty | string field value | send mean allow null
        empty | string""",
        'An empty text (`""`) means `null`, so a form may send its empty fields; only `notes`, `reason` and values of '
        "metadata can hold an empty text.",
        "errors#validation_failed",
        like="what happens with an empty string",
    ),
    topic(
        """field parameter | not see know unknown | json | response happen what
        unknown extra misspelt misspelled ignore ignored wrong | field parameter filter | !why code error
        ignore | field parameter
        extra | field""",
        "No, nothing is ignored: a field that does not exist is refused with 422 `unknown_field`, a query parameter with 400 "
        "`unknown_parameter`.",
        "errors#unknown_field errors#unknown_parameter",
        like="""are unknown fields ignored
        what if I misspell a parameter""",
    ),
    topic(
        """camelcase snake_case snake
        name | field | case style""",
        "Names are in `camelCase`, such as `dueDate`; a name in another spelling is refused with 422 `unknown_field`.",
        "errors#unknown_field",
        like="camelCase or snake_case",
    ),
    topic(
        """put | patch | compare instead support method
        put | method support allow | http
        which what | method http verb | support allow
        update | put patch""",
        "Change an object with PATCH and only the fields that change; there is no PUT and no DELETE. They are refused with 405 "
        "`method_not_allowed`.",
        "errors#method_not_allowed",
        like="""should I use PUT or PATCH
        is DELETE supported
        which HTTP methods exist""",
    ),
    topic(
        """order | check refused validation error first | !sort
        401 | 404 | first before""",
        "A request is checked in this order: address (404) and method (405), key (401), credit (429), scope (403), body (415, "
        "413, 400), query (400), the object (404), fields (422), `If-Match` (412), rules (409).",
        "errors",
        like="""in which order is a request checked
        what is checked first, the key or the body""",
    ),
    topic(
        """unicode hindi emoji devanagari tamil language | support text name field can store character
        emoji""",
        "Yes, all texts are Unicode in UTF-8, so Hindi, Tamil or an emoji may stand in names, notes and descriptions; they "
        "are stored as sent.",
        "errors#validation_failed",
        like="""can names be in Hindi
        do you support emoji and unicode""",
    ),
    topic(
        """base baseurl base_url host server domain | url what which | !webhook
        what which where | url | api | !poll create client customer free request server need
        which what | version | api | !old object""",
        "All addresses begin with `/api/v1` on the host of this service, for example `/api/v1/invoices`. The version is in "
        "the path; from 1.0 on, answers change only by addition.",
        "quickstart getOpenApi",
        like="""what is the base URL
        to which address do I send requests
        which version of the API is it""",
    ),
    topic(
        """https http tls ssl | need must require support | !method code error status
        ssl""",
        "Use HTTPS: a key that travels over plain HTTP can be read on the way. The operator of the service sets the "
        "certificate up.",
        "authentication#keeping-a-key-secret",
        like="must I use HTTPS",
    ),
    topic(
        """http/2 http2 http/3 http3 quic
        http | version | 2 3 1.1 which support
        keep-alive keepalive | connection
        http | 2 3 1.1""",
        "The service speaks HTTP/1.1, and connections stay open between requests. HTTP/2 and TLS come from the proxy in front of it, if its "
        "operator has one.",
        "errors quickstart",
        like="""do you support HTTP/2
        which version of HTTP does the API speak
        can I keep a connection open""",
    ),
    topic(
        """cache caching no-store
        if-none-match ifnonematch
        unchanged | 304 update know object
        304""",
        "`If-None-Match` with the `ETag` that you have asks whether an object has changed: 304 means that it has not. It costs one credit. Answers "
        "carry `Cache-Control: no-store`, so that no proxy keeps them.",
        "credits#spending-fewer",
        like="""can I use If-None-Match
        what does 304 mean
        can answers be cached""",
    ),
    topic(
        "trailing slash",
        "One slash at the end of an address makes no difference.",
        "errors#not_found",
        like="does a trailing slash matter",
    ),
    topic(
        """201 location
        status code | create success successful return
        success | code status
        error code status | create | get return which what | invoice bill leave payment success
        create post | return answer response | what status code""",
        "A POST that creates answers 201 with the whole object, its address in the header `Location` and its `ETag`; a PATCH and a GET "
        "answer 200.",
        "createInvoice",
        like="""which status code does a successful POST return
        what do I get back after creating an invoice
        is the created object in the response""",
    ),
    topic(
        "status code error | negative wrong invalid missing bad letters | value field quantity number date send | what which | !header url",
        "422 `validation_failed`: `details` names each wrong field of the body at once. A wrong query parameter is 400 instead.",
        "errors#validation_failed errors#invalid_parameter",
        like="""which status do I get for a wrong value
        what happens when I send an invalid field
        HTTP status for a missing field""",
    ),
)
