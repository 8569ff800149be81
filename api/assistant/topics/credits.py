"""Topics about credits: how many requests a key may send, what costs one, and what happens when they are used up."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.window import CREDIT_WINDOW

LIMIT = f"{DEFAULT_CREDIT_LIMIT:,}".replace(",", "\u00a0")
DAYS = CREDIT_WINDOW.days
_MINUTES = DAYS * 24 * 60
_HOURLY, _QUARTER = DAYS * 24, _MINUTES // 15
_LEAST_MINUTES = f"{_MINUTES / DEFAULT_CREDIT_LIMIT:.1f}"
OWN_LIMIT = f"**{LIMIT} requests in any {DAYS} days**"
_OTHERS = (
    "!item page length idempotency metadata body url header decimal number leave day_of bulk product employee notes retry "
    "poll often free remaining window reset"
)
_SEND = "request credit api"

CREDIT_TOPICS = (
    topic(
        f"""limit many maximum often allow rate cost | request credit | !{_OTHERS[1:]} error minute day remaining
        rate limit | limit api !{_OTHERS[1:]}
        rate | limit | !tax invoice bill leave
        limit | api credit key | !{_OTHERS[1:]} create expire invoice bill
        many | month week year | request credit
        limit | request | {_SEND}
        number | request | allow can
        often | request | can
        send | request | month can
        many | request | can month allow send""",
        f"A key may send {OWN_LIMIT}, unless it was made with another limit. Each request costs one credit; the window is "
        "rolling, so no limit holds for a second, a day or a calendar month. `GET /usage` says what is left, and is free.",
        "credits getUsage",
    ),
    topic(
        """request limit credit rate many | minute day hour | !free poll leave cost fully reset date idempotency store
        burst throttle | request limit api""",
        f"No, there is no limit for a second, a minute, an hour or a day: a key may send {OWN_LIMIT}, as fast as you like, "
        "unless it was made with another limit. The window is rolling.",
        "credits getUsage",
    ),
    topic(
        """error 404 422 409 400 403 401 | cost credit payment charge | request credit cost error | !free limit 429 reset
        error refused invalid | credit
        422 404 409 400 403 | credit cost payment""",
        "Yes, it costs one credit: every request with a valid key costs 1, also when it fails, for example with 404 or 422. "
        "Only these cost nothing: `GET /me`, `GET /usage`, and requests refused with 401 or 429.",
        "credits#what-costs-a-credit",
    ),
    topic(
        """free | request credit url cost api call which | !plan price zapier field
        not | cost | credit request | !error 422 404 409 key check test invoice
        which what | request url | not | cost credit
        which what | cost | credit""",
        "`GET /me` and `GET /usage` are free, and so is a request that is refused with 429 or 401. Every other request with "
        "a key costs one credit, also when it fails.",
        "credits#what-costs-a-credit",
    ),
    topic(
        "cost charge spend | credit | does each every one it that request | !free 422 404 409 400 403 304 429 not head",
        "Yes, each request with a key costs one credit, also when it fails; only `GET /me` and `GET /usage` are free.",
        "credits#what-costs-a-credit",
    ),
    topic(
        "get | usage me | free cost credit", "`GET /me` and `GET /usage` cost no credit.", "credits#what-costs-a-credit"
    ),
    topic(
        """429 rate_limited | cost credit
        429 | credit | count""",
        "No, a request that is refused with 429 costs no credit, however often you repeat it.",
        "credits#what-costs-a-credit",
    ),
    topic(
        """304 ifnonematch none_match cached | credit cost
        head options | credit cost""",
        "Yes, a 304 costs one credit like any other answer: `If-None-Match` saves bytes, not credits. HEAD costs as GET "
        "does; OPTIONS costs nothing and needs no key.",
        "credits#spending-fewer",
    ),
    topic(
        """credit request limit | remaining used balance | !leave zero invoice payment header rotate
        credit | see check know many | remaining balance used
        usage
        how | see check know find | credit limit | !create increase header often test key
        many | remaining | credit request""",
        "`GET /usage` says how many credits are left (`remaining`) and used, and when the next one returns; it is free. "
        "`GET /me` and the header `RateLimit` of every answer say it too.",
        "getUsage credits#where-you-stand",
        "getUsage",
    ),
    topic(
        """reset window rolling | credit month limit request when calendar quota | !header ratelimit password key
        when | credit | reset back return refresh renew reverse
        calendar | month window | !leave
        window | day | roll rolling calendar
        first | month date day | credit reset
        unused | credit
        credit | expire carry next month | !key
        reset""",
        f"No, nothing resets on a day: the window is rolling, and each credit returns exactly {DAYS} × 24 hours after it "
        f"was used. There is no calendar month, and unused credits do not add up. `resetAt` in `GET /usage` says when the "
        "next one returns, `fullyResetAt` when all of them have.",
        "credits getUsage",
    ),
    topic(
        """resetat fullyresetat | compare meaning what
        resetat | fullyresetat""",
        "`resetAt` is the time at which the next credit returns, so that the next request is admitted; `fullyResetAt` is the "
        "time at which all credits that are used now have returned.",
        "credits#where-you-stand",
    ),
    topic(
        """increase higher raise more extend upgrade bump maximum | limit credit request 1000 | !many send item page
        increase higher raise more | credit limit
        more | limit credit 1000 request | need want how give
        limit | change update increase | credit request 1000 key
        limit | 1000 | maximum more how""",
        f"An owner or admin of your organization makes another key with a higher limit, at `/login` under Settings → Developer: the limit of a key is set **when it is made**, and is {LIMIT} by default.",
        "credits#when-it-is-used-up authentication#making-rotating-and-revoking-keys",
    ),
    topic(
        """credit request limit quota | exhausted run out used over exceed finish end | !remaining many much see
        what happen | limit credit request 1001 exceed
        happen | 429 rate_limited | !cost
        run | out | request credit
        exceed cross over | limit credit
        1001 1001st""",
        "The request is refused with 429 `rate_limited`: its header `Retry-After` says in whole seconds when to try again, "
        "and `resetAt` in the error is the same as a time. A refused request costs nothing. When it takes too long, make a key with "
        "a higher limit.",
        "credits#when-it-is-used-up errors#rate_limited",
    ),
    topic(
        """retry-after retryafter
        429 rate_limited | wait long when retry handle what how do | !cost
        wait | 429 limit""",
        "Wait as many whole seconds as the header `Retry-After` says, then send the request again: it is admitted. "
        "`resetAt` in the error is the same moment as a time. Trying earlier costs nothing, but is refused again.",
        "credits#when-it-is-used-up errors#rate_limited",
    ),
    topic(
        """poll | often minute hour many interval | !code webhook
        often | poll see check sync | !request
        every | minute hour day | poll check call request sync see | !code
        poll | limit credit many
        sync poll | every often minute hour | !code""",
        f"Poll once an hour: that is {_HOURLY} of the {LIMIT} credits in {DAYS} days. Every {_LEAST_MINUTES} minutes is the "
        f"most that {LIMIT} credits allow, with none left for other requests; every 15 minutes needs {_QUARTER}. Poll "
        "`GET /events` once instead of three lists.",
        "credits#the-arithmetic-of-polling events#polling-the-log",
    ),
    topic(
        """header | ratelimit limit credit remaining rate x-ratelimit-remaining | !authorization key
        x-ratelimit-limit
        x-ratelimit-remaining
        x-ratelimit-reset
        ratelimit-policy
        ratelimit""",
        "The header `RateLimit` shows what is left: `r` is the number of remaining credits, and `t` the seconds until the "
        f"oldest one returns. `RateLimit-Policy` shows the limit (`q`) and the window (`w`, {DAYS} days in seconds). Older "
        "clients read `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset` (seconds).",
        "credits#where-you-stand",
    ),
    topic(
        """credit limit | organization company key each per | share shared separate same per each all | !create scope
        limit credit | per | key organization user""",
        "The limit is per key: each key of an organization has credits of its own. A rotated key keeps its id and its used "
        "credits.",
        "credits authentication#making-rotating-and-revoking-keys",
    ),
    topic(
        """price cost plan subscription money fee | much how what your service product month | !unit item invoice bill zapier credit gold key netflix excel
        price
        how | much | cost | !credit request""",
        "The documentation **names no prices**; what the API counts is credits. One request costs one credit, and a key has "
        f"{LIMIT} in any {DAYS} days unless it was made with another limit.",
        "credits#what-costs-a-credit credits",
    ),
    topic(
        """save fewer reduce less | credit request
        spend | less fewer""",
        "Poll `GET /events` once instead of each list, ask for 100 entries a page (`limit=100`), and send `updatedSince` to "
        "get only what changed. `GET /me` and `GET /usage` are free.",
        "credits#spending-fewer",
    ),
)
