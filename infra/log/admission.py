"""Admission of requests: calls the SQL function `admit`, alone or in one trip with the request's own statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec

from api.ports.admission import (
    BURST,
    ELSEWHERE,
    EXHAUSTED,
    EXPIRED,
    OVER_BUDGET,
    REVOKED,
    UNKNOWN,
    AddressNotAllowed,
    Admission,
    BudgetExhausted,
    BurstExceeded,
    Caller,
    CreditExhausted,
    ExpiredKey,
    InsufficientScope,
    KeyOwner,
    OtherLimit,
    RevokedKey,
    ScopesChanged,
    UnknownKey,
)
from api.ports.request.deadline import deadline
from commands.unit_of_work import Unavailable
from domain.accounts.window import BUDGET_POLICY, BURST_POLICY
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_wire
from infra.postgres.statements import Call, statement
from infra.postgres.wire import Wire

T = TypeVar("T")
LIMITS = {BURST: (BURST_POLICY, BurstExceeded), OVER_BUDGET: (BUDGET_POLICY, BudgetExhausted)}
"""For each verdict that names a limit besides the window, the name of the limit and the refusal."""
REFUSALS = {UNKNOWN: UnknownKey, REVOKED: RevokedKey, EXPIRED: ExpiredKey}
"""For each verdict that refuses a key, the refusal. `_decide` handles the other verdicts."""
MAX_KEYS = 10_000
"""How many keys a process remembers with their owners. When there are so many, the process forgets all of them."""


_read_limits = msgspec.json.Decoder(tuple[OtherLimit, ...]).decode


class AdmitRow(NamedTuple):
    """The row that `admit` returns, by the names of its columns.

    For an unknown key, all columns but `verdict` and `asked_at` are null.
    """

    verdict: str
    org: str
    key: str
    granted: Sequence[str]
    quota: int
    used: int
    first_at: datetime | None
    last_at: datetime | None
    readmitted_at: datetime | None
    asked_at: datetime
    more_limits: str | None
    """JSON: the limits that the key has besides its window; null for none."""

    def admission(self) -> Admission:
        """Return the row as an Admission. The verdict must not be `unknown`."""
        return Admission(
            org_id=self.org,
            key_id=self.key,
            scopes=tuple(self.granted),
            limit=self.quota,
            used=self.used,
            first_at=self.first_at,
            last_at=self.last_at,
            asked_at=self.asked_at,
            readmitted_at=self.readmitted_at,
            others=() if self.more_limits is None else _read_limits(self.more_limits),
        )


ADMIT = statement(
    f"SELECT {', '.join(AdmitRow._fields)} FROM admit($1, $2, $3, $4, $5, true)", bytes, str, str, bool, str
)
SET_ORGANIZATION = statement("SELECT set_organization($1)", str)
"""The statement SET_ORGANIZATION of `infra/postgres/database.py`, in the form that the wire sends."""
SELECT_LIVE_SIBLING = statement("SELECT coalesce(live_organization, org_id) FROM organizations WHERE org_id = $1", str)
_BY_KEY = "SELECT set_organization($1), set_config('enable_seqscan', 'off', true)"
READ_BY_KEY = statement(_BY_KEY, str)
"""Sets the transaction's organization, like SET_ORGANIZATION, and lets PostgreSQL read tables only by an index.

Otherwise it reads a small table whole, such as the heads of all logs, with all versions that the last updates left.
"""
LOCK_WITHIN = statement(f"{_BY_KEY}, set_config('lock_timeout', $2, true)", str, str)
"""The same as READ_BY_KEY, and sets how long a statement may wait for a lock."""
PLAN_ONCE, PLAN_BY_VALUE = (
    statement(f"SELECT set_organization($1, 'force_{mode}_plan')", str) for mode in ("generic", "custom")
)
"""Both statements set the transaction's organization, like SET_ORGANIZATION, and how the next statement is planned:
with PLAN_ONCE, one plan for all values; with PLAN_BY_VALUE, a new plan for the values of each call.

By default, PostgreSQL makes a new plan for each of the first five calls. After these, it may use one plan for all
values, if it estimates that this is faster. So a list could become slow at its sixth request.
"""


class PostgresAdmissionControl:
    """Implements the port AdmissionControl with a pool of connections.

    `on_verdict` is called with each verdict of the SQL function `admit`.
    """

    def __init__(self, pool: Pool, on_verdict: Callable[[str], None] = lambda _: None) -> None:
        self._pool, self._on_verdict = pool, on_verdict
        self._owners: dict[bytes, KeyOwner] = {}

    def expected_owner(self, key_hash: bytes) -> KeyOwner | None:
        return self._owners.get(key_hash)

    def organization_of(self, key_hash: bytes) -> str | None:
        """Return the id of the organization of a valid key; None for another key. It costs no credit.

        From then on this is the key's expected owner, so that its first request can be one trip. Raises Unavailable.
        """
        with borrow_wire(self._pool) as wire:
            row = AdmitRow(*wire.send(deadline(), (ADMIT.call(key_hash, "", "", True, ""),))[0].rows()[0])
        if row.verdict in REFUSALS:
            return None
        self._remember(key_hash, KeyOwner(row.org, row.key, tuple(row.granted)))
        return row.org

    def live_sibling_of(self, org_id: str) -> str:
        """Return the id of the live organization whose test mode this organization is. Raises Unavailable."""
        calls = (SET_ORGANIZATION.call(org_id), SELECT_LIVE_SIBLING.call(org_id))
        with borrow_wire(self._pool) as wire:
            live_id: str = wire.send(deadline(), calls)[0].rows()[0][0]
        return live_id

    def admit(self, caller: Caller) -> None:
        with borrow_wire(self._pool) as wire:
            self.send(wire, caller, ())

    def send(self, wire: Wire, caller: Caller, calls: Sequence[Call]) -> Outcome:
        """Send a transaction of the caller's organization and the admission of the caller in one trip.

        Return the outcome of the transaction. If this request was admitted before, send the transaction alone. Raises
        the same errors as `admit`, ScopesChanged if the transaction was made for other scopes than the key has, and
        Unavailable if the key belongs to another organization than the process remembers.
        """
        if caller.is_asked:
            return wire.send(deadline(), calls)[0]
        caller.is_asked = True
        admitted, outcome = wire.send(deadline(), (_admit(caller),), calls)
        self._decide(caller, admitted)
        return outcome

    def send_read(self, wire: Wire, caller: Caller, calls: Sequence[Call]) -> Outcome:
        """Like `send`, but the calls and the admission are one transaction, which costs less than two.

        The calls only read. The admission is the last statement, so the credits of the key are locked only for a
        moment. If one of the calls fails, the transaction leaves nothing. Then the caller is admitted in a trip of its
        own: a refusal of admission comes first, and the request costs its credit.
        """
        if caller.is_asked:
            return wire.send(deadline(), calls)[0]
        caller.is_asked = True
        outcome, admitted = wire.send(deadline(), (*calls, _admit(caller)))[0].split(len(calls))
        if outcome.error is not None:
            (admitted,) = wire.send(deadline(), (_admit(caller),))
        self._decide(caller, admitted)
        return outcome

    def _decide(self, caller: Caller, admitted: Outcome) -> None:
        """Store the caller's admission, or raise the refusal for its verdict.

        Raises ScopesChanged if the request was made for other scopes than the key has, and Unavailable if the key
        belongs to another organization than the process remembers.
        """
        row = AdmitRow._make(admitted.rows()[0])
        self._on_verdict(row.verdict)
        _check_key(row, caller)
        caller.admission = admission = row.admission()
        _check_limits(row.verdict, admission)
        owner = caller.owner
        if owner != caller.expected_owner:
            self._remember(caller.key_hash, owner)
        _check_scopes(caller, admission.scopes)
        if caller.expected_owner is not None and caller.expected_owner[:2] != owner[:2]:
            raise Unavailable("the key belongs to another organization than before")
        if caller.assumed_scopes not in (None, owner.scopes):
            raise ScopesChanged("the key has other scopes than before")

    def _remember(self, key_hash: bytes, owner: KeyOwner) -> None:
        if len(self._owners) >= MAX_KEYS:
            self._owners.clear()
        self._owners[key_hash] = owner


def _check_key(row: AdmitRow, caller: Caller) -> None:
    if row.verdict in REFUSALS:
        raise REFUSALS[row.verdict]
    if row.verdict == ELSEWHERE:
        raise AddressNotAllowed(caller.address, row.org, row.key)


def _check_limits(verdict: str, admission: Admission) -> None:
    if verdict == EXHAUSTED:
        raise CreditExhausted(admission)
    if verdict in LIMITS:
        policy, refusal = LIMITS[verdict]
        (limit,) = (each for each in admission.others if each.policy == policy)
        raise refusal(admission, limit)


def _check_scopes(caller: Caller, scopes: tuple[str, ...]) -> None:
    if caller.scope is not None and caller.scope not in scopes:
        raise InsufficientScope(caller.scope, scopes)
    if caller.any_scope and not set(caller.any_scope) & set(scopes):
        first, *others = caller.any_scope
        raise InsufficientScope(first, scopes, *others)


def _admit(caller: Caller) -> Call:
    return ADMIT.call(caller.key_hash, caller.method, caller.route, caller.free, caller.address)
