"""Topics about API keys: how they are sent, made, rotated and revoked, and what they may do."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.accounts.key_secret import PREFIX
from domain.accounts.user import MANAGER_ROLES
from domain.api_key import DEFAULT_OVERLAP, MAX_OVERLAP
from domain.registry import SCOPES

_WHO = " and ".join(f"{role}s" for role in MANAGER_ROLES)
_MAKING = "authentication#making-rotating-and-revoking-keys"
_PLACE = "at `/login` under Settings → Developer"
_OVERLAP, _MAX = int(DEFAULT_OVERLAP.total_seconds() // 3600), MAX_OVERLAP.days
_SCOPES = ", ".join(f"`{scope}`" for scope in SCOPES)

KEY_TOPICS = (
    topic(
        """bearer authorization authenticate | !scope zapier n8n make leave error 401 token_renew format_of oauth
        header | key bearer send where put
        key | send put where pass goes | !lose create shown get idempotency body url
        how | send put pass | key | !leak create
        where | key | put send
        my | key | work
        login | api program""",
        f"Send the key in the header `Authorization`, after the word `Bearer` and a space: `Authorization: Bearer "
        f"{PREFIX}…`. Every request needs it; there is no log-in and no token to renew.",
        "authentication authentication#sending-the-key",
    ),
    topic(
        """key | url query parameter body cookie | !store create length
        key | url""",
        "No, a key in the URL or in the body is not accepted, because it would end up in logs: send it in the header "
        "`Authorization: Bearer …`.",
        "authentication#sending-the-key",
    ),
    topic(
        """oauth oauth2 jwt
        token | renew refresh expire login | !key
        basic | bearer authentication
        client_id client_secret""",
        "No, there is no OAuth and no token to renew: a program sends its API key in the header `Authorization: Bearer …` "
        "with every request.",
        "authentication",
    ),
    topic(
        """key secret | format look like pattern begin start prefix regex | !send header put url idempotency metadata date
        key | length many | character long length | !idempotency metadata
        sd_live_ sd_live""",
        f"A key is `{PREFIX}`, then 30 random letters and digits, then a checksum of six more; a typing error is therefore "
        f"noticed at once. As a pattern: `{PREFIX}[0-9A-Za-z]{{36}}`.",
        "authentication#what-a-key-looks-like",
    ),
    topic(
        """key secret | store stored hash plain encrypted save database | you your is how service side | !header environment where_should idempotency
        key | hash encrypted plaintext
        key | stored""",
        "Only the SHA-256 hash of a key and its last four characters are stored, never the key itself: it is shown once, "
        "when it is made. A key is `sd_live_` and 36 letters and digits.",
        "authentication#making-rotating-and-revoking-keys authentication#what-a-key-looks-like",
    ),
    topic(
        """key | store keep safe environment secret where | should how safe best
        key | safe safely securely""",
        "Keep the key in the credential store of your tool or in an environment variable, never in code, in a spreadsheet or "
        "on a web page. Give each integration its own key, with only the scopes that it needs.",
        "authentication#keeping-a-key-secret",
    ),
    topic(
        """key | create get new find received want where need | !invoice bill leave idempotency metadata error find_by not check test duplicate scope lose leak
        key | milegi milega banaye
        how where | key | create get obtain
        where | key | find get see""",
        f"Log in {_PLACE} and create the key there; {_WHO} may. The administrator of the service can also run "
        "`smartdhandha key create`. The secret is shown once.",
        f"{_MAKING} quickstart",
    ),
    topic(
        """who | key | create make revoke rotate can manage delete see
        member admin owner role | key create revoke rotate
        who | create revoke rotate | key token
        role | can allow what which | user key""",
        f"{_WHO.capitalize()} of an organization create, rotate and revoke its keys, {_PLACE}; members only see. The "
        "administrator of the service can do the same on the command line.",
        _MAKING,
    ),
    topic(
        """key secret | lose lost forgot again see show | !idempotency create_two leak
        see show again | key secret | once again | !idempotency""",
        "Rotate the key or create a new one: the secret is shown once, when it is made, and nobody can show it again. "
        f"Owners and admins do it {_PLACE}; a rotated key keeps its id, its scopes and its used credits.",
        f"{_MAKING} errors#invalid_api_key",
    ),
    topic(
        """key secret | leak github exposed public stolen | !create
        leak | what do
        key | compromised""",
        f"Revoke the key at once, {_PLACE}: it is refused from the next request on. Then create a new key; or rotate it with "
        "an overlap of 0.",
        f"authentication#keeping-a-key-secret {_MAKING}",
    ),
    topic(
        """revoke | key how when immediately | !compare rotate who leave
        key | revoke disable deactivate stop
        delete | key token secret | !idempotency metadata""",
        f"A key is not deleted but **revoked**, {_PLACE}: it stops working at once, from the next request on, and its "
        "history stays. Owners and admins do this, or `smartdhandha key revoke key_…`.",
        f"{_MAKING} authentication errors#api_key_revoked",
    ),
    topic(
        """rotate | key secret overlap how old long when | !compare who
        old earlier previous | key secret | long work until valid when
        overlap
        key | rotate""",
        f"After a rotation the old secret keeps working for {_OVERLAP} hours by default, and for at most {_MAX} days: both "
        f"secrets work meanwhile. Rotate {_PLACE}, or with `smartdhandha key rotate key_… --overlap 48h`. The key keeps its "
        "id, its scopes and its used credits.",
        f"{_MAKING} authentication",
    ),
    topic(
        "compare | rotate | revoke\nrotate | revoke",
        f"Rotating gives a key a new secret, and the old one works for {_OVERLAP} more hours; revoking stops the key with "
        "all its secrets at once and for good.",
        _MAKING,
    ),
    topic(
        """expire | key api secret token | !idempotency cursor
        key | valid until long expire day
        key | expiry validity expire badhani""",
        "A key works until its expiry, if it was made with one: the day is decided **when it is made** and does not change "
        "later, and means the end of that day in the organization's time zone. For a later day, create a new key; an expired "
        "key cannot be rotated.",
        f"{_MAKING} authentication errors#api_key_expired",
    ),
    topic(
        """update change add | scope | key | !which need
        rename | key
        update | key | limit scope name""",
        "No, the scopes, the limit and the expiry of a key are set when it is made and do not change: create a new key, "
        "and revoke the old one.",
        _MAKING,
    ),
    topic(
        """key | organization two several another other data tenant switch | !create who limit number duplicate rotate
        organization | other another two several | data key see read
        multiple | organization""",
        "No, a key belongs to one organization and never sees another one's data: an id of another organization is 404 "
        "`not_found`, as if it did not exist. Use one key for each organization.",
        "authentication#one-organization errors#not_found",
    ),
    topic(
        """scope | which what list exist there all kind available | !invoice bill leave payment need approve error
        scope
        what | scope | there exist""",
        f"There are four scopes: {_SCOPES}. `GET /me` and `GET /usage` work with any key; a write scope does not include "
        "reading.",
        "authentication#scopes",
    ),
    topic(
        """write billing:write leaves:write | read see | also include imply allow let does enough alone can | !which metadata null
        billing:write | read billing:read
        leaves:write | read leaves:read
        write | read | scope""",
        "No, a write scope does not include reading: add `billing:read` (or `leaves:read`) to see anything. But a write "
        "answers with the object that it wrote.",
        "authentication#scopes",
    ),
    topic(
        """read | only | key scope
        readonly read-only | key scope access
        reporting | key scope""",
        "Yes: make a key with the scopes `billing:read` and `leaves:read` alone; whatever it tries to change is refused with "
        "403 `insufficient_scope`.",
        "authentication#scopes",
    ),
    topic(
        """test check see verify know | key connection | work works valid not credit free connection cost | !create sandbox mode
        whoami
        which whose | organization key | belong mine am
        get | me
        check test | connection
        test check | key | !sandbox mode milegi get want have
        ping""",
        "Call `GET /me`: it answers with the organization, the key and its scopes, costs no credit and needs no scope.",
        "getAccount authentication#sending-the-key",
        "getAccount",
    ),
    topic(
        """cors
        browser frontend react javascript website | api call direct from key | !code sample log node show
        web | page site | call api key""",
        "No, browsers may not call the API directly: CORS is off by default, because a key in a web page can be read by "
        "everybody. Call it from a server of your own; for an internal page the administrator can name its origin in "
        "`SMARTDHANDHA_CORS_ORIGINS`.",
        "authentication#calling-the-api-from-a-web-page",
    ),
    topic(
        "ip | key allow limit address\nip | only",
        "No, a key is not bound to IP addresses, and there is no allowlist. Limit it by scopes, a credit limit and an "
        "expiry, and revoke it when it leaks.",
        "authentication",
    ),
    topic(
        """many | key | create have organization maximum can integration | !metadata idempotency
        each every | integration | key""",
        "As many as you like: give each integration its own key with only the scopes that it needs, so that you can revoke "
        "one without stopping the others.",
        "authentication#scopes",
    ),
    topic(
        """password | !gmail facebook zapier windows wifi laptop router
        reset forgot lose | password
        2fa mfa""",
        "The API **has no passwords**: programs use keys. People log in to the console at `/login`; if yours is lost, ask "
        "the operator of the service for a new one-time link (`smartdhandha user link`).",
        f"authentication {_MAKING}",
    ),
    topic(
        "lastfour presentedlastfour",
        "`lastFour` are the last four characters of the newest secret, `presentedLastFour` those of the secret of this "
        "request; they differ in a program that still uses an older one.",
        _MAKING,
    ),
)
