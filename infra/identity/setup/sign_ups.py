"""Sets up an organization for somebody whose address a link in a mail has confirmed."""

from __future__ import annotations

from api.ports.users import Client, Throttled
from api.ports.users.setup import Founded, Founder, SetupRefused, Verdict
from domain.text import text_key
from infra.identity.passwords import hash_password
from infra.identity.sessions import digest
from infra.identity.setup.founding import Founding, Proof
from infra.log.security_events import write_lines
from infra.postgres.pool import Pool, borrow_connection

REQUEST_SIGN_UP = "SELECT wait, events FROM request_sign_up(%s, %s, %s, %s, %s)"
TRY_SIGN_UP = "SELECT verdict, email FROM try_sign_up(%s, %s)"
BEGIN_SIGN_UP = "SELECT verdict, tries_left, event FROM begin_sign_up(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
FINISH_SIGN_UP = "SELECT verdict, tries_left, event FROM finish_sign_up(%s, %s, %s, %s, %s, %s, %s, %s)"


class PostgresSignUps:
    """Implements the port SignUps with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def request_link(self, email: str, client: Client) -> None:
        values = (text_key(email), email.lower(), client.network, client.address, client.request_id)
        with borrow_connection(self._pool) as conn:
            row = conn.execute(REQUEST_SIGN_UP, values).fetchone()
        assert row is not None
        wait, events = row
        write_lines(*events or ())
        if wait:
            raise Throttled(wait)

    def confirm(self, token: str, form: str = "") -> str:
        with borrow_connection(self._pool) as conn:
            row = conn.execute(TRY_SIGN_UP, (digest(token), digest(form))).fetchone()
        assert row is not None
        verdict, email = row
        if verdict != Verdict.RIGHT:
            raise SetupRefused(Verdict(verdict))
        return str(email)

    def set_up(self, token: str, form: str, founder: Founder, client: Client) -> Founded:
        password_hash = hash_password(founder.password)
        values = (digest(token), digest(form), client.address, client.request_id)
        with borrow_connection(self._pool) as conn:
            return Founding(conn, Proof(BEGIN_SIGN_UP, FINISH_SIGN_UP, values), founder, client).execute(password_hash)
