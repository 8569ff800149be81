"""Lists filtered by metadata: `metadata[key]=value`, up to three in one request."""

from urllib.parse import quote

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import MAKERS

KEYS = ["orderId", "source", "a.b-c_D", "0"]
STORED = [
    {"orderId": "SO-1", "source": "Zapier"},
    {"orderId": "SO-2", "source": "zapier ", "a.b-c_D": "x=y&z"},
    {"orderId": "so-1", "0": ""},
    {"orderid": "SO-1", "source": "n8n"},
    {"orderId": "café", "source": "ＺＡＰＩＥＲ"},
    {},
    {"note": "50% [off] + more"},
    {"source": "Zapier Inc", "orderId": "SO-1x"},
]


@pytest.fixture
def stored(api):
    """Objects of each kind with these pairs; which of them a list returns, by their places in STORED."""
    ids = {
        collection: [make(api, metadata=metadata)["id"] for metadata in STORED] for collection, make in MAKERS.items()
    }

    def found(collection, **params):
        return [ids[collection].index(each["id"]) for each in api.read(collection, sort="createdAt", **params)]

    return found


@all_cases("collection", MAKERS)
def test_a_pair_is_found_by_its_exact_key_and_the_text_key_of_its_value(stored, collection):
    cases = [
        ({"orderId": "SO-1"}, [0, 2]),
        ({"orderId": "  so-1\u200b"}, [0, 2]),
        ({"orderid": "SO-1"}, [3]),
        ({"OrderId": "SO-1"}, []),
        ({"source": "ZAPIER"}, [0, 1, 4]),
        ({"source": "Zapier  inc"}, [7]),
        ({"source": "zap"}, []),
        ({"orderId": "cafe\u0301"}, [4]),
        ({"a.b-c_D": "X=Y&Z"}, [1]),
        ({"0": ""}, [2]),
        ({"0": "\u200b "}, [2]),
        ({"source": ""}, []),
        ({"note": "50% [OFF] + more"}, [6]),
        ({"orderId": "SO-1", "source": "zapier"}, [0]),
        ({"orderId": "SO-1", "source": "n8n"}, []),
        ({"orderId": "SO-2", "source": "zapier", "a.b-c_D": "x=y&z"}, [1]),
        ({"orderId": "SO=1"}, []),
    ]
    for pairs, expected in cases:
        params = {f"metadata[{key}]": value for key, value in pairs.items()}
        assert stored(collection, **params) == expected, pairs


@all_cases("collection", MAKERS)
def test_a_changed_pair_is_found_by_its_new_value_alone(api, collection):
    path = f"{collection}/{MAKERS[collection](api, metadata={'a': '1', 'b': '1'})['id']}"

    def found(key, value):
        return len(api.read(collection, **{f"metadata[{key}]": value}))

    api.update(path, {"metadata": {"a": "2"}})
    assert (found("a", "1"), found("a", "2"), found("b", "1")) == (0, 1, 1)
    api.update(path, {"metadata": {"a": None}})
    assert (found("a", "2"), found("b", "1")) == (0, 1)
    api.update(path, {"metadata": None})
    assert found("b", "1") == 0


@pytest.mark.parametrize("name", ["metadata[orderId]", "metadata%5BorderId%5D", "metadata%5borderId%5d"])
def test_the_brackets_may_be_escaped(api, name):
    invoice = MAKERS["invoices"](api, metadata={"orderId": "a b+c"})
    MAKERS["invoices"](api)
    for value in ("a+b%2Bc", "a%20b%2Bc", quote("A B+C")):
        found = api.get(f"invoices?{name}={value}").json()["data"]
        assert [each["id"] for each in found] == [invoice["id"]]


def test_it_joins_other_filters_and_its_pages_follow_each_other(api):
    numbers = [MAKERS["invoices"](api, metadata={"s": "é"}, clientId=f"c{n % 2}")["invoiceNumber"] for n in range(6)]
    response = api.get("invoices", params={"metadata[s]": "É", "clientId": "c0", "limit": 1, "sort": "createdAt"})
    found = []
    while True:
        page = response.json()
        found += [each["invoiceNumber"] for each in page["data"]]
        if not page["pagination"]["hasMore"]:
            break
        response = api.get(page["pagination"]["nextUrl"])
    assert found == numbers[::2]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"metadata[s]": "2"},
        {"metadata[t]": "1"},
        {"metadata[s]": "1", "metadata[t]": "1"},
        {"metadata[s]": "1", "status": "draft"},
    ],
)
def test_a_cursor_is_bound_to_the_pairs(api, params):
    for _ in range(2):
        MAKERS["invoices"](api, metadata={"s": "1"})
    cursor = api.get("invoices", params={"metadata[s]": "1", "limit": 1}).json()["pagination"]["nextCursor"]
    error_of(api.get("invoices", params={**params, "cursor": cursor}), 400, "invalid_cursor")
    assert len(api.read("invoices", **{"metadata[s]": " 1", "cursor": cursor})) == 1


@all_cases("collection", MAKERS)
@all_cases(
    "name",
    [
        "metadata[]",
        "metadata[a b]",
        "metadata[é]",
        f"metadata[{'k' * 41}]",
        "metadata[a][b]",
        "metadata[a\n]",
        "metadata[*]",
    ],
)
def test_a_key_that_cannot_be_is_an_invalid_parameter(api, collection, name):
    error = error_of(api.get(collection, params={name: "1"}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == [name]


@all_cases("name", ["metadata", "metadata[a", "metadata.a", "Metadata[a]", "metadata(a)", "[a]", "metadata]a["])
def test_another_name_is_an_unknown_parameter_and_the_right_form_is_named(api, name):
    error = error_of(api.get("invoices", params={name: "1"}), 400, "unknown_parameter")
    assert [detail["field"] for detail in error["details"]] == [name]
    assert "metadata[key]" in error["message"]


@all_cases("value", ["v" * 501, "a\0", ["1", "1"], ["1", "2"], "\0"])
def test_a_value_that_cannot_be_is_an_invalid_parameter(api, value):
    error = error_of(api.get("bills", params={"metadata[a]": value}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == ["metadata[a]"]


@all_cases("collection", MAKERS)
def test_more_than_three_pairs_are_refused(api, collection):
    params = {f"metadata[{key}]": "1" for key in "abcde"}
    error = error_of(api.get(collection, params=params), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == ["metadata[d]", "metadata[e]"]
    assert api.get(collection, params=dict(list(params.items())[:3])).status_code == 200


def test_events_take_no_metadata(api):
    error_of(api.get("events", params={"metadata[a]": "1"}), 400, "unknown_parameter")
