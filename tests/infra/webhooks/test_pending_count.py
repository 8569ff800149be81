"""The kept number of pending deliveries is what is stored, after anything that changes deliveries, in any order.

Each step is also done on a connection that is cut before it commits, as when its process is killed. Without one of the
three triggers of migration 22, the test fails. test_kills.py compares the numbers while senders are killed.
"""

from collections.abc import Callable
from copy import copy
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.postgres.database import connect_as_table_owner
from infra.webhooks.queue.attempt import Attempt
from infra.webhooks.queue.claim_limits import Room
from infra.webhooks.queue.claims import claim
from infra.webhooks.queue.results import Result, record_results
from infra.webhooks.queue.schedule import DISABLED_AFTER
from infra.webhooks.queue.search import find_deliveries
from infra.webhooks.registration import delete_webhook
from infra.worker.deliveries import forget_deliveries
from tests.support.books import Books
from tests.support.senders import count_drifted, draft_invoice, make_due, new_webhook

NAMES = ["invoice.drafted"]
TAKEN, REFUSED = (Attempt(status=status, duration_ms=1) for status in (200, 500))


def end_claims(attempt, times, books, webhook):
    results = [Result(each, each.claimed_at, attempt) for each in claim(books.conn, Room(100, 50, {}, {}))]
    for _ in range(times if results else 0):
        record_results(books.conn, results, DISABLED_AFTER)


def ask(sql, books, webhook):
    """Call a function of the API."""
    books.conn.execute("SELECT set_config('app.org', %s, false)", (books.id,))
    books.conn.execute(sql, {"id": webhook, "names": NAMES})


FIRST = "(SELECT min(id) FROM webhook_deliveries WHERE webhook_id = %(id)s)"
STEPS: dict[str, Callable[..., object]] = {
    "an event": lambda books, _: draft_invoice(books),
    "a search": lambda books, _: find_deliveries(books.conn),
    "due": lambda books, _: make_due(books.conn),
    "taken": partial(end_claims, TAKEN, 1),
    "taken, and recorded twice": partial(end_claims, TAKEN, 2),
    "refused": partial(end_claims, REFUSED, 1),
    "given up": partial(end_claims, None, 1),
    "a replay": partial(ask, "SELECT start_webhook_replay(%(id)s, 0, NULL, %(names)s)"),
    "a cancelled replay": partial(
        ask, "SELECT cancel_webhook_replay(%(id)s, (SELECT max(id) FROM webhook_replays WHERE webhook_id = %(id)s))"
    ),
    "a test": partial(ask, "SELECT request_webhook_test(%(id)s, 'invoice.sent', 'evt_1', '{}')"),
    "a retry": partial(ask, f"SELECT retry_webhook_delivery(%(id)s, {FIRST})"),
    "skipped": partial(ask, "SELECT skip_webhook_events(%(id)s, %(names)s)"),
    "removed": partial(ask, f"DELETE FROM webhook_deliveries WHERE id = {FIRST}"),
    "forgotten": lambda books, _: forget_deliveries(books.conn),
    "deleted": lambda books, webhook: delete_webhook(books.conn, webhook),
}
COMMANDS = {"an event", "deleted"}
"""The steps that have a transaction of their own, so they cannot be cut."""


def cut(database, step, books, webhook):
    """Do the step on a connection that is closed before it commits."""
    with connect_as_table_owner(database) as conn:
        books = copy(books)
        books.conn = conn
        conn.execute("BEGIN")
        step(books, webhook)
        conn.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.booleans()), min_size=4, max_size=12))
def test_the_kept_number_of_pending_deliveries_never_drifts(conn, own_database, steps):
    books = Books(conn)
    webhook = new_webhook(conn, books.id, "https://127.0.0.1/hooks").row["id"]
    for name, is_cut in [("an event", False), ("a search", False), *steps]:
        if is_cut and name not in COMMANDS:
            cut(own_database, STEPS[name], books, webhook)
        else:
            STEPS[name](books, webhook)
            if name == "deleted":
                webhook = new_webhook(conn, books.id, "https://127.0.0.1/hooks").row["id"]
        assert count_drifted(conn) == 0
