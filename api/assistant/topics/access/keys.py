"""Topics about making, keeping, rotating and revoking API keys."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.accounts.key_secret import LIVE_PREFIX
from domain.accounts.user import MANAGER_ROLES
from domain.api_key import DEFAULT_OVERLAP, MAX_OVERLAP

_WHO = " and ".join(f"{role}s" for role in MANAGER_ROLES)
_MAKING = "authentication#making-rotating-and-revoking-keys"
_PLACE = "at `/login` under Settings → Developer"
_OVERLAP, _MAX = int(DEFAULT_OVERLAP.total_seconds() // 3600), MAX_OVERLAP.days

KEY_TOPICS = (
    topic(
        """key secret | format look like pattern begin start prefix regex | !send header put url idempotency metadata date
        key | length many | character long length | !idempotency metadata
        sd_live_ sd_live sd_test_""",
        f"A key is `{LIVE_PREFIX}` (in test mode `sd_test_`), then 30 random letters and digits, then a checksum of six more; a typing error is therefore "
        f"noticed at once. As a pattern: `sd_(live|test)_[0-9A-Za-z]{{36}}`.",
        "authentication#what-a-key-looks-like",
        like="""what does an API key look like
        is a key case sensitive
        how many characters has a key""",
    ),
    topic(
        """key secret | store stored hash plain encrypted save database | you your is how service side | !header environment where_should idempotency
        key | hash encrypted plaintext
        key | stored""",
        "Only the SHA-256 hash of a key and its last four characters are stored, never the key itself: it is shown once, "
        "when it is made. A key is `sd_live_` and 36 letters and digits.",
        "authentication#making-rotating-and-revoking-keys authentication#what-a-key-looks-like",
        like="""do you store my key in plain text
        how is the key stored on your side
        who else can see my API key
        can my colleagues read the secret of a key""",
    ),
    topic(
        """key | store keep safe environment secret where | should how safe best
        key | safe safely securely""",
        "Keep the key in the credential store of your tool or in an environment variable, never in code, in a spreadsheet or "
        "on a web page. Give each integration its own key, with only the scopes that it needs.",
        "authentication#keeping-a-key-secret",
        like="""where should I keep the key
        how do I store the key safely""",
    ),
    topic(
        """key | create get new find received want where need | !invoice bill leave idempotency metadata expire error find_by not check test duplicate scope lose leak
        key | milegi milega banaye
        how where | key | create get obtain
        where | key | find get see""",
        f"Log in {_PLACE} and create the key there; {_WHO} may. The administrator of the service can also run "
        "`smartdhandha key create`. The secret is shown once.",
        f"{_MAKING} quickstart",
        like="""where do I get an API key
        how do I create a key
        from where do I get the key""",
    ),
    topic(
        """who | key | create make revoke rotate can manage delete see
        member admin owner role | key create revoke rotate
        who | create revoke rotate | key token
        role | can allow what which | user key""",
        f"{_WHO.capitalize()} of an organization create, change, rotate and revoke its keys, {_PLACE}; users with other roles only see them. The "
        "administrator of the service can do the same on the command line.",
        _MAKING,
        like="""who can create keys
        which role may manage API keys""",
    ),
    topic(
        """key | program request automatically code without console | create make manage rotate revoke list | !header send put who console
        manageskeys managing_key_needed protected_key beyond_own_key
        key | manage | other others key""",
        "With a key that may **manage keys**: `/keys` lists, creates, changes, rotates and revokes keys. An owner or admin gives a key "
        f"this right {_PLACE} (*May manage keys*), and `managesKeys` of `/me` shows it. Such a key gives no scope, limit or expiry beyond "
        "its own (403 `beyond_own_key`), and never this right.",
        "authentication#keys-that-manage-keys createKey",
        like="""can a program create API keys
        how do I create keys through the API
        rotate keys automatically every month
        which key may manage other keys""",
    ),
    topic(
        """key secret | not | see show
        key secret | lose lost forgot again see show | !idempotency create_two leak
        see show again | key secret | once again | !idempotency""",
        "Rotate the key or create a new one: the secret is shown once, when it is made, and nobody can show it again. "
        f"Owners and admins do it {_PLACE}; a rotated key keeps its id, its scopes and its used credits.",
        f"{_MAKING} errors#invalid_api_key",
        like="""I lost my secret, can I see it again
        the key is shown only once""",
    ),
    topic(
        """key secret | leak github exposed public stolen
        leak | what do
        somebody someone else other stranger public screenshot seen | key secret | see seen know got has | !create can who
        key | compromised""",
        f"Revoke the key at once, {_PLACE}: it is refused from the next request on. Then create a new key; or rotate it with "
        "an overlap of 0. A key that GitHub finds in a public repository is revoked by the service, if its operator takes "
        "GitHub's reports; Home then says where it was.",
        f"authentication#keeping-a-key-secret {_MAKING}",
        like="""my key was leaked
        someone has seen my key, what should I do
        key was pushed to github""",
    ),
    topic(
        """github | key secret | what_happen happen automatic automatically itself find found scan report
        leak | key | automatic automatically itself""",
        "It is revoked at once, by the service itself, if its operator takes GitHub's reports of leaked keys: Home and the key's page then "
        "say where it was found. Otherwise revoke it yourself. A key in a private place is not found this way.",
        f"authentication#keeping-a-key-secret {_MAKING}",
        like="""what happens when GitHub finds my key in a public repository
        are leaked keys revoked automatically""",
    ),
    topic(
        """revoke | key how when immediately | !compare rotate who leave
        key | revoke disable deactivate stop
        delete | key token secret | !idempotency metadata""",
        f"A key is not deleted but **revoked**, {_PLACE}: it stops working at once, from the next request on, and its "
        "history stays. Owners and admins do this, or `smartdhandha key revoke key_…`.",
        f"{_MAKING} authentication errors#api_key_revoked",
        like="""how do I revoke a key
        a developer leaves the company, how do I lock him out
        I fired somebody who knows the key
        how do I delete a key""",
    ),
    topic(
        """rotate | key secret overlap how old long when | !compare who
        old earlier previous | key secret | long work until valid when
        overlap
        key | rotate""",
        f"Rotate it {_PLACE}: the old secret keeps working for {_OVERLAP} hours by default, and for at most {_MAX} days, so both "
        "secrets work meanwhile. The administrator can run `smartdhandha key rotate key_… --overlap 48h`. The key keeps its id, its scopes "
        "and its used credits.",
        f"{_MAKING} authentication",
        like="""how do I rotate a key without downtime
        how long does the old secret keep working
        for how long do both secrets of a key work
        renew a key""",
    ),
    topic(
        "compare | rotate | revoke\nrotate | revoke",
        f"Rotating gives a key a new secret, and the old one works for {_OVERLAP} more hours; revoking stops the key with "
        "all its secrets at once and for good.",
        _MAKING,
        like="what is the difference between rotating and revoking",
    ),
    topic(
        """expire | key api secret token | !idempotency cursor
        key | valid until long expire day
        key | expiry validity expire badhani""",
        "A key works until its expiry, if it has one: the end of that day in the organization's time zone. From then on every "
        "request is refused with 401 `api_key_expired`. The expiry is decided **when it is made**, and can be changed before it "
        f"comes: {_PLACE} (**Edit** on the page of the key), or with `smartdhandha key update key_… --expires 2027-03-31`. A "
        "key that has expired can be neither changed nor rotated: create a new one.",
        f"{_MAKING} authentication errors#api_key_expired",
        like="""does a key expire
        how do I make a key expire on a day
        create a key that stops working at the end of the year
        how long is a key valid
        can I change the expiry of a key""",
    ),
    topic(
        """update change add | scope | key | !which need
        rename | key
        update | key | limit scope name""",
        "Yes: owners and admins change a key's name, scopes, limit and expiry "
        f"{_PLACE}: **Edit** on the page of the key. The change counts from the next request on; the secret and the used "
        "credits stay. On the command line it is `smartdhandha key update`.",
        _MAKING,
        like="""can I change the scopes of a key later
        rename a key""",
    ),
    topic(
        """key | organization two several another other data tenant switch | !create who limit number duplicate rotate
        organization | other another two several | data key see read
        multiple | organization""",
        "No, a key belongs to one organization and never sees another one's data: an id of another organization is 404 "
        "`not_found`, as if it did not exist. Use one key for each organization.",
        "authentication#one-organization errors#not_found",
        like="""can one key be used for two companies
        can a key see the data of another organization
        why is an id of another organization not found""",
    ),
    topic(
        """id ids | guess guessable guessing sequential random predict order increase increment unique
        id ids | long length format look characters case | !client vendor employee metadata bill_number payment request""",
        "An id, such as `inv_01K…`, holds the time at which it was made and a random part: ids sort by time, but nobody can guess or count "
        "them. An id of another organization is 404 `not_found`, even if it is right.",
        "authentication#one-organization getInvoice",
        like="""are ids guessable or sequential
        what does an id look like
        how long is an id""",
    ),
    topic(
        """separate own different several two | key | can have make program integration website zapier | !company organization create_scope
        many | key | create have organization maximum can integration | !metadata idempotency request requests credit
        each every | integration | key""",
        "As many as you like: give each integration its own key with only the scopes that it needs, so that you can revoke "
        "one without stopping the others.",
        "authentication#scopes",
        like="""how many keys can I have
        can I have separate keys for our website and another program
        one key for each integration""",
    ),
    topic(
        """password | !several people one more person gmail facebook zapier windows wifi laptop router
        reset forgot lose | password
        2fa mfa""",
        "The API **has no passwords**: programs use keys. People log in to the console at `/login`; if yours is lost, ask "
        "the operator of the service for a new one-time link (`smartdhandha user link`).",
        f"authentication {_MAKING}",
        like="""I forgot my password
        reset the password of the console""",
    ),
    topic(
        """member admin owner role roles | what can may do difference compare allow rights only which permission | !key create revoke rotate approve invoice bill
        role roles | which what there exist list
        member | admin owner""",
        f"A member sees everything of the organization in the console and changes nothing; {_WHO} also make and revoke keys and webhooks. "
        "Programs change data with a key, by its scopes.",
        f"{_MAKING} authentication#scopes",
        like="""what may a member do in the console
        what is the difference between owner, admin and member
        which roles are there""",
    ),
    topic(
        "lastfour presentedlastfour",
        "`lastFour` are the last four characters of the newest secret, `presentedLastFour` those of the secret of this "
        "request; they differ in a program that still uses an older one.",
        _MAKING,
        like="what are lastFour and presentedLastFour",
    ),
    topic(
        """missing without forgot no not absent | key header authorization bearer | request send call what happen | !lose create url many
        missing absent | header
        missing_credentials""",
        "A request without a key is refused with 401 `missing_credentials`; a wrong or cut one with 401 `invalid_api_key`. Neither costs a "
        "credit.",
        "errors#missing_credentials authentication#sending-the-key",
        like="""what happens if the key is missing
        a request without a key
        what if I forget the header""",
    ),
)
