"""The process that lays documents out: what it costs when one takes too long, fails, or ends the process."""

import json
import math
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from api.ports.reads import PrintingTimedOut
from api.ports.request.deadline import begin_request, end_request
from infra.reads.objects.pdf import printer as module
from infra.reads.objects.pdf.content import Issuer, content_of
from infra.reads.objects.pdf.printer import Printer, PrintingFailed
from tests.support.pdf import read_pdf, resource_json

ORG = "org_1"
pytestmark = pytest.mark.process


@pytest.fixture
def printer():
    made = Printer()
    yield made
    made.stop()


def content(**changes):
    return json.dumps(content_of("invoice", resource_json(**changes), Issuer(name="Asha Traders"))).encode()


def process_of(printer):
    printer.make(ORG, content())
    return printer._running


def links(descriptor):
    """What an open descriptor of a process is; nothing if it was closed meanwhile."""
    with suppress(FileNotFoundError):
        yield str(descriptor.readlink())


def test_one_process_prints_many_documents(printer):
    pid = process_of(printer).pid
    made = [printer.make(ORG, content(clientName=name)) for name in ("Zenith", "अमित ट्रेडर्स")]

    assert ["Zenith" in read_pdf(each).text for each in made] == [True, False]
    assert printer._running.pid == pid
    assert printer.make(ORG, content()) == printer.make(ORG, content())


def test_a_process_that_takes_too_long_is_ended_and_the_next_document_is_printed(printer):
    process = process_of(printer)
    process.send_signal(signal.SIGSTOP)  # it hangs
    begin_request(time.monotonic())
    try:
        with pytest.raises(PrintingTimedOut):
            printer.make(ORG, content())
    finally:
        end_request()

    assert process.returncode == -signal.SIGKILL
    assert printer.make(ORG, content()).startswith(b"%PDF")


def test_a_process_that_is_slow_to_start_is_left_alone_and_prints_the_next_document(printer, tmp_path, monkeypatch):
    """Otherwise no document would be printed while the machine has much to do: each would start another process."""
    held = tmp_path / "held"
    os.mkfifo(held)
    monkeypatch.setattr(module, "_COMMAND", ["sh", "-c", 'read line < "$0"; exec "$@"', str(held), *module._COMMAND])
    begin_request(time.monotonic())
    try:
        with pytest.raises(PrintingTimedOut, match="starting"):
            printer.make(ORG, content())
    finally:
        end_request()
    pid = printer._running.pid
    held.write_text("go on\n")

    assert printer.make(ORG, content()).startswith(b"%PDF")
    assert printer._running.pid == pid


def test_a_process_that_was_killed_is_started_again(printer):
    process = process_of(printer)
    process.kill()
    process.wait()

    assert printer.make(ORG, content()).startswith(b"%PDF")


def test_a_content_that_does_not_fit_the_template_fails_with_a_reason(printer):
    process = process_of(printer)
    with pytest.raises(PrintingFailed, match="integer"):
        printer.make(ORG, json.dumps({**json.loads(content()), "columns": 7}).encode())
    assert printer._running is process


def test_a_document_does_not_wait_long_for_others(printer):
    begin_request(time.monotonic())
    try:
        with printer._turns.turn("org_2", math.inf), pytest.raises(PrintingTimedOut, match="other documents"):
            printer.make(ORG, content())
    finally:
        end_request()


def test_the_process_has_no_secret_and_no_socket_of_the_service(printer, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("SMARTDHANDHA_SECRET_KEY", "secret")
    process = psutil.Process(process_of(printer).pid)

    assert [name for name in process.environ() if name.startswith(("DATABASE", "SMARTDHANDHA"))] == []
    # It may have a file of its own open at this moment, such as a font.
    opened = [
        target for each in Path(f"/proc/{process.pid}/fd").iterdir() if int(each.name) > 2 for target in links(each)
    ]
    assert [target for target in opened if not target.startswith("/")] == []


def test_the_process_ends_with_its_server(printer):
    process = process_of(printer)
    process.stdin.close()

    assert process.wait(timeout=10) == 0
