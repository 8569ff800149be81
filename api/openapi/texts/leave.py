"""The texts of the API reference about leaves."""

from __future__ import annotations

from api.openapi.texts import common
from api.openapi.texts.words import TagTexts, Trial, Words
from domain.leaves.changes import MAX_DAYS_BACK
from domain.leaves.days import MAX_LEAVE_DAYS

SCOPES = {
    "leaves:read": "See leave requests, employees, and their history.",
    "leaves:write": (
        "Request, change, approve, deny, cancel and shorten leave, add and change employees, but not read them."
    ),
}

LEAVE = TagTexts(
    tag="Leaves",
    about="Requests for leave, and the decisions on them.",
    operations={
        "listLeaves": Words(
            "List leaves",
            common.LIST,
            search_words="list search filter find all leaves, who is away on leave",
        ),
        "createLeave": Words(
            "Request a leave",
            "Makes a request, which waits for a decision. "
            "A leave of half a day starts and ends on the same day; `dayPart` says which half. A leave of several days "
            "can begin in the second half of its first day (`startPart`) and end after the first half of its last day "
            "(`endPart`). An employee's pending and approved leaves never overlap; they may take opposite halves of "
            "one day.",
            search_words="create apply for leave, request sick or earned leave, half day, two and a half days",
        ),
        "getLeave": Words(
            "Get a leave",
            common.GET,
            search_words="get fetch one single leave by id",
        ),
        "updateLeave": Words(
            "Change, approve, deny, cancel or shorten a leave",
            common.UPDATE.format(
                steps="`approved`, `denied` or `cancelled`",
                fields="A decision is final. Send it without changes of other fields. An approved leave can be "
                "cancelled until the day before it begins.\n\n"
                "**Pending:** dates, parts, `type` and `reason` can be changed. If your change leaves one day of "
                "several, a half day in `startPart` or `endPart` that you do not send moves to `dayPart`.\n\n"
                "**Approved:** the leave can be cut short, also when it has begun or is over. Send an earlier "
                f"`endDate`, not before `startDate` and at most {MAX_DAYS_BACK} days ago; with `endPart` `first_half` "
                "the leave ends at noon. If one day is left, its half moves to `dayPart`. The freed days can be "
                "requested again. For more days, request another leave.\n\n"
                "`metadata` can be changed at any time, also together with a decision.",
            ),
            search_words="approve, deny, reject, cancel, delete a leave request, edit change pending leave, cut short "
            "shorten approved leave, came back early, end leave earlier",
        ),
        "listLeaveEvents": Words(
            "List a leave's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single leave",
        ),
    },
    fields={
        "employeeId": (
            "Your own id of the employee: any text of 1 to 64 letters, digits, `-` and `_`, such as the number in your "
            "payroll. Nobody has to be created first. Or the id of an employee (`employee_…`): it must be one of "
            "yours, and active."
        ),
        "employeeName": "The employee's name, as people read it; that of the employee if it is absent.",
        "type": "`earned` for paid leave that was earned, `sick` for illness.",
        "UpdateLeave.status": "The status to set: `approved`, `denied` or `cancelled`. A decision is final.",
        "decidedAt": "When the leave was approved, denied or cancelled, in UTC; null while it is pending.",
        "days": "Calendar days, including the first and the last; half a day is 0.5.",
        "dayPart": "For a leave of one day: how much of the day is taken. For a leave of several days it is always "
        "`full`; use `startPart` and `endPart`.",
        "startPart": "For a leave of several days: how much of the first day is taken. For a leave of one day it is "
        "always `full`; use `dayPart`.",
        "endPart": "For a leave of several days: how much of the last day is taken. For a leave of one day it is "
        "always `full`; use `dayPart`. "
        "If you send `first_half` for an approved leave of one day, it moves to `dayPart`.",
        "startDate": "The first day of the leave.",
        "endDate": f"The last day of the leave, which is included. A leave has at most {MAX_LEAVE_DAYS} days.",
        "reason": "Why the employee asks for leave.",
        "note": "A note on the decision.",
        "availableActions": (
            "The actions that this status allows. The date can forbid an action: an approved leave that has begun "
            "cannot be cancelled, but can be cut short."
        ),
        "decisionNote": "The note on the decision.",
    },
    field_examples={"decisionNote": "Enjoy it", "UpdateLeave.reason": "A wedding in the family"},
    statuses={
        "pending": "The leave waits for a decision. Its days are taken: no other leave of the employee may overlap it.",
        "approved": "The leave is granted. It can be cancelled until the day before it begins, and cut short later.",
        "denied": "The leave is refused for good. Its days are free for another request.",
        "cancelled": "The leave is withdrawn for good, before or after its approval. Its days are free again.",
    },
    parameters={
        "employeeId": "Only this employee's leaves. The id of an employee and the `externalId` find the same.",
        "dateFrom": "Only leaves that end on or after this day.",
        "dateTo": "Only leaves that start on or before this day.",
    },
    examples={
        "createLeave": {
            "employeeId": "emp-7",
            "employeeName": "Asha Rao",
            "type": "earned",
            "startDate": "{today+30}",
            "endDate": "{today+32}",
            "reason": "A wedding in the family",
        },
        "updateLeave": {"status": "approved", "note": "Enjoy it"},
    },
    scopes=SCOPES,
    trial=Trial(
        "This command requests leave on {day} for a trial employee. To undo the request, PATCH the leave with the "
        "status cancelled or denied.",
        {
            "employeeId": "{own}",
            "type": "earned",
            "startDate": "{day}",
            "endDate": "{day}",
            "reason": "A trial of {own}",
        },
    ),
)
