"""Topics about the rolling window: what is left, when it returns, what happens when it is used up, how often to poll."""

from __future__ import annotations

from api.assistant.topics.access.credits import DAYS, LIMIT
from api.assistant.topics.topic import topic
from domain.api_key import DEFAULT_CREDIT_LIMIT

_MINUTES = DAYS * 24 * 60
HOURLY, _QUARTER = DAYS * 24, _MINUTES // 15
_LEAST_MINUTES = f"{_MINUTES / DEFAULT_CREDIT_LIMIT:.1f}"

WINDOW_TOPICS = (
    topic(
        """credit request limit | remaining used balance | !leave zero invoice payment header rotate
        credit | see check know many | remaining balance used
        usage
        many | used cost exhausted | already far yet so_far | !invoice bill leave
        how | see check know find | credit limit | !create increase header often test key
        many | remaining | credit request""",
        "`GET /usage` says how many credits are left (`remaining`) and used, and when the next one returns; it is free. "
        "`GET /me` and the header `RateLimit` of every answer say it too.",
        "getUsage credits#where-you-stand",
        "getUsage",
        like="""how many credits are left
        where do I see my usage
        how many requests remain for my key
        how much of the 1000 have I used already
        credits left""",
    ),
    topic(
        """reset window rolling | credit month limit request when calendar quota | !header ratelimit password key
        when | credit | reset back return refresh renew reverse
        calendar | month window | !leave
        window | day | roll rolling calendar
        first | month date day | credit reset
        window | start begin
        unused | credit request
        carry | credit request month limit
        credit | expire carry next month | !key
        reset""",
        f"No, nothing resets on a day: the window is rolling, and each credit returns exactly {DAYS} × 24 hours after it "
        f"was used. There is no calendar month, and unused credits do not add up. `resetAt` in `GET /usage` says when the "
        "next one returns, `fullyResetAt` when all of them have.",
        "credits getUsage",
        like="""when do my credits reset
        is the window a calendar month
        do unused credits carry over
        do the requests come back at the start of the month""",
    ),
    topic(
        """resetat fullyresetat | compare meaning what
        resetat | fullyresetat""",
        "`resetAt` is the time at which the next credit returns, so that the next request is admitted; `fullyResetAt` is the "
        "time at which all credits that are used now have returned.",
        "credits#where-you-stand",
        like="what are resetAt and fullyResetAt",
    ),
    topic(
        """credit request limit quota free | exhausted run out used over exceed finish end gone | !enough remaining many much see
        what happen | limit credit request 1001 exceed
        happen | 429 rate_limited | !cost
        run | out | request credit
        exceed cross over | limit credit
        1001 1001st""",
        "The request is refused with 429 `rate_limited`: its header `Retry-After` says in whole seconds when to try again, "
        "and `resetAt` in the error is the same as a time. A refused request costs nothing. When it takes too long, let an owner or "
        "admin raise the key's limit, under Settings → Developer.",
        "credits#when-it-is-used-up errors#rate_limited",
        like="""what happens when my credits run out
        what happens after the 1000th request
        what happens when my free requests are finished""",
    ),
    topic(
        """retry-after retryafter
        429 rate_limited | wait long when retry handle what how do | !cost
        wait | 429 limit""",
        "Wait as many whole seconds as the header `Retry-After` says, then send the request again: it is admitted. "
        "`resetAt` in the error is the same moment as a time. Trying earlier costs nothing, but is refused again.",
        "credits#when-it-is-used-up errors#rate_limited",
        like="""how long do I wait after a 429
        when does a limited key work again
        when can I send requests again
        I get error 429, what should I do
        what is Retry-After""",
    ),
    topic(
        """poll | often minute hour many interval | !code webhook
        often | poll see check sync | !request
        every | minute hour day | poll check call request sync see | !code
        poll | limit credit many
        sync poll | every often minute hour | !code""",
        f"Poll once an hour: that is {HOURLY} of the {LIMIT} credits in {DAYS} days. Every {_LEAST_MINUTES} minutes is the "
        f"most that {LIMIT} credits allow, with none left for other requests; every 15 minutes needs {_QUARTER}. Poll "
        "`GET /events` once instead of three lists.",
        "credits#the-arithmetic-of-polling events#polling-the-log",
        like="""how often can I poll
        how often should I check for changes""",
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
        like="""which headers show the rate limit
        what does the header RateLimit mean""",
    ),
    topic(
        """usage credit | hour day granularity bucket chart graph statistics
        granularity
        usage | per each | day hour
        credit | used | day hour per each | !limit many""",
        "`GET /usage` returns the credits of each day or hour in `buckets`: send `granularity=day` or `granularity=hour`. It costs no "
        "credit.",
        "getUsage credits#where-you-stand",
        "getUsage",
        like="""show my credits used per hour
        how many requests did I send on each day
        usage by day""",
    ),
)
