"""The key in an Authorization header, and the headers that show the credit window."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from api.http.authentication import presented_key, rate_limit_headers
from api.ports.admission import Admission
from domain.accounts.key_secret import new_secret
from domain.accounts.window import CREDIT_WINDOW

AT = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER   {} "])
def test_the_scheme_s_case_and_blanks_do_not_count(form):
    secret = new_secret(secrets.choice)
    assert presented_key(form.format(secret)) == secret


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "sd_live_abc"])
def test_without_a_bearer_token_there_is_no_key(header):
    assert presented_key(header) is None


def test_a_truncated_key_is_refused_without_a_look_up():
    assert presented_key(f"Bearer {new_secret(secrets.choice)[:-1]}") is None


@pytest.mark.parametrize(
    ("first_at", "seconds"),
    [(None, 0), (AT, 2592000), (AT - CREDIT_WINDOW, 0), (AT - CREDIT_WINDOW + timedelta(microseconds=1), 1)],
)
def test_the_reset_is_in_whole_seconds_rounded_up(first_at, seconds):
    headers = rate_limit_headers(Admission("org", "key", (), 1000, 3, first_at, first_at, AT))
    assert headers["RateLimit-Policy"] == '"rolling-30d";q=1000;w=2592000'
    assert headers["RateLimit"] == f'"rolling-30d";r=997;t={seconds}'
    assert headers["X-RateLimit-Reset"] == str(seconds)
