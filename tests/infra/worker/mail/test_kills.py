"""200 mails are added by two processes while senders are killed and the SMTP server goes away: none is lost, and a mail
whose answer was stored is never sent again."""

import os
import signal
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import start_process
from tests.support.mails import add_reset, make_mails_due
from tests.support.postgres import database_settings
from tests.support.waiting import wait_until

MAILS, KILLS = 200, 5
ROOT = Path(__file__).parents[4]
ADD = """
import sys
from infra.identity.users import create_user
from infra.postgres.database import connect_as_table_owner

with connect_as_table_owner(sys.argv[1]) as conn:
    for number in range(int(sys.argv[3])):
        user = create_user(conn, sys.argv[2], f"user{number}.of.{sys.argv[4]}@example.in", "viewer").user
        add = "SELECT add_mail('password_reset', %s, %s, %s, '{\\"network\\": \\"192.0.2.1\\"}')"
        conn.execute(add, (user.org_id, user.id, user.email))
"""


@pytest.fixture
def start(own_database, sink):
    """A function that starts a process of the sender; all end with the test."""
    running = []

    def make():
        process = start_process([*COMMAND, "mail"], environment(**database_settings(own_database), **sink.env))
        running.append(process)
        return process

    yield make
    for process in running:
        process.terminate()
        process.wait()


def sent(conn):
    return {str(id) for (id,) in conn.execute("SELECT mail_id FROM mails WHERE status = 'sent'")}


def arrived(sink):
    """Return how often each mail has arrived, by its id."""
    return Counter(mail.id.strip("<>").partition("@")[0] for mail in sink.mails)


def has_arrived(sink, count):
    return len(sink.mails) >= count


def test_no_mail_is_lost_or_sent_again_while_processes_are_killed(conn, org_id, own_database, sink, start):
    senders = [start(), start()]
    arguments = [sys.executable, "-c", ADD, own_database, org_id, str(MAILS // 2)]
    adding = [subprocess.Popen([*arguments, name], cwd=ROOT) for name in ("one", "two")]
    stored = []
    for number in range(1, KILLS + 1):
        wait_until(partial(has_arrived, sink, number * MAILS // (KILLS + 2)), seconds=60)
        for victim in senders:
            victim.kill()
            victim.wait()
        stored.append((sent(conn), arrived(sink)))
        if number % 2:
            sink.stop()
        make_mails_due(conn)  # the claims of the killed senders have ended
        senders = [start(), start()]
        if number % 2:
            sink.start()
    assert [process.wait() for process in adding] == [0, 0]
    wait_until(lambda: len(sent(conn)) == MAILS, seconds=90)

    counts = arrived(sink)
    assert {*counts} == sent(conn) and len(counts) == MAILS, "each has arrived"
    assert counts.total() <= MAILS + 2 * KILLS, (
        "a killed sender leaves at most one mail of which nobody knows whether it was sent"
    )
    for ids, before in stored:
        assert all(counts[id] == before[id] for id in ids), "what was stored as sent was not sent again"


def test_a_sender_that_is_killed_before_it_stores_the_answer_leaves_a_mail_that_is_sent_again(
    conn, org_id, own_database, sink, start
):
    """The only case in which somebody gets a mail twice: both have the same Message-ID."""
    process = start()
    sink.on_mail = lambda mail: os.kill(process.pid, signal.SIGKILL)
    user = add_reset(conn, org_id)
    process.wait()
    wait_until(lambda: sink.to(user.email))
    sink.on_mail = lambda mail: None
    make_mails_due(conn)
    start()
    first, second = wait_until(lambda: len(sink.to(user.email)) == 2 and sink.to(user.email))
    assert first.id == second.id
