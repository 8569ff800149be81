"""Canned answers about limits: the number of requests of a key, and where to find the limits of other products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from api.assistant.knowledge.canned import CREDIT_LIMIT, CannedAnswer, canned_answer
from domain.window import CREDIT_WINDOW

_PRODUCTS = """
Zapier, Make.com, Integromat, n8n, Pabbly, IFTTT, Power Automate, Workato, Airtable, Notion, Trello, Asana, Jira,
Slack, Discord, Telegram, WhatsApp, Twilio, SendGrid, Mailchimp, Gmail, Outlook, Google, Microsoft, GitHub, GitLab,
Bitbucket, Postman, Cloudflare, AWS, Amazon, Azure, Heroku, Vercel, Supabase, Firebase, MongoDB, OpenAI, ChatGPT,
Claude, Gemini, Twitter, Facebook, Instagram, LinkedIn, YouTube, HubSpot, Salesforce, Freshdesk, Zendesk, Shopify,
WooCommerce, Flipkart, Stripe, PayPal, Razorpay, PayU, Cashfree, PhonePe, Paytm, Instamojo, CCAvenue, BharatPe, UPI,
NEFT, IMPS, RTGS, HDFC, ICICI, SBI, Tally, TallyPrime, Zoho, QuickBooks, Xero, FreshBooks, Sage, SAP, Odoo, ERPNext,
Busy, Marg, Vyapar, Khatabook, myBillBook, ClearTax, GSTN, GST portal, IRP, EPFO, Keka, greytHR, Darwinbox,
BambooHR, Workday
"""
_NAMES = {" ".join(re.findall(r"[a-z0-9]+", name.lower())): name.strip() for name in _PRODUCTS.split(",")}
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(_NAMES, key=len, reverse=True))})\b")

_COUNTING = """
allowed block blocked cap capped caps count counts daily day frequency frequently hour hourly limit limits many
max maximum minute month monthly most much number often per permitted quota quotas rate second threshold throttle
throttled throttling times total week year
"""
_LIMITS = frozenset(_COUNTING.split()) - {"day", "month", "week", "year", "hour", "minute"}
_OURS = frozenset(["credit", "credits", "our", "ours", "your", "yours", "smartdhandha"])
_LIMIT = f"**{CREDIT_LIMIT} requests in any {CREDIT_WINDOW.days} days**"
_REQUESTS = "call calls hit hits request requests"
_EXCLUDED = """
assistant body bytes bill bills event events header headers higher idempotency increase invoice invoices item items keys
leave leaves metadata organization organizations page pages question questions raise retries retry scope scopes size
user users webhook webhooks
"""
_OWN_TEXT = (
    f"A key may make {_LIMIT}, unless it was made with another limit. Each request costs one credit; the window is "
    "rolling, so there is no limit for a day or a calendar month. `GET /usage` says what is left, and is free."
)
_OWN = [
    canned_answer(words, _OWN_TEXT, "credits getUsage", excluded=_EXCLUDED)
    for words in (f"{_COUNTING} | {_REQUESTS}", "api apis | cap limit limits quota quotas rate")
]
_UNCLEAR = [
    *_OWN,
    canned_answer("limit limits | rate", "", "", excluded=f"{_EXCLUDED} tax"),
    canned_answer("quota quotas", "", "", excluded=_EXCLUDED),
]
"""Answers that match questions about limits. If such a question has an unknown word, it is about another product."""


def find_limits(words: Sequence[str], unknown: Iterable[str]) -> CannedAnswer | None:
    """Return the answer to a question about the limits of this service or of another product; None for other questions.

    `unknown` are the words of the question that occur nowhere in the documentation.
    """
    product = _NAME.search(" ".join(words))
    is_ours = not _OURS.isdisjoint(words)
    if product and not _LIMITS.isdisjoint(words) and not is_ours:
        return _of_another_product(_NAMES[product[0]])
    all_words, names = frozenset(words), [word for word in unknown if len(word) > 2 and not word.isdigit()]
    own = next((each for each in _OWN if each.matches(all_words, names)), None)
    if own is None and names and not is_ours and any(each.matches(all_words, ()) for each in _UNCLEAR):
        return _of_another_product("other products")
    return own


def _of_another_product(name: str) -> CannedAnswer:
    return canned_answer(
        "",
        f"The limits of {name} are **not ours**: look into the documentation of {name}. The SmartDhandha API has its "
        f"own limit, whichever product sends the requests: {_LIMIT} for a key, unless it was made with another limit.",
        "credits",
    )
