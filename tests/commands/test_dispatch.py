"""The dispatch table: no command without a handler."""

from commands.accounts.people import PeopleCommand
from commands.command import Command
from commands.dispatch import HANDLERS
from commands.document import DraftDocument, RecordPayment, ReversePayment, UpdateDocument
from commands.notes.note import CreateNote, RecordRefund, ReverseRefund, UpdateNote
from commands.overdue import RefreshDraft, RefreshOverdue

BASES = {
    *(DraftDocument, UpdateDocument, RecordPayment, ReversePayment, RefreshOverdue, RefreshDraft, PeopleCommand),
    *(CreateNote, UpdateNote, RecordRefund, ReverseRefund),
}
"""Classes that commands share; none of them is sent itself."""


def commands(base: type[Command]) -> set[type[Command]]:
    direct = set(base.__subclasses__())
    return direct.union(*(commands(each) for each in direct))


def test_every_command_has_a_handler():
    product = {command for command in commands(Command) if command.__module__.startswith("commands.")}
    assert product - BASES == set(HANDLERS)
