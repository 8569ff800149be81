"""Reads the factors of the user of a session, and opens what is sealed in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec
from psycopg.rows import args_row, scalar_row

from api.ports.users.factors import Factor, FactorState
from domain.accounts.user.factors import PASSKEY
from infra.identity.sessions import digest
from infra.identity.users.factors.seals import Facts, PasskeyFacts, open_sealed
from infra.postgres.pool import Pool, borrow_connection
from infra.settings.secret_box import SecretBox

FIND_FACTORS = "SELECT id, email, awaits, proved, codes, factors, asked_at FROM find_factors(%s)"
KEEP_CHALLENGE = "SELECT keep_challenge(%s, %s)"
TAKE_CHALLENGE = "SELECT take_challenge(%s)"
_CHALLENGE_BYTES = 32


class StoredFactor(msgspec.Struct, frozen=True, rename="camel"):
    """A factor as find_factors returns it."""

    id: str
    kind: str
    name: str
    sealed: str
    count: int
    created_at: datetime
    used_at: datetime | None

    def shown(self) -> Factor:
        """Return what pages show."""
        return Factor(self.id, self.kind, self.name, self.created_at, self.used_at)


class FoundFactors(NamedTuple):
    """A row of FIND_FACTORS."""

    user_id: str
    email: str
    awaits: bool
    proved: bool
    codes: int
    factors: bytes
    now: datetime

    def stored(self, kind: str) -> list[StoredFactor]:
        """Return the factors of a kind, the oldest first."""
        return [factor for factor in _decode(self.factors) if factor.kind == kind]

    def state(self) -> FactorState:
        """Return what pages show."""
        factors = (
            Factor(each.id, each.kind, each.name, each.created_at, each.used_at) for each in _decode(self.factors)
        )
        return FactorState(self.user_id, self.email, self.awaits, self.proved, tuple(factors), self.codes)


_decode = msgspec.json.Decoder(tuple[StoredFactor, ...]).decode


class StoredFactors:
    """The factors in the database. Without a `box`, what is sealed in them cannot be opened."""

    def __init__(self, pool: Pool, box: SecretBox | None) -> None:
        self._pool, self._box = pool, box

    @property
    def can_add(self) -> bool:
        return self._box is not None

    def find(self, token: str) -> FactorState | None:
        found = self.find_stored(token)
        return None if found is None else found.state()

    def find_stored(self, token: str) -> FoundFactors | None:
        """Return the factors of the user of a session or a pending log-in; None if it has ended."""
        with borrow_connection(self._pool) as conn:
            return conn.cursor(row_factory=args_row(FoundFactors)).execute(FIND_FACTORS, (digest(token),)).fetchone()

    def opened(self, stored: list[StoredFactor], facts: type[Facts]) -> Iterator[tuple[StoredFactor, Facts]]:
        """Yield each factor with what was sealed. One that no key decrypts is left out."""
        for factor in stored:
            if (open_facts := open_sealed(self._box, factor.sealed, facts)) is not None:
                yield factor, open_facts

    def passkeys_of(self, found: FoundFactors, host: str) -> list[tuple[StoredFactor, PasskeyFacts]]:
        """Return the passkeys that browsers offer on this host."""
        passkeys = self.opened(found.stored(PASSKEY), PasskeyFacts)
        return [(factor, facts) for factor, facts in passkeys if facts.host == host]

    def new_challenge(self, token: str) -> bytes:
        """Return a new challenge, which takes the place of an earlier one of this session."""
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        with borrow_connection(self._pool) as conn:
            conn.execute(KEEP_CHALLENGE, (digest(token), challenge))
        return challenge

    def take_challenge(self, token: str) -> bytes | None:
        """Return the challenge of this session, which nobody gets again; None if there is none."""
        with borrow_connection(self._pool) as conn:
            taken: bytes | None = (
                conn.cursor(row_factory=scalar_row).execute(TAKE_CHALLENGE, (digest(token),)).fetchone()
            )
        return taken
