"""What the reference says about leaves."""

from __future__ import annotations

from api.openapi.texts import common
from api.openapi.texts.words import ModuleTexts, Words

LEAVE = ModuleTexts(
    tag="Leaves",
    about="Requests to be away, and the decisions on them. Scopes `leaves:read` and `leaves:write`.",
    operations={
        "listLeaves": Words(
            "List leaves",
            common.LIST,
            said="list search filter find all leaves, who is away on leave",
        ),
        "createLeave": Words(
            "Request a leave",
            "A half day names its half in `dayPart`, and begins and ends on the same day. Pending and approved leaves "
            "of an employee never overlap.",
            said="create apply for leave, request sick or earned leave, half day",
        ),
        "getLeave": Words(
            "Get a leave",
            common.GET,
            said="get fetch one single leave by id",
        ),
        "updateLeave": Words(
            "Approve, deny or cancel a leave",
            common.UPDATE.format(
                steps="`approved`, `denied` or `cancelled`",
                fields="One decision is final; an approved leave can be cancelled until the day before it begins.",
            ),
            said="approve, deny, reject, cancel a leave request",
        ),
        "listLeaveEvents": Words(
            "List a leave's events",
            common.OBJECT_EVENTS,
            said="history of changes of a single leave",
        ),
    },
    fields={
        "employeeId": "Your own id of the employee.",
        "employeeName": "The employee's name.",
        "days": "Calendar days, both ends included; half a day is 0.5.",
        "dayPart": "The whole day or one of its halves.",
        "startDate": "The first day.",
        "endDate": "The last day, at most 366 days in all.",
        "reason": "Why the leave is asked for.",
        "note": "Goes with a decision.",
        "decisionNote": "What was said with the decision.",
    },
    parameters={
        "employeeId": "This employee's alone.",
    },
    examples={
        "createLeave": {
            "employeeId": "emp-7",
            "employeeName": "Asha Rao",
            "type": "earned",
            "startDate": "2026-02-02",
            "endDate": "2026-02-04",
            "reason": "A wedding in the family",
        },
        "updateLeave": {"status": "approved", "note": "Enjoy it"},
    },
)
