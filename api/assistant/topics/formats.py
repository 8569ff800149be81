"""Topics about the shape of requests and answers: dates, times, amounts, sizes, headers, empty values."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from api.http.body import MAX_BODY_BYTES
from api.http.errors import MAX_HEADER_BYTES, MAX_URL_BYTES
from commands.fields import FIRST_DAY, LAST_DAY
from domain.calendar import DEFAULT_TIME_ZONE
from domain.money import DEFAULT_CURRENCY, FACTOR_LIMIT, MINOR_UNITS, TOTAL_LIMIT

_MIB, _URL, _HEADERS = MAX_BODY_BYTES // 1024**2, MAX_URL_BYTES // 1024, MAX_HEADER_BYTES // 1024
_PLACES = ", ".join(f"{code} {MINOR_UNITS[code]}" for code in ("INR", "USD", "JPY", "KWD"))

FORMAT_TOPICS = (
    topic(
        """date day | format how send write pass look style accept ok | !expire due_on poll half
        dd/mm/yyyy dd-mm-yyyy yyyy-mm-dd
        date | 31 12 mm dd
        format | date""",
        f"Send dates as `YYYY-MM-DD`, such as `2026-12-31`; another form, such as 31/12/2026, is refused with 422. Dates in a "
        f"body lie between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}; times are RFC 3339 in UTC.",
        "quickstart errors#validation_failed",
    ),
    topic(
        """timezone | !price
        utc ist gmt offset
        time | format zone return come timestamp
        midnight | when time
        what which | time | api invoice your use
        timestamp""",
        f'Times are in UTC, as RFC 3339 with microseconds and `Z` (`2026-01-10T04:30:00.000000Z`). "Today" is the day of the '
        f"organization, in {DEFAULT_TIME_ZONE} unless it is set otherwise; dates such as `dueDate` have no time.",
        "events#as-it-was quickstart",
    ),
    topic(
        """today | mean meaning which what | !invoice bill leave gold weather is_on
        today | timezone
        when | overdue | midnight timezone time""",
        f'"Today" is the organization\'s day, in the time zone {DEFAULT_TIME_ZONE} unless it is set otherwise: it begins at '
        "midnight there. Timestamps are in UTC.",
        "events quickstart",
    ),
    topic(
        """total number decimal payment | string quoted text | why number instead
        why | string
        total number decimal | string
        float floating precision | total number decimal
        exact | total number decimal""",
        "Amounts are decimal strings so that they stay exact: a binary float would round them. You may send them as a string "
        '(`"82600.00"`) or as a JSON number; both are read exactly.',
        "errors#validation_failed quickstart",
    ),
    topic(
        """total unitprice quantity number | send pass write | string number quoted
        string number | send | can must should total quantity
        comma commas lakh | total number send""",
        'Both are accepted: a JSON number (`3500.5`) or a decimal string (`"3500.50"`), exactly and without commas. Answers '
        "always have strings.",
        "quickstart",
    ),
    topic(
        """json body request payload | maximum length limit large | !items metadata
        maximum | body
        payload | size length
        1mb 5mb 10mb mb mib | request body send""",
        f"A body may be at most {_MIB} MiB ({MAX_BODY_BYTES} bytes); a larger one is refused with 413 `payload_too_large`. A "
        f"URL may have {_URL} KiB, all headers together {_HEADERS} KiB.",
        "errors#payload_too_large",
    ),
    topic(
        """url | length long maximum limit large | !page cursor
        query | length maximum""",
        f"A URL may be at most {_URL} KiB ({MAX_URL_BYTES} bytes): a longer one is refused with 414 `uri_too_long`.",
        "errors#uri_too_long",
    ),
    topic(
        """header | length maximum large limit size | !credit ratelimit remaining""",
        f"All headers together may be at most {_HEADERS} KiB, and at most 100: more is refused with 431 "
        "`headers_too_large`.",
        "errors#headers_too_large",
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
    ),
    topic(
        """response answer | shape look structure format envelope | !error
        envelope
        success | data true meaning what
        response | format""",
        'Each answer is `{"success": true, "data": …}`; a list adds `pagination`. A failure is `{"success": false, '
        '"error": {"code", "message", "status", "details", "requestId", "docUrl"}}`: decide by `error.code`.',
        "errors quickstart",
    ),
    topic(
        """error | look shape structure format response body message | what how which all | !code 4
        error | format
        details | error meaning what""",
        'Every error has the same shape: `{"success": false, "error": {"code", "message", "status", "details", '
        '"requestId", "docUrl"}}`. Decide by `error.code`, which never changes; `details` names every wrong field at once.',
        "errors",
    ),
    topic(
        """requestid x-request-id request-id
        request | id | what support send where own
        support help contact | how where problem | !webhook currency
        trace | request""",
        "Each answer has an id in the header `X-Request-Id` (in errors also `requestId`): send it when you ask the "
        "administrator of the service for help. You may send your own: 1 to 128 of `A-Za-z0-9._-`.",
        "errors",
    ),
    topic(
        """null | patch update field absent send clear mean meaning omit versus post
        clear empty | field notes | how
        null""",
        "In a PATCH, `null` **clears** a field that can be empty, sets a field with a default to that default, and is "
        "refused for a field that must have a value. A field that is left out stays as it is. In a POST, `null` is as if the "
        "field were left out.",
        "errors#validation_failed updateInvoice updateBill updateLeave",
    ),
    topic(
        """blank empty | string field value | send mean allow null
        empty | string""",
        'An empty text (`""`) means `null`, so a form may send its empty fields; only `notes`, `reason` and values of '
        "metadata can hold an empty text.",
        "errors#validation_failed",
    ),
    topic(
        """unknown extra misspelt misspelled ignore ignored wrong | field parameter filter | !why code error
        ignore | field parameter
        extra | field""",
        "No, nothing is ignored: a field that does not exist is refused with 422 `unknown_field`, a query parameter with 400 "
        "`unknown_parameter`.",
        "errors#unknown_field errors#unknown_parameter",
    ),
    topic(
        """camelcase snake_case snake
        name | field | case style""",
        "Names are in `camelCase`, such as `dueDate`; a name in another spelling is refused with 422 `unknown_field`.",
        "errors#unknown_field",
    ),
    topic(
        """put | patch | compare instead support method
        put | method support allow | http
        which what | method http verb | support allow
        update | put patch""",
        "Change an object with PATCH and only the fields that change; there is no PUT and no DELETE. They are refused with 405 "
        "`method_not_allowed`.",
        "errors#method_not_allowed",
    ),
    topic(
        """currency | which what support all many list other foreign default | !decimal
        currency | invoice bill can
        multi-currency multicurrency""",
        f"Every currency of ISO 4217 is supported ({len(MINOR_UNITS)} codes): send `currency`, such as `USD`. The default is "
        f"{DEFAULT_CURRENCY}; amounts are rounded to the minor unit of the currency.",
        "createInvoice",
    ),
    topic(
        """decimal | yen jpy kwd dinar currency usd dollar inr rupees
        yen jpy | decimal places many number
        kwd dinar bhd | decimal
        minor | unit
        paise paisa""",
        f"Amounts have as many decimals as the currency's minor unit: {_PLACES}. So JPY has 0, no decimal at all, and yen are "
        "whole.",
        "createInvoice",
    ),
    topic(
        "two several multiple mixed mix different | currency | one single invoice bill same",
        "No, a document has one `currency` for all its lines and payments: draft one invoice for each currency.",
        "createInvoice",
    ),
    topic(
        """exchange conversion convert fx | currency rate dollar usd
        convert | currency""",
        "No, nothing is converted: an invoice has one `currency`, and its amounts and payments are in it. There are no "
        "exchange rates.",
        "createInvoice",
    ),
    topic(
        """maximum large limit | total unitprice | !page payment_of credit invoice_number
        maximum | invoice bill | total value
        highest | total""",
        f"The total of a document must be below 10^{TOTAL_LIMIT.adjusted()}, and each quantity and unit price below "
        f"10^{FACTOR_LIMIT.adjusted()}.",
        "createInvoice",
    ),
    topic(
        """order | check refused validation error first | !sort
        401 | 404 | first before""",
        "A request is checked in this order: address (404) and method (405), key (401), credit (429), scope (403), body (415, "
        "413, 400), query (400), the object (404), fields (422), `If-Match` (412), rules (409).",
        "errors",
    ),
    topic(
        """unicode hindi emoji devanagari tamil language | support text name field can store character
        emoji""",
        "Yes, all texts are Unicode in UTF-8, so Hindi, Tamil or an emoji may stand in names, notes and descriptions; they "
        "are stored as sent.",
        "errors#validation_failed",
    ),
    topic(
        """base baseurl base_url host server domain | url what which | !webhook
        what which where | url | api | !poll create client customer free request
        which what | version | api | !old object""",
        "All addresses begin with `/api/v1` on the host of this service, for example `/api/v1/invoices`. The version is in "
        "the path; from 1.0 on, answers change only by addition.",
        "quickstart getOpenApi",
    ),
    topic(
        """https http tls ssl | need must require support | !method code error status
        ssl""",
        "Use HTTPS: a key that travels over plain HTTP can be read on the way. The operator of the service sets the "
        "certificate up.",
        "authentication#keeping-a-key-secret",
    ),
    topic(
        """cache caching no-store
        if-none-match ifnonematch
        unchanged | 304 update know object""",
        "Answers carry `Cache-Control: no-store`. To ask whether an object has changed, send its `ETag` in `If-None-Match`: "
        "304 means that it has not. It costs one credit.",
        "credits#spending-fewer",
    ),
    topic(
        "trailing slash",
        "One slash at the end of an address makes no difference.",
        "errors#not_found",
    ),
)
