"""The words with which a question goes on from the one before it."""

from __future__ import annotations

import re

CONTINUES = re.compile(
    r"^\s*(?:and|also|same|only|now|what about|how about|but|or|then|so|with|in|ok|okay|aur|usme|unme|isme|inme|sirf|bas|"
    r"phir|fir|lekin|to|और|उसमें|उनमें|इसमें|सिर्फ|सिर्फ़|फिर|लेकिन|केवल|अब|ab|the|that|does that|this|give me the same|make (?:it|that)|by|as|for|from|uska|uske|uski|use|उसके|उसकी|उसे)\b"
    r"|\bit\b|\bthat\?|\bthose\b|\bsame\b|\bthem\b|\bthat one\b|\bas well\b|\binstead\b|\bwahi\b|वही",
    re.IGNORECASE,
)

REFERS = re.compile(
    r"\b(?:of|for|from|among|between|with|about|on|to) (?:them|those|these|it|that)\b|\b(?:unme|inme|usme|isme|unmein|unki|unka)\b|उनमें|इनमें|उनकी|उनका",
    re.IGNORECASE,
)
"""Matches a question that refers to the subject of the one before it, such as "how many of them", however long it is."""
WHO_DID = re.compile(
    r"\bby whom\b|\bwho (?:did|has done|changed|was (?:it|that)|made|was that)\b|^\W*(?:and |but )?(?:by )?whom?\W*$|\bkis ?ne\b|किसने",
    re.IGNORECASE,
)
"""Matches a question that asks who did something."""

_CONNECTING = """
a about also an and are as but for from how_about i if in instead is it its just mean meant now of off ok okay on one ones only or
other others please same so sorry still the them then these they this those to too what when with within the_one well
"""
CONNECTING = frozenset(f"{_CONNECTING}".split()) | {""}
"""Words beside which a follow-up question names one thing and nothing else. Small words of Hindi have no meaning."""
_SORTS = """
approve deny cancel
client vendor employee
create update delete
rotate revoke
pause resume
owner admin member
400 401 403 404 405 409 412 413 415 422 429 500 503
usd eur gbp jpy aed kwd dollar dollars euro euros yen rupee rupees dirham dirhams
zapier make.com integromat n8n excel postman
notes description reference quantity unitprice hsn metadata
earned sick
header body url
"""
SORTS = tuple(frozenset(line.split()) for line in _SORTS.strip().splitlines())
"""Words of each line stand for the same sort of thing: a follow-up question may name one in the place of another."""
