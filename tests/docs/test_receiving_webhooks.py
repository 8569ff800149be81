"""The receivers of the guide run, take a real delivery, and refuse one that was altered."""

import subprocess
import sys

import httpx
import pytest

from api.docs.guides import guides
from api.pages.markdown import parser
from commands.invoice import DraftInvoice
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment
from tests.support.ports import free_address
from tests.support.receiver import Receiver
from tests.support.scenarios import invoice_body
from tests.support.senders import RunningSender, new_webhook
from tests.support.waiting import wait_until

PROGRAMS = {"py": (sys.executable, "receiver.py"), "javascript": ("node", "receiver.mjs")}


def program(language):
    guide = next(guide for guide in guides() if guide.slug == "receiving-webhooks")
    (source,) = (each.content for each in parser().parse(guide.markdown) if each.info == language)
    return source


def is_up(url):
    try:
        return httpx.post(url, trust_env=False).status_code == 400
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_receiver_of_the_guide_takes_what_is_genuine_and_nothing_else(own_database, tmp_path, language):
    command, name = PROGRAMS[language]
    (tmp_path / name).write_text(program(language))
    address = free_address()
    url = f"http://{address}/hooks"
    with connect_as_table_owner(own_database) as conn, Receiver() as copies:
        books = Books(conn)
        secret = new_webhook(conn, books.id, url).secret
        copied = new_webhook(conn, books.id, copies.url)
        env = environment(WEBHOOK_SECRET=secret, PORT=address.rpartition(":")[2])
        with subprocess.Popen([command, tmp_path / name], env=env, stdout=subprocess.PIPE, text=True) as process:
            try:
                wait_until(lambda: is_up(url))
                id = books.do(DraftInvoice, invoice_body()).id
                with RunningSender(own_database) as sender:
                    wait_until(lambda: len(sender.attempts) == 2)
                    (delivered,) = (each for each in sender.attempts if each[0].webhook_id != copied.row["id"])
                assert delivered[2].status == 204
                (other,) = copies.requests
                names = ("webhook-id", "webhook-timestamp", "webhook-signature")
                headers = {name: other.headers[name] for name in names}
                assert httpx.post(url, content=other.body, headers=headers, trust_env=False).status_code == 400
            finally:
                process.terminate()
            assert process.stdout is not None
            assert process.stdout.read().split() == ["invoice.drafted", id]
