"""The words with which people say that they got an error."""

from __future__ import annotations

import re

STATUS = re.compile(
    r"\b(?:error|http|status|code|got|get|getting|gets|gives?|why|a|an|returns?|mean\w*|is) ?:? ?(4\d\d|50\d)\b|^\W*(4\d\d|50\d)\b"
    r"|\b(4\d\d|50\d) (?:error|status|code|response|mean|a+|aaya|aya|a+t[aei]|mil\w*|de|deta|dikh\w*|ky[ou]\w*|kaise|ka)\b"
    r"|\b(4\d\d|50\d) (?:एरर|आ|मिल|दे|दिख|क्यों|का)",
    re.IGNORECASE,
)
"""Matches the status of a failure next to words that say that someone got it. One blank stands for any white space."""
