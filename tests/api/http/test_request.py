"""Request ids and allowed methods."""

import pytest

from api.http.request import all_methods, request_id_of
from tests.support.cases import all_cases


@pytest.mark.parametrize("own", ["a", "A-1._z", "x" * 128])
def test_a_client_s_own_id_is_kept(own):
    assert request_id_of(own) == own


@all_cases("own", [None, "", "x" * 129, "with blank", "é", "x\n", "sd_live_abc"])
def test_an_id_that_could_harm_a_log_or_holds_a_key_is_replaced(own):
    assert request_id_of(own).startswith("req_")


def test_two_requests_have_two_ids():
    assert request_id_of(None) != request_id_of(None)


@pytest.mark.parametrize(
    ("allow", "all_of_them"),
    [
        ("GET, OPTIONS", "GET, HEAD, OPTIONS"),
        ("GET, POST", "GET, HEAD, POST, OPTIONS"),
        ("PATCH", "PATCH, OPTIONS"),
        ("GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
        ("", "OPTIONS"),
    ],
)
def test_allow_names_head_beside_get_and_always_options(allow, all_of_them):
    assert all_methods(allow) == all_of_them
