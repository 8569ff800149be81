"""Topics about leaves: types, halves of days, overlaps, decisions, and what is not counted."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.leave import TYPES
from domain.leaves.changes import MAX_DAYS_BACK
from domain.leaves.days import MAX_LEAVE_DAYS

_TYPES = " and ".join(f"`{each}`" for each in TYPES)
_SHORT = "leaves#cut-an-approved-leave-short"

LEAVE_TOPICS = (
    topic(
        """type types kinds kind category | leave | many which what support there other add custom all | !payment which_are list sick_leaves see
        casual maternity paternity unpaid_leave compoff | leave type
        casual maternity paternity
        leave | types
        earned | sick | which what compare""",
        f"A leave has one of {len(TYPES)} types: {_TYPES}. There are no others, such as casual or maternity leave; put the "
        "kind into `reason` or `metadata`.",
        "createLeave leaves",
        like="""which types of leave exist
        is there casual leave
        how many kinds of leave are there""",
    ),
    topic(
        """leave | maximum long length many | day long can one single | !reason employee_have remaining balance apply_in notes half back delete cancel who which see show take took taken did
        maximum | leave | day
        leave | longer than | year day""",
        f"A leave has at most {MAX_LEAVE_DAYS} days, with the first and the last one.",
        "createLeave",
        like="""how long can a leave be
        maximum days of one leave""",
    ),
    topic(
        """weekend holiday sunday | leave day | count include counted exclude
        leave | day | count counted calculated working calendar | !remaining balance see maximum before cancel
        working | day leave
        weekend | leave
        days | calendar counted""",
        "Yes, weekends and holidays count: `days` are calendar days, with the first and the last one; half a day is 0.5. The API "
        "knows no calendar of holidays, so nothing is subtracted.",
        "leaves#request-it",
        like="""do weekends count in a leave
        how are the days of a leave counted
        is Sunday counted
        are public holidays subtracted from the days""",
    ),
    topic(
        """leave | balance remaining quota left entitlement entitled carry accrue accrual | !hour cost
        employee | leave day | many remaining balance left
        leave | allowance""",
        "No, there are no leave balances or quotas: the API keeps requests and decisions only. Add up `days` of the approved "
        "leaves (`GET /leaves?employeeId=…&status=approved`).",
        "listLeaves",
        like="""does the API keep leave balances
        how many leaves has an employee left""",
    ),
    topic(
        """two both opposite second other | half | day leave one same | can allow whether possible have take
        half | leave day | another second other | same one""",
        "Yes, two leaves may take the two opposite halves of one day, `first_half` and `second_half`; a third one, or the same half twice, "
        "is refused with 409 `leave_overlap`.",
        "errors#leave_overlap leaves#request-it",
        like="""can an employee take two half days on one date
        morning one leave and afternoon another
        two half days on the same day""",
    ),
    topic(
        "tell inform notify notified email message told | employee leave | !how_to update create delete",
        "No, a decision reaches nobody by itself: the API sends no e-mail or other message: let your tool tell the employee, for example when a "
        "webhook brings `leave.approved`.",
        "receiving-webhooks updateLeave",
        like="""does the employee get an e-mail when a leave is approved
        does approving a leave tell the employee
        who informs the employee that the leave was denied""",
    ),
    topic(
        "quarter hour hourly hours minute | leave | !create_key before",
        "No, there are no hours: a leave takes whole days or half days, which count `0.5` in `days` (`dayPart` `first_half` or `second_half`).",
        "leaves#request-it createLeave",
        like="""can leave be in hours
        two hours of leave
        kya chutti ghante me le sakte hai""",
    ),
    topic(
        """half daypart | day leave | how can allow field what support value | !apply tomorrow list price year who
        daypart startpart endpart | compare what meaning when how
        startpart endpart
        half | start end first last | several days leave
        half | day | !apply see list who code sick earned price
        half | leave | !apply see list who code sick earned""",
        "A leave can take half a day, which counts `0.5` in `days`: `dayPart` is `first_half` or `second_half` for one day (`startDate` = `endDate`). For "
        "several days, `startPart` `second_half` begins at noon and `endPart` `first_half` ends at noon. There are no hours.",
        "leaves#request-it",
        "createLeave",
        like="""how do I request half a day
        how do I record a leave from the afternoon
        what are startPart and endPart
        how many days is half a day
        a leave of two and a half days""",
    ),
    topic(
        """overlap overlapping | leave
        two | leave | same simultaneous
        same | day | leave | employee two again
        overlap""",
        "No, pending and approved leaves of one employee never overlap: the second is refused with 409 `leave_overlap`, and "
        "`conflictingId` names the other. Two opposite halves of one day may meet.",
        "errors#leave_overlap leaves#request-it",
        like="""can an employee have two leaves on one day
        can leaves overlap""",
    ),
    topic(
        """pending | back again turn return | !list
        approved approve | deny reject denied undo reverse back change pending again | leave | can after already | !list which how_to scope
        decision | final change undo reverse
        denied deny reject | approve again undo later | leave
        approve deny | undo revert
        change | decision""",
        "No, a decision is final: an approved leave can only become `cancelled` (until the day before it begins) or be cut short, "
        "and a denied one stays denied; request another leave.",
        "leaves#decide-on-it errors#invalid_transition",
        like="""can I undo an approval
        can a denied leave be approved later
        can a decision be changed back to pending""",
    ),
    topic(
        """cancel withdraw | leave approved | started begun begin began start running already over yesterday past middle | !until deadline before""",
        "No, once an approved leave has begun it cannot be cancelled: cut it short with an earlier `endDate`. Before that, until the day "
        "before it begins, PATCH `status` to `cancelled`.",
        f"{_SHORT} updateLeave",
        like="""can a leave be cancelled that has already begun
        cancel an approved leave that started yesterday
        the leave is running already, can I take it back""",
    ),
    topic(
        """cancel withdraw | approved | leave | !started begun begin began running already over
        cancel | leave | until when before many last deadline | !started begun begin began
        approved | cancel | leave | !started begun begin began""",
        "An approved leave can be cancelled until the day before it begins: PATCH `status` to `cancelled`. Once it has begun it "
        "cannot be cancelled, but cut short with an earlier `endDate`.",
        f"updateLeave {_SHORT}",
        "updateLeave",
        like="""can an approved leave be cancelled
        until when can a leave be cancelled
        how many days before can a leave be cancelled
        is an approved leave final""",
    ),
    topic(
        """shorten cut early earlier sooner back return returned | approved leave | !list version number
        back came return | early earlier | leave
        leave | shorten
        shorten | over ended past already finished
        cut | short""",
        f"Send an earlier `endDate` in a PATCH: an approved leave can be cut short before it begins, while it lasts and when it "
        f"is over, to a new last day at most {MAX_DAYS_BACK} days ago.",
        f"updateLeave {_SHORT}",
        "updateLeave",
        like="""the employee came back early
        end an approved leave sooner
        make a leave shorter""",
    ),
    topic(
        """extend lengthen longer more | approved leave | day leave | !limit half
        extend | leave""",
        "No, an approved leave only becomes shorter: for more days, request another leave. A pending one can still change.",
        f"{_SHORT} leaves#change-a-request",
        like="""can an approved leave be extended
        add days to a leave""",
    ),
    topic(
        """update change edit | pending | leave
        update change | leave | date day type reason | !approved status since can_i_see list
        update | leave request""",
        "While a leave is pending, its dates, parts, `type` and `reason` can change with a PATCH; send `status` in a request of "
        "its own. Of an approved leave only the end can change, to cut it short.",
        "updateLeave leaves#change-a-request",
        "updateLeave",
        like="""can I change a pending leave
        change the dates of a leave request""",
    ),
    topic(
        "delete | leave",
        "No, leave requests are **not deleted**: cancel them. An approved leave can be cancelled until the day before it begins. "
        "It can be cut short even after that.",
        f"updateLeave {_SHORT}",
        "updateLeave",
        like="can I delete a leave request",
        is_firm=True,
    ),
    topic(
        """who | approve deny decide | can may allow | !approved denied
        approve | leave | role manager""",
        "A program with a key that has the scope `leaves:write` approves or denies leave; the API knows no managers. Each decision "
        "is an event that names its key as `actor`.",
        "updateLeave authentication#scopes",
        like="""who can approve leave
        does the manager have to approve""",
    ),
    topic(
        """backdated back-dated retroactive backdate | leave
        past yesterday | leave | can create apply date | !list cancel approved shorten
        leave | past date | apply""",
        "Yes, a leave may lie in the past: `startDate` and `endDate` are any days from 2000 to 2099.",
        "createLeave",
        "createLeave",
        like="""can a leave lie in the past
        request leave for last week""",
    ),
    topic(
        """note decisionnote comment reason | approve deny decision | leave | !list
        decisionnote
        reason notes why explain comment say | deny reject
        reason notes comment | approve""",
        'Send `note` with the status, such as `{"status": "denied", "note": "…"}`: it is stored as `decisionNote`, up to '
        "2000 characters.",
        "leaves#decide-on-it",
        "updateLeave",
        like="""how do I give a reason when I deny a leave
        add a note to a decision""",
    ),
    topic(
        """reason | leave | required optional maximum length long must character
        reason | write give enter can field | leave sick | !deny reject approve decision""",
        "`reason` is optional and has up to 2000 characters.",
        "createLeave",
        like="""is the reason of a leave required
        can I write why somebody is ill
        where do I put the reason of a leave""",
    ),
    topic(
        "required mandatory optional | leave | field need what which",
        "Required are `employeeId`, `type` (`earned` or `sick`), `startDate` and `endDate`. Optional: `employeeName`, `dayPart`, "
        "`startPart`, `endPart`, `reason`, `metadata`.",
        "createLeave",
        "createLeave",
        like="which fields does a leave request need",
    ),
    topic(
        "status after | new create | leave | what which | !list see update",
        "A new leave is `pending`, until a PATCH sets `approved`, `denied` or `cancelled`.",
        "createLeave leaves#decide-on-it",
        like="which status has a new leave request",
    ),
)
