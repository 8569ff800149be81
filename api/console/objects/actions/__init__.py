"""What people do with an object on its page: each action is the command of a request to the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.console.objects.actions.action import ObjectAction
from api.console.objects.actions.documents import of_bills, of_invoices
from api.console.objects.actions.notes import of_notes
from api.console.objects.actions.people import of_employees, of_leaves, of_parties
from api.resource_type import ResourceType
from domain.bill import Bill
from domain.documents.corrections import NOTE_KINDS
from domain.invoice import Invoice
from domain.leave import Leave
from domain.parties.employee import Employee
from domain.parties.party import Party


def actions_of(type_: ResourceType) -> Mapping[str, ObjectAction]:
    """Return the actions of a kind of object by their names, without the change of its fields, which has a page."""
    return _ACTIONS[type_.aggregate.kind](type_)


def row_actions(type_: ResourceType) -> tuple[ObjectAction, ...]:
    """Return the actions that a list offers in each row: the decisions on a leave."""
    actions = actions_of(type_)
    return tuple(actions[name] for name in ("approve", "deny") if name in actions)


_ACTIONS: Mapping[str, Callable[[ResourceType], Mapping[str, ObjectAction]]] = {
    Invoice.kind: of_invoices,
    Bill.kind: of_bills,
    **dict.fromkeys(NOTE_KINDS, of_notes),
    Leave.kind: of_leaves,
    Party.kind: of_parties,
    Employee.kind: of_employees,
}
