"""Checks what a user gives as the second factor, or as the password in a session. PostgreSQL decides what follows."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

from api.ports.users import Client, NewSession
from domain.accounts.user.factors import TOTP, plain_code
from infra.identity.passwords import hash_as, random_setting
from infra.identity.sessions import BEGIN_LOGIN, attempt_of, counter_key, digest, unless_throttled
from infra.identity.users.factors import passkeys
from infra.identity.users.factors.apps import find_step
from infra.identity.users.factors.seals import AppFacts
from infra.identity.users.factors.stored import FoundFactors, StoredFactors
from infra.postgres.pool import borrow_connection

FINISH_FACTOR = """
SELECT accepted, wait, events, keeps_browser FROM finish_factor(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CONFIRM_PASSWORD = "SELECT accepted, wait, events FROM confirm_password(%s, %s, %s, %s, %s, %s, %s)"  # noqa: S105
_DIGITS = 6


class Answer(NamedTuple):
    """What finish_factor compares. For a wrong answer, everything is None."""

    factor_id: str | None = None
    proof: bytes | None = None
    counter: int | None = None
    code_hash: bytes | None = None


class AnswerChecks(StoredFactors):
    """Checks answers. The methods are those of the port Factors."""

    def give_code(self, token: str, code: str, client: Client, browser: str | None) -> NewSession | None:
        found, plain = self.find_stored(token), plain_code(code)
        if found is None:
            return None
        is_of_app = len(plain) == _DIGITS and plain.isdecimal()
        answer = self._app_answer(found, plain) if is_of_app else Answer(code_hash=recovery_hash(plain))
        return self._finish(token, answer, client, browser)

    def passkey_request(self, token: str, origin: str) -> str | None:
        found = self.find_stored(token)
        known = [] if found is None else [facts for _, facts in self.passkeys_of(found, passkeys.host_of(origin))]
        return passkeys.request_json(origin, self.new_challenge(token), known) if known else None

    def give_passkey(
        self, token: str, answer: str, origin: str, client: Client, browser: str | None
    ) -> NewSession | None:
        found = self.find_stored(token)
        if found is None:
            return None
        return self._finish(token, self._passkey_answer(token, found, answer, origin), client, browser)

    def confirm_password(self, token: str, email: str, password: str, client: Client, browser: str | None) -> bool:
        with borrow_connection(self._pool) as conn:
            row = conn.execute(BEGIN_LOGIN, attempt_of(email, client, browser)).fetchone()
        setting, *_ = unless_throttled(row)
        hashes = hash_as(setting or random_setting(), password)  # No connection is held meanwhile.
        with borrow_connection(self._pool) as conn:
            row = conn.execute(CONFIRM_PASSWORD, (*_who(token, client, browser), *hashes)).fetchone()
        accepted, *_ = unless_throttled(row)
        return bool(accepted)

    def _app_answer(self, found: FoundFactors, code: str) -> Answer:
        for factor, facts in self.opened(found.stored(TOTP), AppFacts):
            if (step := find_step(facts.secret, code, found.now)) is not None:
                return Answer(factor.id, facts.proof, step)
        return Answer()

    def _passkey_answer(self, token: str, found: FoundFactors, answer: str, origin: str) -> Answer:
        challenge, id = self.take_challenge(token), passkeys.read_id(answer)
        for factor, facts in self.passkeys_of(found, passkeys.host_of(origin)):
            if challenge is not None and facts.id == id:
                count = passkeys.count_of(answer, challenge, origin, facts, factor.count)
                return Answer() if count is None else Answer(factor.id, facts.proof, count)
        return Answer()

    def _finish(self, token: str, answer: Answer, client: Client, browser: str | None) -> NewSession | None:
        session = NewSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        values = (*_who(token, client, browser), *answer, digest(session.token), digest(session.browser))
        with borrow_connection(self._pool) as conn:
            row = conn.execute(FINISH_FACTOR, values).fetchone()
        accepted, keeps_browser = unless_throttled(row)
        if not accepted:
            return None
        return NewSession(session.token, browser) if browser and keeps_browser else session


def recovery_hash(plain: str) -> bytes:
    """Return what is sent of a recovery code. The database stores a hash of it. A code has 79 random bits."""
    return hashlib.sha256(f"recovery code {plain}".encode()).digest()


def _who(token: str, client: Client, browser: str | None) -> tuple[object, ...]:
    known = None if browser is None else digest(browser)
    return digest(token), counter_key("address", client.network), known, client.address, client.request_id
