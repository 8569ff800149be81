"""The table from errors to HTTP: complete, in the right order, with codes of the contract."""

from functools import partial

import pytest

from api.http.errors import MAX_DETAILS, ApiError, envelope_of
from api.http.errors.codes import CODES
from api.http.errors.table import TABLE, api_error_of, mapping_of
from domain.errors import ConsoleRefusal, DomainError, Invalid, InvalidTransition, NotFound
from domain.errors.leave import LeaveHasBegun
from domain.errors.violation import Violation
from tests.support.cases import all_cases


def subclasses(error):
    """Every class below this one."""
    return [error_class for each in error.__subclasses__() for error_class in (each, *subclasses(each))]


def test_every_line_has_a_code_of_its_status():
    assert not [(each.error, each.code) for each in TABLE if each.code not in CODES[each.status]]


def test_the_codes_of_a_lines_details_are_codes_of_its_status():
    assert "invalid_cursor" in CODES[400] and "amount_exceeds_balance" in CODES[422]
    assert not [each.error for each in TABLE if each.detail_codes and each.code not in each.detail_codes]


def test_no_line_is_hidden_by_an_earlier_one_for_a_base_class():
    hidden = [
        (later.error, earlier.error)
        for place, later in enumerate(TABLE)
        for earlier in TABLE[:place]
        if issubclass(later.error, earlier.error)
    ]
    assert not hidden


@all_cases(
    "error",
    [
        each
        for each in subclasses(DomainError)
        if not each.__subclasses__()
        and each.__module__.startswith(("domain.", "commands."))
        and not issubclass(each, ConsoleRefusal)
    ],
)
def test_every_refusal_that_a_request_can_meet_has_a_line(error):
    assert mapping_of(error).status in CODES


def test_an_error_without_a_line_is_not_guessed():
    with pytest.raises(LookupError):
        mapping_of(ZeroDivisionError)


def test_a_subclass_takes_the_line_of_its_base_class():
    assert mapping_of(LeaveHasBegun).error is InvalidTransition


def test_an_api_error_is_already_a_failure():
    error = ApiError(404, "not_found", "Nothing is here.")
    assert api_error_of(error) is error


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        (["unknown_field"], "unknown_field"),
        (["unknown_field", "unknown_field"], "unknown_field"),
        (["unknown_field", "read_only_field"], "validation_failed"),
    ],
)
def test_the_code_of_a_422_is_the_one_that_all_details_share(codes, code):
    error = api_error_of(Invalid([Violation("a", each, "is wrong") for each in codes]))
    assert (error.status, error.code, len(error.details)) == (422, code, len(codes))


def test_of_many_details_only_those_that_are_shown_compute_their_suggestion():
    asked = set()

    def hint(number):
        asked.add(number)
        return f"meant{number}"

    hints = [partial(hint, number) for number in range(5000)]
    error = api_error_of(Invalid([Violation(f"f{each}", "unknown_field", "is wrong; mend it", each) for each in hints]))
    body = envelope_of(error, "req_1", "")["error"]
    assert asked == set(range(MAX_DETAILS - 1))
    assert body["details"][3]["message"] == "is wrong (did you mean meant3?); mend it"
    assert (body["details"][3]["suggestion"], "suggestion" in body["details"][-1]) == ("meant3", False)


def test_a_message_without_a_suggestion_is_shown_as_it_is():
    error = api_error_of(Invalid([Violation("a", "validation_failed", "is wrong; mend it", lambda: None)]))
    assert envelope_of(error, "req_1", "")["error"]["details"] == [
        {"field": "a", "code": "validation_failed", "message": "is wrong; mend it"}
    ]


def test_every_401_asks_for_a_bearer_token():
    lines = [each for each in TABLE if each.status == 401]
    assert lines and all(each.headers(Exception()) == {"WWW-Authenticate": "Bearer"} for each in lines)


def test_a_failure_keeps_the_message_of_its_refusal():
    refusal = NotFound("invoice", "inv_1")
    assert api_error_of(refusal).message == str(refusal)
