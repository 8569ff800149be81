"""Topics about credits: how many requests a key may send, and what one costs."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT

LIMIT = f"{DEFAULT_CREDIT_LIMIT:,}".replace(",", "\u00a0")
DAYS = CREDIT_WINDOW.days
OWN_LIMIT = f"**{LIMIT} requests in any {DAYS} days**"
_OTHERS = (
    "!exhausted item page length idempotency metadata body url header decimal number leave day_of bulk product employee notes retry "
    "poll often free remaining window reset"
)
_SEND = "request credit api"

CREDIT_TOPICS = (
    topic(
        f"""limit many maximum often allow rate cost | request credit | !{_OTHERS[1:]} error minute day remaining
        rate limit | limit api !{_OTHERS[1:]}
        rate | limit | !tax invoice bill leave
        limit | api credit key | !{_OTHERS[1:]} create again expire invoice bill
        many | month week year | request credit
        limit | request | {_SEND}
        number | request | allow can
        often | request | can
        send | request | month can
        many | request | can month allow send
        many | request credit | free""",
        f"A key may send {OWN_LIMIT}, unless it has another limit. Each request costs one credit; the window is "
        "rolling, so no limit holds for a second, a day or a calendar month. `GET /usage` says what is left, and is free.",
        "credits getUsage",
        like="""how many requests can I send per month
        what is the rate limit of the API
        how many calls may a key make in 30 days""",
    ),
    topic(
        """limit rate many maximum | request credit api call limit rate | minute day hour | !free poll leave cost fully reset date idempotency store used which
        throttle | request limit api""",
        f"No, there is no limit for a second, a minute, an hour or a day: a key may send {OWN_LIMIT}, as fast as you like, "
        "unless an owner or admin has set another limit, or a burst for any second. The window is rolling.",
        "credits getUsage credits#a-burst",
        like="""is there a limit per second or per minute
        how many requests a day""",
    ),
    topic(
        """error 404 422 409 400 403 401 | cost credit payment charge | request credit cost error | !free limit 429 reset
        error refused invalid | credit
        422 404 409 400 403 | credit cost payment""",
        "Yes, it costs one credit: every request with a valid key costs 1, also when it fails, for example with 404 or 422. "
        "Only these cost nothing: `GET /me`, `GET /organization`, `GET /usage`, `GET /requests`, and requests refused with 401 or 429.",
        "credits#what-costs-a-credit",
        like="""does a failed request cost a credit
        do I pay a credit for an error""",
    ),
    topic(
        """free | request credit url cost api call which | !month year many exhausted out enough plan price zapier field
        not | cost | credit request | !error 422 404 409 key check test invoice
        which what | request url | not | cost credit
        which what | cost | credit""",
        "`GET /me`, `GET /organization`, `GET /usage` and `GET /requests` are free, and so is a request that is refused with 429 or 401. Every other request with "
        "a key costs one credit, also when it fails.",
        "credits#what-costs-a-credit",
        like="""which requests are free
        what costs no credit""",
    ),
    topic(
        "cost charge spend count | credit request | does each every one it that request | !free 422 404 409 400 403 304 429 not head",
        "Yes, each request with a key costs one credit, also when it fails; only `GET /me`, `GET /organization`, `GET /usage` and `GET /requests` are free.",
        "credits#what-costs-a-credit",
        like="""does each request cost a credit
        does creating cost more credits than reading
        what does a request cost""",
    ),
    topic(
        "get | usage me | free cost credit",
        "`GET /me`, `GET /organization`, `GET /usage` and `GET /requests` cost no credit.",
        "credits#what-costs-a-credit",
        like="are /me and /usage free",
    ),
    topic(
        """429 rate_limited | cost credit
        429 | credit | count""",
        "No, a request that is refused with 429 costs no credit, however often you repeat it.",
        "credits#what-costs-a-credit",
        like="does a 429 cost a credit",
    ),
    topic(
        """limit many maximum number | invoice bill leave | create write store keep year | !list count length total notes character request one page item line metadata day together number simultaneous webhook key
        many | invoice bill leave | before until | pay cost limit""",
        f"No, the number of invoices, bills and leaves is not limited: only requests are, {OWN_LIMIT} for a key unless it has "
        "another limit. Drafting, sending and a payment are one request each.",
        "credits",
        like="""is there a limit on the number of invoices
        how many invoices may I write""",
    ),
    topic(
        "zapier make.com n8n google excel | credit | cost run step how_many each per",
        "Each request that a step sends costs one credit, whichever product sends it: a Zap with two requests costs two. Deliveries of webhooks "
        "cost none.",
        "credits#what-costs-a-credit",
        like="""does a run of a Zap cost a credit
        how many credits does a scenario of Make cost""",
    ),
    topic(
        """304 ifnonematch none_match cached | credit cost
        head options | credit cost""",
        "Yes, a 304 costs one credit like any other answer: `If-None-Match` saves bytes, not credits. HEAD costs as GET "
        "does; OPTIONS costs nothing and needs no key.",
        "credits#spending-fewer",
        like="""does a 304 cost a credit
        does a HEAD request cost a credit""",
    ),
    topic(
        """increase higher raise more extend upgrade bump maximum | limit credit request 1000 | !minute day hour many send item page
        increase higher raise more | credit limit
        more | limit credit 1000 request | need want how give
        limit | change update increase | credit request 1000 key
        limit | 1000 | maximum more how""",
        "An owner or admin of your organization raises the key's limit, at `/login` under Settings → Developer: **Edit** on the "
        f"page of the key. It counts from the next request on; by default it is {LIMIT}. The administrator of the service can do "
        "the same with `smartdhandha key update key_… --limit 5000`.",
        "credits#when-it-is-used-up authentication#making-rotating-and-revoking-keys",
        like="""how do I get more credits
        can the limit of a key be raised""",
    ),
    topic(
        """credit limit | organization company key each per | share shared separate same per each all | !create scope
        limit credit | per | key organization user""",
        "The limit is per key: each key of an organization has credits of its own. A rotated key keeps its id and its used "
        "credits.",
        "credits authentication#making-rotating-and-revoking-keys",
        like="""is the limit per key or per organization
        do two keys share credits""",
    ),
    topic(
        """price cost plan subscription money fee | much how what your service product month | !unit item invoice bill zapier credit gold key netflix excel
        price
        how what | much | cost | api service your you smartdhandha this it plan product use | !credit request""",
        "The documentation **names no prices**; what the API counts is credits. One request costs one credit, and a key has "
        f"{LIMIT} in any {DAYS} days unless it has another limit.",
        "credits#what-costs-a-credit credits",
        like="""what does the API cost
        is there a plan or a price""",
    ),
    topic(
        """save fewer reduce less | credit request
        spend | less fewer""",
        "Poll `GET /events` once instead of each list, ask for 100 entries a page (`limit=100`), and send `updatedSince` to "
        "get only what changed. `GET /me`, `GET /organization`, `GET /usage` and `GET /requests` are free.",
        "credits#spending-fewer",
        like="""how do I save credits
        how can I use fewer requests""",
    ),
)
