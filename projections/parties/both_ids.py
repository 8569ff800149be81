"""A party or an employee gets another id of its own only if no documents of both ids conflict with each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from domain.aggregate import Event
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.messages import shorten
from domain.errors.violation import Violation
from projections.projection import ConstraintConflict, Statement, refuse_if, sets_any


class BothIds(NamedTuple):
    """What must not conflict: objects that name a party or an employee, some by its id, some by its `externalId`."""

    constraint: str
    """The name under which a conflict is reported."""
    function: str
    """The SQL function that finds an object of one id with which one of the other id conflicts."""
    message: str
    """What is wrong, and what to do, with the `external` id and the `other` object."""


BILLS = BothIds(
    "parties_both_ids",
    "bill_of_both_ids",
    "cannot be '{external}': {other}, of this vendorId, has the same number as a document of this party in the same "
    "financial year; change one of the two numbers first, or make one of the documents void",
)
LEAVES = BothIds(
    "employees_both_ids",
    "leave_of_both_ids",
    "cannot be '{external}': the leave {other} of this employeeId overlaps a leave of this employee; cancel one first",
)


def checks_of_external_id(both: BothIds, org_id: str, row: Any, events: Sequence[Event]) -> Sequence[Statement]:
    """Return the statement that refuses a new `externalId` because of what names both ids.

    Nothing names the own id of a party or an employee that is new.
    """
    if row.version == 1 or row.external_id is None or not sets_any(events, ("external_id",)):
        return ()
    return [refuse_if(both.constraint, _select_other(both, org_id, row))]


def conflict_of_external_id(both: BothIds, org_id: str, row: Any) -> ConstraintConflict:
    """Return the conflict for a row that was refused."""
    call, values = _select_other(both, org_id, row)
    return ConstraintConflict((f"SELECT {call}", values), lambda other: _refusal(both, row.external_id, other))


def _select_other(both: BothIds, org_id: str, row: Any) -> Statement:
    return f"{both.function}(%s, %s, %s)", (org_id, row.id, row.external_id)


def _refusal(both: BothIds, external_id: str, other: str | None) -> Invalid:
    message = both.message.format(external=shorten(external_id), other=other)
    return Invalid([Violation("externalId", VALIDATION_FAILED, message)])
