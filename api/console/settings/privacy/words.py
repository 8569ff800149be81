"""What the page Settings → Privacy says of objects, rules and requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from api.console.objects.kinds import OBJECT_PAGES
from api.pages.formats import format_day, format_thousands, format_time
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.organization.privacy import (
    BROKEN,
    CANCELLED,
    DONE,
    EXPIRED,
    GIVEN_UP,
    MAX_ATTEMPTS,
    MAX_HOURS,
    NO_LONGER_ALLOWED,
    NO_RIGHTS,
    OLD_FORMAT,
    WAITING,
    ErasingWorker,
    ErasureRequest,
    HeldGroup,
    Stay,
)
from api.ports.users import Member
from domain.privacy.retention import DOCUMENTS, LEAVES, PROCESSING, RULES, Choice

PERSON_KINDS: Mapping[str, str] = {"party": marked("Client or vendor"), "employee": marked("Employee")}
_WHY: Mapping[str, str] = {
    "documents": marked("part of your books (Companies Act, 2013, section 128(5))"),
    "its_documents": marked("its documents must be kept as long"),
    "no_documents": marked("none of its documents must be kept"),
    "leaves": marked("leaves are kept for some years after the employee leaves"),
    "not_left": marked("leaves are kept until some years after the employee leaves: enter the last day above"),
    "others_draft": marked(
        "now a draft of somebody else, whose earlier versions name this person: send it or make it void first"
    ),
    "draft": marked("a draft, which no law asks you to keep"),
    "never_issued": marked("made void before it was issued: no law asks you to keep it"),
    "test_data": marked("test data, which nobody must keep"),
}
_FAILURES: Mapping[str, str] = {
    CANCELLED: marked("It was taken back. Nothing was erased."),
    NO_LONGER_ALLOWED: marked("Who asked for it is no longer an owner or admin. Nothing was erased."),
    OLD_FORMAT: marked(
        "The log of this organization has a format in which nothing can be erased. The operator of this service can "
        "rewrite it: smartdhandha privacy upgrade"
    ),
    EXPIRED: marked("Nobody carried it out within %(hours)s hours. Nothing was erased. Ask for it again."),
    NO_RIGHTS: marked(
        "The background worker of this service may not change the log: it does not own the tables. Nothing was erased. "
        "The operator can erase with: smartdhandha privacy erase"
    ),
    GIVEN_UP: marked(
        "The background worker began %(attempts)s times and could not finish: it may need more memory or time than it "
        "has. Nothing was erased. The operator of this service can erase with: smartdhandha privacy erase"
    ),
    BROKEN: marked("The service has a fault, and nothing was erased. Ask again; if it fails again, tell the operator."),
}


class GroupRow(NamedTuple):
    """A group of objects on the page."""

    title: str
    until: str
    why: str
    erased: str
    first: list[tuple[str, str]]
    """The address and the name of some objects."""
    more: int


class RequestRow(NamedTuple):
    """A request on the page."""

    id: str
    title: str
    asked: str
    state: str
    problem: str
    subject: str
    """The id of the person while it waits; empty afterwards."""
    stays: list[str]
    has_record: bool
    is_waiting: bool


def group_row(group: HeldGroup) -> GroupRow:
    """Return what the page says of a group."""
    path = _paths().get(group.kind)
    named = [(f"{path}/{each.id}" if path else "", each.number or each.id) for each in group.first]
    erased = _("personal values already erased: %(objects)s", objects=group.erased) if group.erased else ""
    return GroupRow(
        _counted(group.kind, group.objects),
        _until(group.until),
        _why(group.why),
        erased,
        named,
        group.objects - len(group.first),
    )


def request_row(request: ErasureRequest, names: Mapping[str, str], member: Member) -> RequestRow:
    """Return what the page says of a request. `names` are those of users."""
    who, at = names.get(request.user_id) or _("a user"), format_time(request.asked_at, member.time_zone)
    result = request.result
    return RequestRow(
        request.id,
        _(PERSON_KINDS[request.kind]),
        _("Asked for by %(who)s on %(at)s", who=who, at=at),
        _state(request, member),
        "" if request.state in (WAITING, DONE) else failure_of(request.failure),
        request.subject or "",
        [] if result is None else [_stay(each) for each in result.stays],
        result is not None and result.position is not None,
        request.state == WAITING,
    )


def failure_of(failure: str | None) -> str:
    """Return why a request has failed."""
    return _(_FAILURES.get(failure or BROKEN, _FAILURES[BROKEN]), hours=MAX_HOURS, attempts=MAX_ATTEMPTS)


def worker_problem(worker: ErasingWorker, time_zone: str) -> str:
    """Return why requests wait longer than they should; an empty text if nothing is known to be wrong."""
    if worker.ran_at is None:
        return _(
            "No background worker has looked for requests yet. If this does not change within a minute, ask the "
            "operator of this service, who can also erase with: smartdhandha privacy erase"
        )
    if worker.has_failed:
        return _(
            "The background worker could not carry out a request. Ask the operator of this service to read its log."
        )
    if worker.is_late:
        at = format_time(worker.ran_at, time_zone)
        return _(
            "The background worker last looked for requests on %(at)s, so it seems not to run. Ask the operator of "
            "this service, who can also erase with: smartdhandha privacy erase",
            at=at,
        )
    return ""


def rules_of(choice: Choice) -> list[str]:
    """Return for how long records are kept, in sentences."""
    documents = max(choice.document_years or 0, RULES[DOCUMENTS].years)
    since = RULES[PROCESSING].since
    leaves = RULES[LEAVES].years if choice.leave_years is None else choice.leave_years
    return [
        _(
            "Invoices that were sent and bills that were opened: %(years)s financial years after that of their last "
            "entry (Companies Act, 2013, section 128(5)).",
            years=documents,
        ),
        _("Parties: as long as one of the documents that name them."),
        _(
            "Leaves and employees: %(years)s years after the employee leaves, as this organization has chosen.",
            years=leaves,
        ),
        _("Drafts, and documents that were made void before they were issued, need not be kept."),
        _(
            "Who has done what, and when: one year, from %(day)s (Digital Personal Data Protection Rules, 2025, rule "
            "8(3)).",
            day="" if since is None else format_day(since),
        ),
    ]


def _state(request: ErasureRequest, member: Member) -> str:
    if request.state == WAITING:
        return _("Waits for the background worker, which looks for requests every 20 seconds")
    if request.result is None or request.ended_at is None:
        return ""
    at = format_time(request.ended_at, member.time_zone)
    if request.result.position is None:
        return _("Done on %(at)s: nothing could be erased", at=at)
    return _(
        "Done on %(at)s: erased from %(objects)s objects with %(events)s events, recorded at position %(position)s",
        at=at,
        objects=format_thousands(request.result.objects),
        events=format_thousands(request.result.events),
        position=request.result.position,
    )


def _stay(stay: Stay) -> str:
    parts = (_counted(stay.kind, stay.objects), _until(stay.until), _why(stay.why))
    return " · ".join(each for each in parts if each)


def _counted(kind: str, objects: int) -> str:
    titles = {each.kind: each.title for each in OBJECT_PAGES}
    title = _(titles[kind]) if kind in titles else kind
    return _("%(kind)s: %(objects)s", kind=title, objects=format_thousands(objects))


def _until(until: date | None) -> str:
    return "" if until is None else _("until %(day)s", day=format_day(until))


def _why(why: str) -> str:
    return _(_WHY[why]) if why in _WHY else why


def _paths() -> dict[str, str]:
    return {each.kind: each.path for each in OBJECT_PAGES}
