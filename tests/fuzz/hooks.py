"""What schemathesis must know of this API: which refusals of a request that fits the schema are right."""

import re

import schemathesis

RULES = re.compile(
    "|".join(
        (
            # between two fields, or between a field and the day or the object's state
            "must not be before",
            "longer than 366 days",
            "must be full unless startDate and endDate are the same day",
            "must not be after today",
            "cannot be changed while",
            "cannot be changed once the leave is",
            "is required with a note",
            "must be at most the balance due",
            "must have a total of less than",
            # of numbers: a schema that said it would be wrong in binary floats, or for numbers in texts
            "must have at most [0-9] decimal places",
            "must be a decimal number, such as",  # 1e-201 and its like
            "must be greater than 0",
            r"must be less than 10\^1[25]",
            "must be less than or equal to 100",
            # its coverage phase sends If-Match: 0, which the header's pattern does not allow
            "must be an ETag in its quotes",
            # between two parameters, or between a parameter and the query that made it
            "must not be sent together with (version|asOf)",
            "is not a query parameter of this request; it takes: order, (after|before)",
            "belongs to another query or was altered",
        )
    )
)
WHOLE = re.compile("time or version is in the future|was used before for another request")


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
