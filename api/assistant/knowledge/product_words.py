"""The names of other products, whose limits and settings are not ours."""

from __future__ import annotations

import re

_PRODUCTS = """
Zapier, Make.com, Integromat, n8n, Pabbly, IFTTT, Power Automate, Workato, Airtable, Notion, Trello, Asana, Jira,
Slack, Discord, Telegram, WhatsApp, Twilio, SendGrid, Mailchimp, Gmail, Outlook, Google, Microsoft, GitHub, GitLab,
Bitbucket, Postman, Cloudflare, AWS, Amazon, Azure, Heroku, Vercel, Netlify, Supabase, Firebase, MongoDB, MySQL, Redis,
Kafka, OpenAI, ChatGPT, Claude, Gemini, Twitter, Facebook, Instagram, LinkedIn, YouTube, Netflix, Spotify, Hotstar, Swiggy,
Zomato, Uber, Ola, Jio, Airtel, HubSpot, Salesforce, Freshdesk, Zendesk, Shopify, WooCommerce, Magento, Flipkart, Meesho,
Stripe, PayPal, Razorpay, PayU, Cashfree, PhonePe, Paytm, Google Pay, Instamojo, CCAvenue, BharatPe, UPI, NEFT, IMPS, RTGS,
HDFC, ICICI, SBI, Axis Bank, Kotak, Tally, TallyPrime, Tally Prime, Zoho, QuickBooks, Xero, FreshBooks, Sage, SAP, Odoo,
ERPNext, Busy, Marg, Vyapar, Khatabook, myBillBook, ClearTax, GSTN, GST portal, IRP, EPFO, IRCTC, Aadhaar, DigiLocker, Keka,
greytHR, Darwinbox, BambooHR, Workday, Zoom, Dropbox, OneDrive, iCloud, Windows, Excel, Canva, Figma, Photoshop, Adobe, WordPress, Wix, Blogger, Snapchat, Truecaller, Blinkit,
Zepto, Myntra, Amazon Prime
"""
_NAMES = {" ".join(re.findall(r"[a-z0-9]+", name.lower())): name.strip() for name in _PRODUCTS.split(",")}
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(_NAMES, key=len, reverse=True))})\b")
CONNECTED = frozenset(
    (
        "Zapier",
        "Make.com",
        "Make",
        "Integromat",
        "n8n",
        "Postman",
        "Google",
        "Excel",
        "Pabbly",
        "IFTTT",
        "Claude",
        "ChatGPT",
    )
)
"""Products that call the API, or into which people copy its data."""
MESSENGERS = frozenset(("Slack", "Discord", "Telegram", "WhatsApp", "Gmail", "Outlook", "Twilio"))
"""Products that carry messages: people ask whether the service sends any."""
_MONEY_WAYS = frozenset(("UPI", "NEFT", "IMPS", "RTGS", "Busy", "Windows", "Sage", "Marg", "Ola"))
"""Names that are also ways to pay, or ordinary words."""


def find_product(words: str) -> str | None:
    """Return the name of the first product in a text of lower-case words that blanks separate."""
    found = (_NAMES[match[0]] for match in _NAME.finditer(words))
    return next((name for name in found if name not in _MONEY_WAYS), None)


def find_named_product(words: str) -> str | None:
    """Return the first product, also one whose name is an ordinary word."""
    match = _NAME.search(words)
    return _NAMES[match[0]] if match else None
