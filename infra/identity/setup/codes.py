"""Sets up the first organization of one's own, for somebody with the code that `serve` has printed."""

from __future__ import annotations

import logging
import secrets

from psycopg import Connection
from psycopg.errors import OperationalError, ReadOnlySqlTransaction
from psycopg.rows import scalar_row

from api.ports.users import Client
from api.ports.users.setup import Founded, Founder, SetupState
from commands.unit_of_work import Unavailable
from domain.accounts.user.setup_code import LIFETIME, MAX_TRIES, new_code, prepare_code
from infra.identity.passwords import hash_password
from infra.identity.sessions import digest
from infra.identity.setup.founding import Founding, Proof, judge
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_connection

INSERT_CODE = """
INSERT INTO setup_codes (code_hash, expires_at, tries_left) VALUES (%s, clock_timestamp() + %s, %s)
ON CONFLICT (is_only) DO UPDATE
SET code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at, tries_left = EXCLUDED.tries_left, used_by = NULL
"""
logger = logging.getLogger("smartdhandha.server")

HAS_OWN_ORGANIZATION = "SELECT has_own_organization()"
SETUP_STATE = "SELECT setup_state()"
TRY_CODE = "SELECT verdict, tries_left, event FROM try_setup_code(%s, %s, %s, %s)"
BEGIN_SETUP = "SELECT verdict, tries_left, event FROM begin_setup(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
FINISH_SETUP = "SELECT verdict, tries_left, event FROM finish_setup(%s, %s, %s, %s, %s, %s, %s, %s)"


def make_setup_code(conn: Connection[Row]) -> str | None:
    """Return a new code, which replaces an earlier one; None once there is an organization of one's own.

    Only a hash of the code is stored. None, too, while the database cannot be written: the service starts all the same.
    """
    try:
        with conn.transaction():
            if conn.cursor(row_factory=scalar_row).execute(HAS_OWN_ORGANIZATION).fetchone():
                return None
            code = new_code(secrets.choice)
            conn.execute(INSERT_CODE, (digest(prepare_code(code)), LIFETIME, MAX_TRIES))
    except (ReadOnlySqlTransaction, OperationalError) as error:
        logger.warning("no code for /setup could be stored: %s", error)
        return None
    return code


class PostgresSetup:
    """Implements the port Setup with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._is_over = False

    def get_state(self) -> SetupState:
        if self._is_over:  # for good, so that pages need not ask the database
            return SetupState.OVER
        with borrow_connection(self._pool) as conn:
            state = SetupState(str(conn.cursor(row_factory=scalar_row).execute(SETUP_STATE).fetchone()))
        self._is_over = state == SetupState.OVER
        return state

    def is_open(self) -> bool:
        try:
            return self.get_state() == SetupState.OPEN
        except Unavailable:
            return False

    def try_code(self, code: str, form: str, client: Client) -> None:
        with borrow_connection(self._pool) as conn:
            row = conn.execute(TRY_CODE, _values(code, form, client)).fetchone()
        assert row is not None
        judge(row)

    def set_up(self, code: str, form: str, founder: Founder, client: Client) -> Founded:
        self.try_code(code, form, client)  # before the password is hashed, which is costly
        password_hash = hash_password(founder.password)
        with borrow_connection(self._pool) as conn:
            proof = Proof(BEGIN_SETUP, FINISH_SETUP, _values(code, form, client))
            return Founding(conn, proof, founder, client).execute(password_hash)


def _values(code: str, form: str, client: Client) -> tuple[bytes, bytes, str, str]:
    return digest(prepare_code(code)), digest(form), client.address, client.request_id
