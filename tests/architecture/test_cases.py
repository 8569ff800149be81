"""Cases that share a test: each is tried, and those that fail are named."""

import pytest

from tests.support.cases import all_cases


@pytest.fixture
def limit():
    return 2


def test_all_cases_are_tried_and_the_failures_are_named(limit):
    tried = []

    @all_cases("number", [1, 2, pytest.param(3, id="three"), 4])
    @all_cases(("sign", "word"), [(1, "plus"), (-1, "minus")], ids=["+", "-"])
    def is_small(limit, number, sign, word):
        tried.append((number, word))
        assert number * sign <= limit

    with pytest.raises(BaseExceptionGroup) as failed:
        is_small(limit=limit)
    assert len(tried) == 8
    assert failed.value.message == "2 of 4 cases failed: three, 4"
    (inner,) = failed.value.exceptions[0].exceptions
    assert isinstance(inner, AssertionError) and inner.__notes__ == ["This is the case +."]


@all_cases("number", [1, 2])
def test_the_other_arguments_are_fixtures(limit, number):
    assert number <= limit


@all_cases("number", [1, 2])
def test_a_failure_of_pytest_is_one_of_the_case(number):
    with pytest.raises(BaseExceptionGroup, match="1 of 1 cases failed: 'x'"):
        _never_raises()


@all_cases("text", ["x"])
def _never_raises(text):
    with pytest.raises(ValueError, match=text):
        str(text)


def test_no_case_is_a_mistake():
    with pytest.raises(AssertionError, match="no cases"):
        all_cases("number", [])(_never_raises)
