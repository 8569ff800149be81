"""Makes an organization with its owner and first key, for somebody who has proved that this is allowed.

All of it is one transaction of the application's role, in which SQL functions add the organization and the user.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from api.ports.request.deadline import deadline
from api.ports.users import Client
from api.ports.users.setup import Founded, Founder, SetupRefused, Verdict
from commands.accounts.api_key import IssueKey
from commands.accounts.people import AddPerson
from commands.command import Actor, Command, Context, Person
from commands.dispatch import handle
from domain.accounts.key_secret import new_secret, stored_parts
from domain.accounts.mode import key_prefix
from domain.accounts.people import people_id
from domain.accounts.user import ROLES
from domain.registry import SCOPES
from domain.text import text_key
from infra.identity.users import new_user_id
from infra.log.heads import LogState, lock_calls, locked_state
from infra.log.ids import new_id
from infra.log.security_events import security_event_calls, write_lines
from infra.log.unit_of_work import PostgresUnitOfWork, organization_call
from infra.postgres.database import Row, get_now, is_distributed
from infra.postgres.statements import Call
from infra.postgres.wire import BEGIN, COMMIT, wire_of

FIRST_KEY = "First key"
"""The name of the key that a new organization has."""
_OWNER = ROLES[0]


class Proof(NamedTuple):
    """What somebody has shown, such as a code, and the SQL functions that judge it.

    Both return a verdict, the tries that are left, and a security event as JSON.
    """

    begin: str
    """Checks `values`, and adds an organization. Further values: its id, name and time zone, the address of the founder
    in its stored form and in lower case."""
    finish: str
    """Uses the proof up, and adds the user. Further values: the ids of the organization and of the user, the address,
    and the hash of the password."""
    values: tuple[Any, ...]


class Founding:
    """Makes one organization on a connection in autocommit mode."""

    def __init__(self, conn: Connection[Row], proof: Proof, founder: Founder, client: Client) -> None:
        self._conn, self._wire, self._proof, self._founder = conn, wire_of(conn), proof, founder
        now = get_now(conn)
        self._org_id, user_id = new_id("org", now, secrets.token_bytes(10)), new_user_id(now)
        self._user_id, self._email = user_id, text_key(founder.email)
        self._context = Context(
            org_id=self._org_id,
            actor=Actor("user", user_id),
            request_id=client.request_id,
            person=Person("user", user_id, client.address),
        )

    def execute(self, password_hash: str) -> Founded:
        """Make the organization. Raises SetupRefused; then nothing is stored but what the proof counts."""
        try:
            self._begin()
            stored, state = self._finish(password_hash)
            return self._store(stored, state)
        except BaseException:
            PostgresUnitOfWork(self._conn, self._context, secrets.token_bytes).rollback()
            raise

    def _begin(self) -> None:
        founder = self._founder
        values = (self._org_id, founder.organization, founder.time_zone, self._email, founder.email.strip().lower())
        call = self._wire.bind(self._proof.begin, (*self._proof.values, *values))
        verdict = self._wire.send(deadline(), [BEGIN, call])[0].rows()[0]
        if verdict[0] != Verdict.RIGHT:
            self._wire.send(deadline(), [COMMIT])[0].check()
        judge(verdict)

    def _finish(self, password_hash: str) -> tuple[bytes, LogState]:
        """Use the proof up. Return the stored security event, and the state of the new log."""
        if is_distributed(self._conn):  # a transaction cannot use a log that another role has added in it
            self._wire.send(deadline(), [COMMIT])[0].check()
            self._wire.send(deadline(), [BEGIN])[0].check()
        values = (*self._proof.values, self._org_id, self._user_id, self._email, password_hash)
        calls = [
            organization_call(self._org_id),
            self._wire.bind(self._proof.finish, values),
            *lock_calls(self._wire, self._org_id),
        ]
        outcome = self._wire.send(deadline(), calls)[0]
        verdict = outcome.rows(1)[0]
        judge((*verdict[:2], None))
        return verdict[2], locked_state(outcome.rows(2)[0], outcome.rows(3)[0])

    def _store(self, stored: bytes, state: LogState) -> Founded:
        """Store the events of the owner and of the key, and commit."""
        secret = new_secret(secrets.choice, key_prefix(self._org_id))
        owner = AddPerson(id=people_id(self._org_id), user_id=self._user_id, role=_OWNER)
        _, calls, events, state = self._run(owner, state)
        body, more, key_events, _ = self._run(IssueKey(name=FIRST_KEY, scopes=SCOPES, **stored_parts(secret)), state)
        traces = [*events, *key_events]
        outcome = self._wire.send(deadline(), [*calls, *more, *traces, COMMIT])[0]
        outcome.check()
        first = len(calls) + len(more)
        write_lines(stored, *(outcome.rows(first + number)[0][0] for number in range(len(traces))))
        return Founded(msgspec.json.decode(body, type=dict[str, Any]), secret)

    def _run(self, command: Command, state: LogState) -> tuple[bytes, Sequence[Call], Sequence[Call], LogState]:
        """Handle a command. Return the object, the calls that store it and its security events, and the state after."""
        unit = PostgresUnitOfWork(self._conn, self._context, secrets.token_bytes)
        unit.start(state, None)
        handle(command, unit)
        result, calls, after = unit.finish()
        return result.body, calls, security_event_calls(self._wire, self._context, command.trace(), result.id), after


def judge(row: Row) -> None:
    """Write the line of the security event in the row of a proof. Raises SetupRefused unless the proof is right."""
    verdict, tries_left, event = row
    write_lines(*([] if event is None else [event]))
    if verdict != Verdict.RIGHT:
        raise SetupRefused(Verdict(verdict), tries_left)
