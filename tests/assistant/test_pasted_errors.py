"""A pasted error is explained by its own members, also when it was pasted only in part."""

import json

from tests.support.cases import all_cases


def body(code, **members):
    return json.dumps(
        {"success": False, "error": {"code": code, "message": "…", "status": 400, "details": [], **members}}
    )


@all_cases(
    ("pasted", "parts"),
    [
        (body("insufficient_scope", requiredScope="leaves:write", keyScopes=["leaves:read"]), ("leaves:write", "leaves:read")),
        (body("rate_limited", limit=1000, windowDays=30, resetAt="2026-12-03T04:30:00.000000Z"), ("2026-12-03 04:30 UTC", "10:00 in India")),
        (body("leave_overlap", conflictingId="leave_01M8"), ("leave_01M8", "Cancel")),
        (body("invalid_transition", allowed=["cancelled"], message="This leave is approved and cannot become denied."), ("`approved`", "`cancelled`")),
        (body("position_beyond_log", head=47990), ("47990", "backup")),
        (body("validation_failed", details=[{"field": "type", "code": "x", "message": "must be one of: earned, sick"}]), ("`type` must be one of: earned, sick",)),
    ],
)  # fmt: skip
@all_cases("cut", [0, 2])
def test_its_members_are_in_the_explanation(pasted, parts, cut, ask):
    answer = ask(f"what is this? {pasted[: len(pasted) - cut]}").reply.answer
    assert [part for part in parts if part not in answer] == []


def test_a_message_alone_is_recognised(ask):
    question = "This cursor belongs to another query, or was altered; start again without it."
    assert ask(question).first == "errors#invalid_cursor"
