"""The origins that may call the API: exactly as browsers send them, and never all of them."""

import pytest

from infra.settings import SettingsError, load
from tests.support.cases import all_cases

VARIABLE = "SMARTDHANDHA_CORS_ORIGINS"


@all_cases(
    ("text", "origins"),
    [
        ("", ()),
        ("https://app.example.in", ("https://app.example.in",)),
        ("https://a.in,http://localhost:3000", ("https://a.in", "http://localhost:3000")),
        (" https://a.in , https://b.in:8443 ", ("https://a.in", "https://b.in:8443")),
        ("https://a.in,https://a.in", ("https://a.in",)),
        ("http://[::1]:3000", ("http://[::1]:3000",)),
        ("https://xn--80ak6aa92e.com", ("https://xn--80ak6aa92e.com",)),
    ],
)
def test_origins_that_are_accepted(text, origins):
    assert load({VARIABLE: text}).cors_origins == origins


@all_cases(
    "text",
    [
        "app.example.in",
        "https://app.example.in/",
        "https://app.example.in/x",
        "https://App.example.in",
        "https://app.example.in:443",
        "http://app.example.in:80",
        "https://*.example.in",
        "https://app.example.in,",
        "https://a.in https://b.in",
        "https://user@app.example.in",
        "https://аpp.example.in",
        "ftp://app.example.in",
        "null",
        "https://app.example.in?x",
        "https://app.example.in:0",
        "https://",
    ],
)
def test_origins_that_no_browser_sends_are_refused(text):
    with pytest.raises(SettingsError) as refused:
        load({VARIABLE: text})
    (problem,) = refused.value.problems
    assert problem.startswith(f"{VARIABLE} must be origins separated by commas, such as https://app.example.in,")
    assert problem.endswith(f"not {text!r}.")


@pytest.mark.parametrize("text", ["*", "https://app.example.in,*", " * "])
def test_all_origins_are_refused_with_the_reason(text):
    with pytest.raises(SettingsError, match=r"must name each origin, .* \(with \*, every website could call the API\)"):
        load({VARIABLE: text})
