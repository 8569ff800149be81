"""Texts of pages and of the reference repeat no number of the domain."""

import re

from domain.accounts.window import CREDIT_WINDOW
from tests.architecture.tree import ROOT


def test_only_the_domain_says_how_long_the_credit_window_is():
    literal = re.compile(rf"\b(rolling|any|last) {CREDIT_WINDOW.days} days")
    files = [path for pattern in ("*.py", "*.html") for path in (ROOT / "api").rglob(pattern)]
    assert [path.name for path in files if literal.search(path.read_text(encoding="utf-8"))] == []
