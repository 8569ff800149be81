"""What schemathesis must know of this API: which refusals of a request that fits the schema are right."""

import re

import schemathesis

RULES = re.compile(
    "|".join(
        (
            # between two fields, or between a field and the day or the object's state
            "must not be before",
            "at most 366 days",
            "half day needs the same",
            "must not be after today",
            "cannot be changed while",
            "note is final",
            "a note comes with a step",
            "is required with a note",
            "balance due is",
            "total must be below",
            "has at most [0-9] decimals",
            # of numbers: a schema that said it would be wrong in binary floats, or for numbers in texts
            "must have at most [0-9] decimals",
            "must be a decimal number, such as",  # 1e-201 and its like
            "must be greater than 0",
            r"must be below 10\^1[25]",
            "must be at most 100",
            # its coverage phase sends If-Match: 0, which the header's pattern does not allow
            "Send the ETag as you got it",
            # between two parameters, or between a parameter and the query that made it
            "Give asOf or version, not both",
            "This request takes: order, (after|before)",
            "cursor belongs to another query",
        )
    )
)
WHOLE = re.compile("moment, or that version, has not come yet|was used before for another request")


@schemathesis.check
def a_fitting_request_is_refused_by_a_rule_alone(ctx, response, case):
    """Whatever the schema can say, it says: what is refused beyond it is one of the rules above."""
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive or response.status_code not in (400, 422):
        return
    error = response.json()["error"]
    messages = [detail["message"] for detail in error["details"] if not RULES.search(detail["message"])]
    assert not messages, f"The schema should say: {messages}"
    assert error["details"] or WHOLE.search(error["message"]), f"The schema should say: {error['message']}"
