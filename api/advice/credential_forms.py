"""Texts that clients send by mistake in place of an API key, recognized by their form, with advice for the sender."""

from __future__ import annotations

import re
from typing import NamedTuple


class Form(NamedTuple):
    """A text in place of a key, recognized by its form."""

    pattern: re.Pattern[str]
    """Matches the whole text."""
    problem: str
    needs_new_key: bool
    """Whether the sender probably has no key yet."""


def _form(problem: str, *patterns: str, needs_new_key: bool = True) -> Form:
    return Form(re.compile("|".join(patterns), re.IGNORECASE | re.ASCII), problem, needs_new_key)


FORMS = (
    _form(
        "The name of a variable was sent in place of the key. Give the variable a value. In a shell, export the "
        "variable, and put the header in double quotes, not in single quotes.",
        r"\$\{?(?:env:)?\w+\}?",  # $SD_KEY, ${SD_KEY}, $env:SD_KEY
        r"%\w+%",
        r"=?\{.*\}",  # {{apiKey}} of Postman, ={{ $json.key }} of n8n, {apiKey}
        r"(?:process|os|import\.meta)\.env\W.*|os\.environ\W.*|getenv\W.*",
        needs_new_key=False,
    ),
    _form(
        "The key is empty: the variable that should hold it has no value.",
        r"undefined|null|none|nil|nan|false|\[object object\]",
        needs_new_key=False,
    ),
    _form(
        "This key is of another environment: keys begin with sd_live_, and those of test mode with sd_test_.",
        r"sd_(?!live_|test_)[a-z]+_.*",
    ),
    _form(
        "This is a key or a token of another service: keys of this API begin with sd_live_ or sd_test_.",
        r"(?:sk|pk|rk)[_-].*|whsec_.*|gh[pousr]_.*|github_pat_.*|glpat-.*|xox[a-z]-.*|akia[0-9a-z]{16}|aiza.*",
        r"re_\w{20,}|sg\..*",
        r"ey[\w-]+\.[\w-]+\.[\w-]*",  # a JSON Web Token
    ),
    _form(
        "This is only the beginning and the end of a key, as the console shows it. The console shows a whole key once, "
        "when you create it. If you have lost the key, rotate it.",
        r"sd_(?:live|test)_[^0-9a-z]+[0-9a-z]{4}",
    ),
    _form(
        "This is the example of a key, and not a key.",
        r"sd_(?:live|test)_\W*",  # sd_live_… and sd_live_...
        r"sd_(?:live|test)_([x0-9*.])\1*\W*",  # sd_live_xxx
        r"(?:sd_(?:live|test)_)?[\w-]*(?:key|secret|token|here|example|placeholder)",
        r"<.*>|\[.*\]",
        r"(?:your|my|insert|replace|enter|paste|put)\W.*",
        r"([x*.])\2*|\W+",
    ),
    _form(
        "This is an id, and not a key: keys begin with sd_live_ or sd_test_.",
        r"(?:key|org|inv|bill|leave|pay|evt|req|user)_[0-9a-z]+",
    ),
)
"""All forms. The first form that matches is used."""


def form_of(text: str) -> Form | None:
    """Return the form of a text that was sent in place of a key; None if it has none of these forms."""
    return next((form for form in FORMS if form.pattern.fullmatch(text)), None)
