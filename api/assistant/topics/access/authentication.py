"""Topics about sending a key, and what it may do: scopes, browsers, a test of the connection."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.accounts.key_secret import LIVE_PREFIX
from domain.registry import SCOPES

_SCOPES = ", ".join(f"`{scope}`" for scope in SCOPES)

AUTHENTICATION_TOPICS = (
    topic(
        """bearer authorization authenticate | !scope zapier n8n make leave error 401 token_renew format_of oauth
        header | key bearer send where put
        key | send put where pass goes | !lose create shown get idempotency body url
        how | send put pass | key | !leak create
        where | key | put send
        my | key | work
        login | api program""",
        f"Send the key in the header `Authorization`, after the word `Bearer` and a space: `Authorization: Bearer "
        f"{LIVE_PREFIX}…`. Every request needs it; there is no log-in and no token to renew.",
        "authentication authentication#sending-the-key",
        like="""how do I authenticate
        in which header goes the API key
        what stands before the key in the authorization header
        do I need to log in from my program""",
    ),
    topic(
        """key | url query parameter body cookie | !store create length
        key | url
        query url parameter body | key header authentication authorization bearer | send instead put pass can""",
        "No, a key in the URL or in the body is not accepted, because it would end up in logs: send it in the header "
        "`Authorization: Bearer …`.",
        "authentication#sending-the-key",
        like="""can I put the key into the URL
        key as a query parameter""",
    ),
    topic(
        """oauth oauth2 jwt
        token | renew refresh expire login | !key
        basic | bearer authentication
        client_id client_secret""",
        "No, there is no OAuth and no token to renew: a program sends its API key in the header `Authorization: Bearer …` "
        "with every request.",
        "authentication",
        like="""do you support OAuth
        does the token have to be renewed""",
    ),
    topic(
        """scope | which what list exist there all kind available need | !invoice bill leave payment approve error
        limit restrict control | key | what may do allow can | !month request many credit number ip
        scope
        what | scope | there exist""",
        f"There are four scopes: {_SCOPES}. `GET /me`, `GET /usage` and `GET /requests` work with any key; a write scope does not include "
        "reading.",
        "authentication#scopes",
        like="""which scopes are there
        what does billing:read allow
        what are scopes""",
    ),
    topic(
        """write billing:write leaves:write | read see | also include imply allow let does enough alone can | !which metadata null
        billing:write | read billing:read
        leaves:write | read leaves:read
        write | read | scope""",
        "No, a write scope does not include reading: add `billing:read` (or `leaves:read`) to see anything. But a write "
        "answers with the object that it wrote.",
        "authentication#scopes",
        like="""does write include read
        can a key with billing:write also list invoices""",
    ),
    topic(
        """read | only | key scope
        readonly read-only | key scope access
        reporting | key scope""",
        "Yes: make a key with the scopes `billing:read` and `leaves:read` alone; whatever it tries to change is refused with "
        "403 `insufficient_scope`.",
        "authentication#scopes",
        like="""can I make a key that only reads
        read only access for reporting""",
    ),
    topic(
        """test check see verify know | key connection | work works valid not credit free connection cost | !create sandbox mode
        whoami
        which whose | organization key | belong mine am
        which whose | organization | key my | !two several other many
        get | me
        check test | connection
        test check | key | !sandbox mode milegi get want have
        ping""",
        "Call `GET /me`: it answers with the organization, the key and its scopes, costs no credit and needs no scope.",
        "getAccount authentication#sending-the-key",
        "getAccount",
        like="""how do I test my key
        check the connection without using credits
        which organization does my key belong to
        what is in GET /me""",
    ),
    topic(
        """cors
        browser frontend react javascript website | api call direct from key | !code sample log node show
        web | page site | call api key""",
        "No, browsers may not call the API directly: CORS is off by default, because a key in a web page can be read by "
        "everybody. Call it from a server of your own; for an internal page the administrator can name its origin in "
        "`SMARTDHANDHA_CORS_ORIGINS`.",
        "authentication#calling-the-api-from-a-web-page",
        like="""can I call the API from the browser
        does it work from React directly""",
    ),
)
