"""A check for schemathesis: which refusals of a request that matches the schema are right."""

import re

import schemathesis

FIELD_RULES = re.compile(
    "|".join(
        (
            # between two fields, or between a field and the day or the object's state
            "must not be before",
            "longer than 366 days",
            "must be full (unless|when) startDate and endDate are the same day",
            r"must not be after (today|dateTo|dueTo|to\b)",
            "cannot be changed while",
            "cannot be changed once the leave is",
            "must not be sent together with [A-Za-z, ]+; send these changes in a separate request",
            "is required (with|for) (a note|the kind)",
            "must be at most the balance due",
            # between two fields of a note, and between a note and what is left of its document
            "must be left out if .*; send one of the two",
            "must be the id of one of your organization's",
            "names a (draft|void|document (of which nothing is left|for which))",
            "must be at most what is (left|to be refunded)|must be less than .* all that is left",
            "must be the number of a line|names (line [0-9]+ once more|a line of which nothing is left)",
            "comes to .* (is left of|at the price of) line|cannot be (divided|spread)|must leave the document a total",
            "needs the GSTIN of your organization",
            # about notes: what the document is, and what is left of it
            "must be the id of one of your organization's (invoices|bills)",
            "names (a draft|a void|a document of which|line [0-9]+ once more|a line of which)",
            "must be the number of a line, from 1 to",
            "must be at most what is (left|to be refunded)",
            "must be less than .*: all that is left|comes? to .* (left of line|must come to more than 0)",
            "cannot be divided so",
            "must be left out if (items says|there is a quantity)",
            "must be the id that adopt names, or left out",
            "must be an id of your own: this one has the form",
            "must be at most [0-9]+, the end of the log",
            "must have a total of less than",
            # about numbers: a schema with these rules would be wrong for binary floats, or for numbers in strings
            "must have at most [0-9] decimal places",
            "must be a decimal number, such as",  # for numbers such as 1e-201
            "must be greater than 0",
            r"must be less than 10\^1[25]",
            "must be less than or equal to 100",
            # the coverage phase of schemathesis sends If-Match: 0, although the pattern of the header forbids it
            "must be an ETag in its quotes",
            # about characters, for which no pattern is the same in all languages
            "must contain at least one visible character",
            # about where a webhook leads, which also depends on the network
            "must not contain (a fragment|credentials)",
            "must (begin with https://|name a host|be a URL)",
            "must not lead to a private",
            # between two fields of a webhook's change or replay
            "can only be sent together with the status active",
            "must not be sent together with after",
            "is required, or since",
            "must be between 0 and 7 days",
            # about numbers with a check digit, and what they say of the other fields of a party
            "must (be|begin with|have) (a GSTIN|a PAN|the GST code of a state; |the right check character)",
            "must be .*, as the GSTIN says",
            "for a party with(out)? a GSTIN",
            "must be 96 for an overseas party|96 is for parties",
            # about addresses of mails, for which no short pattern is right, and about the form of our own ids
            "must be an e-mail address",
            "must be (an id of your own|the id of (a party|an employee)|the id that adopt names)",
            "names an? (archived|party that)",
            # between two parameters, or between a cursor and the query that it belongs to
            "must not be sent together with (version|asOf)",
            r"is not a query parameter of this request \(did you mean order=(asc|desc)\?\); it takes: order,",
            "belongs to another query or was altered",
        )
    )
)
REQUEST_RULES = re.compile("time or version is in the future|was used before for another request")


@schemathesis.check
def only_a_rule_refuses_a_request_that_matches_the_schema(ctx, response, case):
    """The schema says all that a schema can say: any other refusal is one of the rules above."""
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive or response.status_code not in (400, 422):
        return
    error = response.json()["error"]
    messages = [detail["message"] for detail in error["details"] if not FIELD_RULES.search(detail["message"])]
    assert not messages, f"The schema should say: {messages}"
    assert error["details"] or REQUEST_RULES.search(error["message"]), f"The schema should say: {error['message']}"
