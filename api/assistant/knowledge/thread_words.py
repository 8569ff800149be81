"""The words with which a question goes on from the one before it."""

from __future__ import annotations

import re

CONTINUES = re.compile(
    r"^\s*(?:and|also|same|only|now|what about|how about|but|or|then|so|with|in|ok|okay|aur|usme|unme|isme|inme|sirf|bas|"
    r"phir|fir|lekin|to|और|उसमें|उनमें|इसमें|सिर्फ|सिर्फ़|फिर|लेकिन|केवल|अब|ab|the|that|does that|this|give me the same|make (?:it|that)|by|as|for|from|uska|uske|uski|use|उसके|उसकी|उसे)\b"
    r"|\bit\b|\bthat\?|\bthose\b|\bsame\b|\bthem\b|\bthat one\b|\bas well\b|\binstead\b|\bwahi\b|वही",
    re.IGNORECASE,
)

WHO_DID = re.compile(
    r"\bby whom\b|\bwho (?:did|has done|changed|was (?:it|that)|made|was that)\b|^\W*(?:and |but )?(?:by )?whom?\W*$|\bkis ?ne\b|किसने",
    re.IGNORECASE,
)
"""Matches a question that asks who did something."""
