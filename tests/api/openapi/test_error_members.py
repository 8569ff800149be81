"""Every member that an error can have beside the usual ones stands in the OpenAPI document, under its name and type."""

from typing import Any

from api.http.errors.codes import CODES
from api.openapi.error_schemas import error_schemas
from api.openapi.failure_examples import failure_example
from tests.support.cases import all_cases

ALL_CODES = [code for codes in CODES.values() for code in codes if code != "method_not_allowed"]
EXTRA = {
    "invalid_transition": {"allowed"},
    "address_not_allowed": {"address"},
    "insufficient_scope": {"requiredScope", "keyScopes"},
    "duplicate_number": {"conflictingId"},
    "duplicate_payment": {"conflictingId"},
    "leave_overlap": {"conflictingId"},
    "duplicate_external_id": {"conflictingId"},
    "rate_limited": {"policy", "limit", "used", "windowDays", "resetAt", "fullyResetAt"},
}
KINDS: dict[str, Any] = {"string": str, "integer": int, "array": (list, tuple)}


@all_cases("code", ALL_CODES)
def test_the_members_of_an_error_are_documented_with_their_types(code):
    schema = error_schemas()["Error"]
    error = failure_example(code, public=False)["error"]

    assert set(schema["required"]) <= set(error) <= set(schema["properties"])
    for name in EXTRA.get(code, set()):
        kind = schema["properties"][name]["type"]
        assert isinstance(error[name], KINDS[kind if isinstance(kind, str) else kind[0]])
        assert code in schema["properties"][name]["description"]
