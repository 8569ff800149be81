"""Adds, renames and removes factors. SQL functions make the changes, and check that the user has proved who it is."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from api.ports.users import Client
from api.ports.users.factors import FactorRefused, FactorsUnavailable, NewApp, NotProved
from domain.accounts.user.factors import PASSKEY, TOTP, new_recovery_codes, plain_code
from infra.identity.sessions import digest
from infra.identity.users.factors import passkeys
from infra.identity.users.factors.answers import AnswerChecks, recovery_hash
from infra.identity.users.factors.apps import find_step, new_secret, uri_of
from infra.identity.users.factors.seals import AppFacts, SealedFactor, seal_app, seal_passkey
from infra.identity.users.factors.stored import FoundFactors
from infra.log.ids import new_id
from infra.log.security_events import write_lines
from infra.postgres.pool import borrow_connection
from infra.settings.secret_box import SecretBox, SecretUnreadable

ADD_FACTOR = """
SELECT problem, events, with_codes FROM add_factor(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
RENAME_FACTOR = "SELECT problem, events FROM rename_factor(%s, %s, %s, %s, %s)"
REMOVE_FACTOR = "SELECT problem, events FROM remove_factor(%s, %s, %s, %s, %s)"
REPLACE_CODES = "SELECT problem, events FROM replace_recovery_codes(%s, %s, %s, %s)"
RESET_MEMBER = "SELECT problem, events FROM reset_member_factors(%s, %s, %s, %s)"
PROBLEMS = {
    "too_many": "You have ten factors, which is the most. Remove one that you do not use any more.",
    "known": "This factor was added before.",
    "unknown": "There is no such factor any more. Go back, and reload the page.",
    "last": "This service requires a second factor. Add another one before you remove the last one.",
    "forbidden": "Only owners and admins can do this. Ask one of them.",
    "owner": "Only owners can remove the second factors of an owner. Ask one of them.",
    "own": "Remove your own factors on the page of your factors.",
    "gone": "This person does not belong to your organization.",
    "elsewhere": "This person also belongs to another organization, whose log-in is not yours to change. "
    "The administrator of this service can do it with: smartdhandha user reset-factors EMAIL",
}
"""What to tell the user, by the problem that an SQL function returns."""
NOT_MADE = "The browser's answer does not fit this page. Reload the page, and try again."


class PostgresFactors(AnswerChecks):
    """Implements the port Factors with a pool of connections. Without a `box`, no factor can be added."""

    def new_app(self, token: str) -> NewApp:
        found, secret = self._proved(token), new_secret()
        return _app(found, secret, self._keys().encrypt(f"{found.user_id} {secret}").decode())

    def read_app(self, token: str, sealed: str) -> NewApp | None:
        found = self._proved(token)
        try:
            user_id, _, secret = self._keys().decrypt(sealed.encode()).partition(" ")
        except SecretUnreadable:
            return None
        if user_id != found.user_id:
            return None
        if any(facts.secret == secret for _, facts in self.opened(found.stored(TOTP), AppFacts)):
            raise FactorRefused(PROBLEMS["known"])
        return _app(found, secret, sealed)

    def add_app(self, token: str, app: NewApp, code: str, name: str, client: Client) -> tuple[str, ...] | None:
        found = self._proved(token)
        step = find_step(app.secret, plain_code(code), found.now)
        if step is None:
            return None
        return self._add(token, found, TOTP, name, seal_app(self._keys(), app.secret), step, client)

    def passkey_creation(self, token: str, origin: str) -> str:
        found = self._proved(token)
        self._keys()
        known = [facts for _, facts in self.passkeys_of(found, passkeys.host_of(origin))]
        return passkeys.creation_json(origin, self.new_challenge(token), found.user_id, found.email, known)

    def add_passkey(self, token: str, answer: str, origin: str, name: str, client: Client) -> tuple[str, ...]:
        found, challenge = self._proved(token), self.take_challenge(token)
        made = None if challenge is None else passkeys.read_created(answer, challenge, origin)
        if made is None:
            raise FactorRefused(NOT_MADE)
        sealed = seal_passkey(self._keys(), made.id, made.public_key, passkeys.host_of(origin))
        return self._add(token, found, PASSKEY, name, sealed, made.counter, client)

    def rename(self, token: str, factor_id: str, name: str, client: Client) -> None:
        self._change(RENAME_FACTOR, (digest(token), factor_id, name, client.address, client.request_id))

    def remove(self, token: str, factor_id: str, client: Client, *, keeps_one: bool) -> None:
        self._change(REMOVE_FACTOR, (digest(token), factor_id, keeps_one, client.address, client.request_id))

    def replace_recovery_codes(self, token: str, client: Client) -> tuple[str, ...]:
        codes = new_recovery_codes(secrets.choice)
        self._change(REPLACE_CODES, (digest(token), stored_hashes(codes), client.address, client.request_id))
        return codes

    def reset_member(self, token: str, user_id: str, client: Client) -> None:
        self._change(RESET_MEMBER, (digest(token), user_id, client.address, client.request_id))

    def _add(
        self, token: str, found: FoundFactors, kind: str, name: str, sealed: SealedFactor, count: int, client: Client
    ) -> tuple[str, ...]:
        factor_id = new_id("factor", found.now, secrets.token_bytes(10))
        codes = new_recovery_codes(secrets.choice)
        values = (digest(token), factor_id, kind, name, *sealed, count, stored_hashes(codes))
        (with_codes,) = self._change(ADD_FACTOR, (*values, client.address, client.request_id))
        return codes if with_codes else ()

    def _change(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        """Execute a change, and write its events to the program log; return the other results.

        Raises NotProved and FactorRefused.
        """
        with borrow_connection(self._pool) as conn:
            row = conn.execute(statement, values).fetchone()
        assert row is not None
        problem, events, *others = row
        if problem == "unproved":
            raise NotProved
        if problem is not None:
            raise FactorRefused(PROBLEMS[problem])
        write_lines(*events)
        return others

    def _proved(self, token: str) -> FoundFactors:
        found = self.find_stored(token)
        if found is None or not found.proved:
            raise NotProved
        return found

    def _keys(self) -> SecretBox:
        if self._box is None:
            raise FactorsUnavailable
        return self._box


def stored_hashes(codes: tuple[str, ...]) -> list[bytes]:
    """Return the hashes of recovery codes as the database stores them."""
    return [hashlib.sha256(recovery_hash(plain_code(code))).digest() for code in codes]


def _app(found: FoundFactors, secret: str, sealed: str) -> NewApp:
    return NewApp(secret, uri_of(secret, found.email), sealed)
