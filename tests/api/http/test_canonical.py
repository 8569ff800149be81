"""The canonical form of a body: the same for two bodies that mean the same, another for any other two."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.canonical import canonical_json
from tests.support.cases import all_cases

SAME = {
    "white space": [b'{"a":1}', b' {\n"a" :\t1 } \r\n'],
    "order of members": [b'{"a":1,"b":{"c":2,"d":3}}', b'{"b":{"d":3,"c":2},"a":1}'],
    "a byte order mark": [b'{"a":1}', b'\xef\xbb\xbf{"a":1}'],
    "duplicate names": [b'{"a":2}', b'{"a":1,"a":2}'],
    "escapes": ['{"aé":"ü/\u2028"}'.encode(), rb'{"a\u00e9":"\u00FC\/\u2028"}'],
    "a pair of surrogates": ['{"a":"😀"}'.encode(), rb'{"a":"\ud83d\ude00"}'],
    "whole numbers": [b"[20]", b"[20.0]", b"[2e1]", b"[2E+1]", b"[200e-1]", b"[0.2e2]", b"[2e00000000000000000001]"],
    "fractions": [b"[0.5]", b"[5e-1]", b"[0.50]", b"[50e-2]", b"[0.05e1]", b"[0.05E+00000000000000000000001]"],
    "negative numbers": [b"[-1.5]", b"[-15e-1]", b"[-1.50]"],
    "zero": [b"[0]", b"[-0]", b"[0.0]", b"[-0.0]", b"[0e9]", b"[0.00e-7]", b"[0e99999999999999999999]"],
    "large numbers": [b"[1000000000000000000000]", b"[1e21]", b"[1000000000000000000000.0]", b"[0.1e22]"],
    "precise numbers": [b"[0.1000000000000000055511151231257827]", b"[1000000000000000055511151231257827e-34]"],
    "huge exponents": [b"[1e99999]", b"[10e99998]", b"[0.1E100000]"],
}  # fmt: skip


@all_cases("bodies", SAME.values(), ids=SAME)
def test_bodies_that_mean_the_same_have_the_same_form(bodies):
    assert len({canonical_json(body) for body in bodies}) == 1


DIFFERENT = {
    "a number and a string": [b"[20]", b'["20"]', b'["20.0"]', b'["2e1"]'],
    "a number and a boolean": [b"[1]", b"[true]", b'["true"]', b"[0]", b"[false]", b"[null]"],
    "order of a list": [b"[1,2]", b"[2,1]", b"[[1],2]", b"[1,[2]]", b"[1,2,2]"],
    "null and absent": [b"{}", b'{"a":null}', b'{"a":""}', b'{"a":{}}', b'{"a":[]}'],
    "what a float would lose": [b"[0.1]", b"[0.1000000000000000055511151231257827]", b"[0.10000000000000001]"],
    "large neighbours": [b"[9007199254740992]", b"[9007199254740993]", b"[9007199254740993.5]"],
    "case and composition": ['["é"]'.encode(), '["e\u0301"]'.encode(), '["É"]'.encode()],
    "signs": [b"[1.5]", b"[-1.5]", b"[15]", b"[0.15]"],
    "a number and its own form": [b"[0.5]", b'["5e-1"]', b'[{"5e-1":0}]'],
    "blanks inside a text": [b'["a b"]', b'["a  b"]', b'["a b "]'],
}


@all_cases("bodies", DIFFERENT.values(), ids=DIFFERENT)
def test_bodies_that_mean_something_else_have_another_form(bodies):
    assert len({canonical_json(body) for body in bodies}) == len(bodies)


NUMBERS = st.decimals(-(10**30), 10**30, allow_nan=False, allow_infinity=False).filter(bool)


@given(NUMBERS, st.integers(-30, 30))
def test_a_number_is_compared_by_its_value_however_it_is_written(number, shift):
    sign, digits, exponent = number.as_tuple()
    shifted = f"{'-' if sign else ''}{int(''.join(map(str, digits)))}e{exponent}"
    same = Decimal(shifted)
    other = f"{same:f}"
    moved = f"{'-' if sign else ''}{int(''.join(map(str, digits)))}{'0' * abs(shift)}e{exponent - abs(shift)}"
    forms = {canonical_json(f"[{text}]".encode()) for text in (shifted, other, moved)}
    assert len(forms) == 1
    assert Decimal(json.loads(forms.pop(), parse_float=Decimal, parse_int=Decimal)[0]) == same


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    max_leaves=8,  # two small values are equal more often, and take a fifth of the time
)


@pytest.mark.thorough
@given(JSON, JSON)
def test_two_values_have_the_same_form_when_they_are_equal_and_of_the_same_types(one, other):
    forms = [canonical_json(json.dumps(value).encode()) for value in (one, other)]
    assert (forms[0] == forms[1]) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


def test_a_body_of_numbers_with_large_exponents_stays_short():
    body = b"[" + b",".join([b"1e4000"] * 10_000) + b"]"
    assert len(canonical_json(body)) <= len(body)
