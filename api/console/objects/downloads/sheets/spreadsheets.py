"""Texts of other people in the cells of spreadsheets."""

from __future__ import annotations

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet program may compute. Source: OWASP, "CSV Injection"."""


def harmless(text: str) -> str:
    """Return a text that is no formula in any spreadsheet program: what looks like one gets an apostrophe."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
