"""What a sample contains. Whether it runs is tested in tests/docs/test_samples.py."""

import pytest

from api.samples.languages import LANGUAGES, POWERSHELL, render_all
from api.samples.request import SampleRequest, Variable

GET = SampleRequest("GET", "https://api.example.com/api/v1/invoices")
POST = GET._replace(method="POST", body={"clientId": "acme"})


@pytest.mark.parametrize("language", [*LANGUAGES.values(), POWERSHELL], ids=lambda language: language.id)
def test_the_key_comes_from_the_environment_and_only_where_one_is_needed(language):
    assert "SD_KEY" in language.render(GET)
    assert "SD_KEY" not in language.render(GET._replace(needs_key=False))


@pytest.mark.parametrize("language", [*LANGUAGES.values(), POWERSHELL], ids=lambda language: language.id)
def test_an_idempotency_key_goes_with_writes_only(language):
    assert "Idempotency-Key" in language.render(POST)
    assert "Idempotency-Key" not in language.render(GET)
    assert "Idempotency-Key" not in language.render(POST._replace(needs_key=False))
    assert "order-7" in language.render(POST._replace(idempotency_key="order-7"))


def test_query_parameters_are_encoded():
    assert GET._replace(query={"status": "sent,paid", "search": "a&b"}).address.endswith(
        "?status=sent,paid&search=a%26b"
    )


def test_only_named_variables_are_variables():
    parts = GET._replace(variables=("RUN", "RUN_ID")).parts("a$RUN_ID-$RUN$HOME")

    assert parts == ["a", "RUN_ID", "-", "RUN", "$HOME"]
    assert [isinstance(part, Variable) for part in parts] == [False, True, False, True, False]


def test_a_long_body_has_a_line_for_each_field():
    code = render_all(POST._replace(body={"clientId": "acme", "items": [{"description": "x" * 40}] * 2}))

    assert '"clientId": "acme",\n' in code["curl"]
    assert "clientId: \"acme\",\n" in code["javascript"]  # fmt: skip


def test_powershell_keeps_what_would_end_a_text_or_begin_a_variable():
    quoted = POWERSHELL.render(POST._replace(url="https://a/it's"))
    filled = POWERSHELL.render(POST._replace(body={"a": "$RUN `$x"}, variables=("RUN",)))

    assert "'https://a/it''s'" in quoted
    assert '{"a": "${env:RUN} ```$x"}' in filled
