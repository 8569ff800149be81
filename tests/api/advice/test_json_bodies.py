"""What is said about a body that is not JSON."""

from hypothesis import given
from hypothesis import strategies as st

from api.advice.json_bodies import json_problem
from tests.support.cases import all_cases

REASON = "what the parser says"


@all_cases(
    ("body", "problem"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("{'clientId': 'a'}", "names and texts need double quotes"),
        ("[{'clientId': 'a'}]", REASON),
        ('\'{"clientId": "a"}\'', "cmd needs double quotes"),
        ("{clientId: a}", "PowerShell"),
        ('{\n  clientId: "a"}', "PowerShell"),
        ("{\u201cclientId\u201d: \u201ca\u201d}", "typographic quotes"),
        ('{"clientId": {{id}}}', "in double braces"),
        ('{"clientId": None}', "true, false and null"),
        ('{"a": [True]}', "true, false and null"),
        ("clientId=acme&x=1", "it is a form"),
        ('{"clientId": "a",}', REASON),
        ('{"clientId"', REASON),
    ],
)
def test_a_frequent_mistake_is_named(body, problem):
    message = json_problem(body.encode(), REASON)
    assert problem in message and message.startswith("The body is") and message.endswith(".")


@given(st.binary())
def test_nothing_of_the_body_is_repeated(body):
    assert json_problem(body, REASON).isascii() and len(json_problem(body, REASON)) < 150


def test_a_long_body_is_searched_in_bounded_time():
    for body in (b"{" * 10**6, b"{{" * 10**6, b" " * 10**6 + b"x", b"a" * 10**6, b"[" + b" " * 10**6):
        assert json_problem(body, REASON)
