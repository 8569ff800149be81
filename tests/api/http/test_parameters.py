"""Query parameters: every unknown or wrong one is named."""

from functools import partial

import falcon.testing
import pytest

from api.http.parameters import Reader, parse_position, read_moment, read_parameters, refuse_parameters
from domain.reading import parse_word
from projections.query.refusals import InvalidQuery

READERS: dict[str, Reader] = {"order": partial(parse_word, words=("asc", "desc")), "after": parse_position}


def request_with(query):
    """A request with this query string."""
    return falcon.testing.create_req(query_string=query)


def problems(read, query):
    """Each wrong parameter with its code."""
    with pytest.raises(InvalidQuery) as refused:
        read(request_with(query))
    return {violation.field: violation.code for violation in refused.value.violations}


def test_parameters_are_parsed_by_name():
    assert read_parameters(request_with("order=desc&after=7"), READERS) == {"order": "desc", "after": 7}


def test_every_wrong_parameter_is_named_at_once():
    query = "order=up&after=-1&page=2"
    assert problems(lambda req: read_parameters(req, READERS), query) == {
        "order": "invalid_parameter",
        "after": "invalid_parameter",
        "page": "unknown_parameter",
    }


def test_a_parameter_that_is_given_twice_is_refused():
    assert problems(lambda req: read_parameters(req, READERS), "after=1&after=2") == {"after": "invalid_parameter"}


def test_where_no_parameter_is_taken_each_is_unknown():
    refuse_parameters(request_with(""))
    assert problems(refuse_parameters, "limit=1") == {"limit": "unknown_parameter"}


def test_a_moment_is_a_time_or_a_version():
    assert read_moment(request_with("")) is None
    by_version, by_time = read_moment(request_with("version=3")), read_moment(request_with("asOf=2026-01-31T09:30:00Z"))
    assert by_version is not None and (by_version.as_of, by_version.version) == (None, 3)
    assert by_time is not None and by_time.version is None and by_time.as_of is not None


def test_a_time_and_a_version_together_are_refused():
    query = "asOf=2026-01-31T09:30:00Z&version=3"
    assert problems(read_moment, query) == {"asOf": "invalid_parameter", "version": "invalid_parameter"}


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "x"])
def test_versions_begin_with_one(text):
    assert problems(read_moment, f"version={text}") == {"version": "invalid_parameter"}
