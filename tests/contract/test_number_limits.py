"""Numbers in requests: around powers of two, where an integer may overflow, each is accepted or refused."""

import pytest

from projections.views.events import MAX_POSITIONS_SEARCHED
from tests.support.client import error_of
from tests.support.scenarios import draft_invoice

SIZES = (0, 1, 7, 8, 15, 16, 31, 32, 53, 59)
"""The powers at which the types of databases and languages end."""


def around(powers):
    return sorted(
        number
        for power in powers
        for number in {2**power - MAX_POSITIONS_SEARCHED, 2**power - 1, 2**power}
        if 0 <= number < 10**18
    )


@pytest.fixture(params=["sizes", pytest.param("every power", marks=pytest.mark.long)])
def numbers(request):
    """Numbers around the sizes of common types, or around every power of two."""
    return around(SIZES if request.param == "sizes" else range(64))


QUERIES = ("after={}", "order=desc&before={}", "after={}&type=invoice.sent", "order=desc&before={}&limit=1")


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("of", ["the log", "one object"])
def test_a_position_of_any_size_is_read_or_refused_as_beyond_the_log(api, numbers, of, query):
    path = "events" if of == "the log" else f"invoices/{draft_invoice(api)['id']}/events"
    for number in numbers:
        response = api.get(f"{path}?{query.format(number)}")
        if response.status_code != 200:
            assert query.startswith("after")
            assert error_of(response, 400, "position_beyond_log")["head"] < number


def test_a_version_of_any_size_is_returned_or_refused_as_future(api, numbers):
    invoice = draft_invoice(api)
    assert api.read(f"invoices/{invoice['id']}", version=1)["id"] == invoice["id"]
    for number in numbers:
        if number != 1:
            error_of(api.get(f"invoices/{invoice['id']}?version={number}"), 400, "invalid_parameter")


@pytest.mark.parametrize("path", ["invoices", "bills", "leaves", "events"])
def test_a_limit_out_of_bounds_is_refused(api, numbers, path):
    for number in numbers:
        response = api.get(f"{path}?limit={number}")
        assert response.status_code == (200 if 1 <= number <= 100 else 400), (number, response.text)


@pytest.mark.parametrize("number", [10**18, 2**63 - 1, 2**63, 2**64, 10**30])
def test_a_number_above_the_largest_is_a_position_beyond_the_log(api, number):
    error_of(api.get(f"events?after={number}"), 400, "position_beyond_log")
    assert api.get(f"events?order=desc&before={number}").json() == api.get("events?order=desc").json()
