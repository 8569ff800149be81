"""If-Match and If-None-Match: which versions they name."""

import pytest

from api.http.errors import ApiError
from api.http.preconditions import etag, is_not_modified, versions_to_match
from tests.support.cases import all_cases


@all_cases(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"3"', {3}),
        ('"3", "4"', {3, 4}),
        ('"3",,"4"', {3, 4}),
        ('W/"3"', set()),
        ('"abc"', set()),
        ('"03"', set()),
        ('""', set()),
    ],
)
def test_if_match_names_versions_and_compares_strongly(header, versions):
    assert versions_to_match(header) == versions


@pytest.mark.parametrize("header", ["3", "", '"3', '"3" "4"', "W/3", '"3";"4"'])
def test_an_if_match_that_is_no_list_of_etags_is_refused(header):
    with pytest.raises(ApiError) as refused:
        versions_to_match(header)
    assert (refused.value.status, refused.value.code) == (400, "invalid_parameter")
    assert [detail.field for detail in refused.value.details] == ["If-Match"]


@all_cases(
    ("header", "is_match"),
    [(None, False), ('"3"', True), ('W/"3"', True), ('"2", "3"', True), ("*", True), ('"2"', False), ("3", False)],
)
def test_if_none_match_compares_weakly(header, is_match):
    assert is_not_modified(header, 3) is is_match


def test_an_etag_is_the_version_in_quotes():
    assert etag(12) == '"12"'
