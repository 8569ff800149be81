"""The texts of the API reference about the account."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words
from api.ports.request.observer import KEPT_PER_MINUTE
from domain.accounts.window import CREDIT_WINDOW, REQUESTS_KEPT
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.registry import SCOPES

_WINDOW = {
    "limit": DEFAULT_CREDIT_LIMIT,
    "used": 3,
    "remaining": DEFAULT_CREDIT_LIMIT - 3,
    "windowDays": CREDIT_WINDOW.days,
    "resetAt": "{today+30}T04:30:00.000000Z",
    "fullyResetAt": "{today+30}T04:32:00.000000Z",
}
_BUDGET = {**_WINDOW, "limit": 100_000, "used": 1_203, "remaining": 98_797}

ACCOUNT = TagTexts(
    tag="Account",
    about="The organization, the key, and its credits. Any key; free of charge.",
    operations={
        "getAccount": Words(
            "Get the organization and the key",
            "Call this operation to test a connection. It costs no credit.",
            search_words="test a connection without spending, check whether it works, free, who am I, me",
        ),
        "getOrganization": Words(
            "Get the organization with its profile",
            "What documents of the organization say of it: names, GSTIN, state, address. It cannot be changed "
            "here. In test mode it is that of live mode. UPI id and bank line are not shown. It costs no credit.",
            search_words="own company details, supplier, seller, our GSTIN, PAN, address, LUT, composition, profile",
        ),
        "getUsage": Words(
            "Get the credits that were spent",
            "The rolling credit window, and the credits that were spent in it per day or hour. It costs no credit.",
            search_words="check credits left used remaining, usage",
        ),
        "listRequests": Words(
            "List the requests of the key",
            f"The requests that this key has sent in the past {REQUESTS_KEPT.days} days, the newest first, with the "
            "status and the error code of each: so a `requestId` leads to its cause. Requests that were refused are "
            "there too, also those after the key was used up. Paths with their values, queries and bodies are not "
            "stored. A request appears within a second or two. "
            f"Of the requests that cost no credit, {KEPT_PER_MINUTE} a minute are listed for sure; more of them are "
            "only counted. It costs no credit.",
            search_words="look up a request id, request log history, what did I send, which requests failed, errors",
        ),
    },
    fields={
        "organization": "The organization to which the key belongs; every request acts on its data alone.",
        "OrganizationFacts.name": "The organization's name.",
        "timeZone": (
            "The time zone that decides which day is today. A new one, chosen in the console, is shown here from the "
            "midnight on at which it counts."
        ),
        "OrganizationProfile.name": "The organization's name in the console.",
        "legalName": "The name by which it is registered; documents fall back on `name`.",
        "tradeName": "The name by which customers know it.",
        "gstin": "Its GSTIN. Without one, its documents show no GST.",
        "pan": "The PAN in the GSTIN.",
        "stateCode": "The GST code of its state: the first two digits of the GSTIN, if there is one.",
        "stateName": "The name of this state.",
        "address": "Its address, in lines.",
        "email": "The e-mail address that documents show.",
        "lutNumber": "The number of its letter of undertaking, under which it exports without payment of tax.",
        "composition": "Whether it pays tax under the composition scheme, and so issues bills of supply.",
        "logo": "The SHA-256 of its logo, in hex; null without a logo. The picture is on its documents.",
        "annualReturns": (
            "The days on which its annual returns were filed, by financial year, such as `2024-25`. After such a day, "
            "a credit note no longer lowers the tax of what was invoiced in that year."
        ),
        "key": "The key that made this request.",
        "livemode": "Whether the key acts on live data. The keys of test mode, `sd_test_…`, act on test data only.",
        "KeyFacts.name": "The name that was given to the key when it was created.",
        "scopes": "What the key may do.",
        "expiresAt": "When the key stops working, in UTC; null if it does not expire.",
        "allowedCidrs": "The networks from which the key may be used; empty if it may be used from everywhere.",
        "burst": "How many requests the key may send in any second; null for any number.",
        "lastUsedAt": "When the key was last used, in UTC; null before its first request.",
        "credits": "The credits of the key after this request.",
        "organizationCredits": (
            "The credits that all keys of the organization share, after this request; null if it has no budget."
        ),
        "Bucket.credits": "The credits that were spent in this hour or day.",
        "limit": "The credits that can be spent in the window.",
        "used": "The credits that were spent in the window.",
        "remaining": "The credits that are left: `limit` − `used`.",
        "windowDays": "The length of the rolling window in days.",
        "windowStart": "When the window begins, in UTC. Credits that were spent before this time no longer count.",
        "resetAt": "When the oldest spent credit in the window returns, in UTC; null if no credit is spent.",
        "fullyResetAt": "When all credits spent so far have returned, in UTC; null if no credit is spent.",
        "granularity": "Whether `buckets` holds days or hours.",
        "buckets": "The credits that were spent in each day or hour of the window, the oldest first.",
        "requestId": (
            "The id of the request: the header `X-Request-Id` of its response. Ids that clients choose can recur."
        ),
        "keyId": "The key that sent the request.",
        "RequestEntry.at": "When the request arrived, in UTC.",
        "method": "The method; `OTHER` for one that HTTP does not know.",
        "route": (
            "The path, with the names of its parameters in place of their values; null if there is no such address."
        ),
        "RequestEntry.status": "The status of the response.",
        "errorCode": "The code of the error, which has a section in the guide to errors; null for a success.",
        "durationMs": "How long the service took until its response, in milliseconds.",
        "start": "When the hour or the day begins, in UTC.",
        "lastFour": "The last four characters of the key's current secret.",
        "managesKeys": "Whether requests with the key may list, create, change, rotate and revoke other keys.",
        "presentedLastFour": (
            "The last four characters of the secret that this request used. During an overlap it can be an earlier "
            "secret."
        ),
    },
    field_examples={
        "expiresAt": "{today+365}T18:29:59.999999Z",
        "allowedCidrs": ["203.0.113.0/24", "2001:db8::/32"],
        "burst": 10,
    },
    parameters={
        "requestId": "Only the request with this id.",
        "method": "One or more methods, separated by commas.",
        "status": "One or more statuses, separated by commas; `4xx` means all from 400 to 499.",
        "errorCode": "One or more error codes, separated by commas.",
        "from": "Only requests that arrived at this time or later.",
        "to": "Only requests that arrived at this time or earlier; not before `from`.",
        "sort": "The order of the requests; with `-` before it, the newest come first.",
        "granularity": "One bucket per day or per hour, in the organization's time zone.",
    },
    responses={
        "getAccount": {
            "organization": {
                "id": "org_01KEXAMPLE0000000000000000",
                "name": "Sharma Traders",
                "timeZone": "Asia/Kolkata",
            },
            "key": {
                "id": "key_01KEXAMPLE0000000000000000",
                "name": "My integration",
                "lastFour": "Xk2P",
                "scopes": list(SCOPES),
                "createdAt": "{today}T04:30:00.000000Z",
                "expiresAt": None,
                "allowedCidrs": [],
                "burst": None,
                "lastUsedAt": "{today}T04:30:00.000000Z",
                "presentedLastFour": "Xk2P",
                "managesKeys": False,
            },
            "livemode": True,
            "credits": _WINDOW,
            "organizationCredits": None,
        },
        "getOrganization": {
            "id": "org_01KEXAMPLE0000000000000000",
            "name": "Sharma Traders",
            "timeZone": "Asia/Kolkata",
            "legalName": "Sharma Textiles Private Limited",
            "tradeName": "Sharma Traders",
            "gstin": "27AAPFU0939F1ZV",
            "pan": "AAPFU0939F",
            "stateCode": "27",
            "stateName": "Maharashtra",
            "address": "12 MG Road\nPune 411001",
            "email": "accounts@sharma.example",
            "lutNumber": "AD270326000001X",
            "composition": False,
            "logo": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "annualReturns": {"2024-25": "2025-10-20"},
        },
        "getUsage": {
            **_WINDOW,
            "organizationCredits": _BUDGET,
            "windowStart": "{today-30}T04:33:00.000000Z",
            "granularity": "day",
            "buckets": [{"start": "{today-1}T18:30:00.000000Z", "credits": 3}],
        },
        "listRequests": [
            {
                "requestId": "req_5f2c0a7d1e9b4c3a8d6e7f10",
                "keyId": "key_01KEXAMPLE0000000000000000",
                "at": "{today}T04:30:00.000000Z",
                "method": "POST",
                "route": "/api/v1/invoices",
                "status": 422,
                "errorCode": "validation_failed",
                "durationMs": 3.4,
            }
        ],
    },
)
