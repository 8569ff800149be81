"""The sender of mails: a loop that claims a mail, sends it, and stores the answer, one after the other."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable

import psycopg
from psycopg import Connection

from api.pages.mails.letters import write_letter
from commands.accounts.mail import MailKind
from domain.reading import InvalidValue
from infra.postgres.database import DatabaseUnreachable, Row, connect_as_table_owner
from infra.postgres.failures import FailureLog, first_error
from infra.settings.mail import Mailbox
from infra.worker.mail.answer import Answer, Outcome
from infra.worker.mail.client import MailClient, ServerUnavailable
from infra.worker.mail.envelope import recipient_of
from infra.worker.mail.facts import gather_facts, language_of
from infra.worker.mail.message import make_message
from infra.worker.mail.outbox import Claim, claim, is_mail_due, record_answer
from infra.worker.mail.schedule import LEASE

logger = logging.getLogger("smartdhandha.mail")

POLL_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_NOT_BEGUN = Answer(Outcome.INTERRUPTED, "the database failed before the mail was sent")
OnOutcome = Callable[[Outcome], None]
"""A function that is called with the outcome of each attempt, such as one that counts it."""


class MailSender:
    """Sends mails until `stop` is called. Several senders, also on several machines, share the work.

    `origin` is what the links in mails begin with. If `parent` is given, the sender ends with this process, too.
    """

    def __init__(
        self,
        conninfo: str,
        client: MailClient,
        mailbox: Mailbox,
        origin: str,
        on_outcome: OnOutcome = lambda _: None,
        parent: int | None = None,
    ) -> None:
        self._conninfo, self._client, self._mailbox, self._origin = conninfo, client, mailbox, origin
        self._on_outcome, self._parent = on_outcome, parent
        self._stopped = threading.Event()
        self._failures = FailureLog("the sender of mails")
        self._pause = 0.0
        self._unrecorded: tuple[Claim, Answer] | None = None
        """An answer that is not stored yet: nothing else is claimed before."""

    def stop(self) -> None:
        """Let `run` return after the mail that is being sent. This method can be called in a signal handler."""
        self._stopped.set()

    def run(self) -> None:
        """Send mails until `stop` is called. When the connection to the database is lost, connect again."""
        while self._goes_on():
            try:
                with connect_as_table_owner(self._conninfo) as conn:
                    self._send_all(conn)
            except (DatabaseUnreachable, psycopg.Error) as error:
                self._failures.report(first_error(error))
                self._stopped.wait(_PAUSE_AFTER_FAILURE_SECONDS)
        self._client.close()

    def _goes_on(self) -> bool:
        return not self._stopped.is_set() and (self._parent is None or os.getppid() == self._parent)

    def _send_all(self, conn: Connection[Row]) -> None:
        while True:
            self._record(conn)
            if not self._goes_on():
                return
            if not is_mail_due(conn):
                self._client.close()
                self._stopped.wait(POLL_SECONDS)
            elif self._is_connected():
                self._send_next(conn)
            else:
                self._wait_for_server()

    def _is_connected(self) -> bool:
        """Connect to the SMTP server before a mail is claimed: an outage is no failure of each mail that waits."""
        try:
            self._client.open()
        except ServerUnavailable as error:
            if not self._pause:
                logger.warning("mails cannot be sent now; further attempts follow: %s", error)
            self._pause = min(_LONGEST_PAUSE_SECONDS, 2 * self._pause or 1.0)
            return False
        if self._pause:
            logger.info("mails are sent again")
        self._pause = 0.0
        return True

    def _wait_for_server(self) -> None:
        waited = 0.0
        while waited < self._pause and self._goes_on():
            self._stopped.wait(1.0)
            waited += 1.0

    def _send_next(self, conn: Connection[Row]) -> None:
        claimed = claim(conn, LEASE)
        if claimed is not None:
            self._unrecorded = (claimed, _NOT_BEGUN)  # what is stored if the database fails now
            self._unrecorded = (claimed, self._send(conn, claimed))

    def _send(self, conn: Connection[Row], claimed: Claim) -> Answer:
        try:
            recipient = recipient_of(claimed.address)
            language, facts = language_of(conn, claimed.user_id), gather_facts(conn, claimed)
            letter = write_letter(MailKind(claimed.kind), self._origin, facts, language)
            message = make_message(claimed.id, claimed.queued_at, self._mailbox, recipient, letter)
        except InvalidValue as error:
            return Answer(Outcome.REFUSED, f"the address {error}")
        except LookupError as error:
            return Answer(Outcome.REFUSED, str(error))
        except psycopg.Error:
            raise
        except Exception:  # after any error of one mail, the others must still be sent
            logger.exception("the mail %s cannot be written", claimed.id)
            return Answer(Outcome.POSTPONED, "the mail cannot be written; see the log of the service")
        return self._client.send(recipient, message)

    def _record(self, conn: Connection[Row]) -> None:
        """Store the last answer, which another connection may have failed to store."""
        if self._unrecorded is None:
            return
        claimed, answer = self._unrecorded
        record_answer(conn, claimed, answer)
        self._unrecorded = None
        _log(claimed, answer)
        self._on_outcome(answer.outcome)


def _log(claimed: Claim, answer: Answer) -> None:
    facts = {
        "mail": str(claimed.id),
        "kind": claimed.kind,
        "org": claimed.org_id,
        "user": claimed.user_id,
        "attempt": claimed.attempts,
        "outcome": answer.outcome.value,
        "answer": answer.text,
        "mayBeTwice": claimed.may_be_sent and answer.outcome is Outcome.SENT,
    }
    level = logging.INFO if answer.outcome in (Outcome.SENT, Outcome.INTERRUPTED) else logging.WARNING
    logger.log(level, "mail", extra={"facts": facts})
