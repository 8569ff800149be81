"""What other people wrote, in the lines of the command line: it is never taken for words of this service."""

import json
import unicodedata

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commands.bill import DraftBill
from commands.body import parse_command
from commands.command import Actor, Context
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from commands.leave import RequestLeave
from infra.cli.banner import banner
from infra.cli.output import show
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from infra.postgres.database import connect_as_table_owner
from infra.worker.tasks import refold_older_rows
from tests.support.command_line import CommandResult, run
from tests.support.scenarios import LINE, bill_body, invoice_body
from tests.support.upgrade import OldBooks

FORGED = "paid\n2026-01-20T09:30:00Z  user asha  sent"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
TRIED = pytest.mark.parametrize("tried", [3, pytest.param(12, marks=pytest.mark.long)])
"""How many texts are tried besides the examples."""
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Shop:
    """An organization in which every text that somebody can write is this one."""

    def __init__(self, conn, text):
        self.conn, self.text = conn, f"x{text}"
        self.org_id = create_organization(conn, self.text, "Asia/Kolkata").id
        self.key = create_key(conn, self.org_id, self.text, ("billing:read",), 10, None).row["id"]
        statement = "INSERT INTO users (user_id, org_id, email, role) VALUES (%s, %s, lower(%s), 'owner')"
        conn.execute(statement, (f"user_{self.org_id}", self.org_id, f"{self.org_id}{self.text}@example.in"))
        line = {**LINE, "description": self.text}
        self.invoice = self.do(DraftInvoice, invoice_body(clientName=self.text, notes=self.text, items=[line]))
        self.do(UpdateInvoice, {"status": "sent"}, self.invoice)
        self.do(UpdateInvoice, {"notes": f"{self.text}!"}, self.invoice)
        payment = {"amount": "1.00", "paidOn": "2026-01-20", "method": self.text, "reference": self.text}
        self.do(RecordInvoicePayment, payment, self.invoice)
        self.do(DraftBill, bill_body(vendorName=self.text, notes=self.text))
        leave = {"employeeId": "e", "type": "sick", "startDate": "2026-02-02", "endDate": "2026-02-02"}
        self.do(RequestLeave, {**leave, "employeeName": self.text, "reason": self.text})

    def do(self, command, body, id=None):
        context = Context(org_id=self.org_id, actor=Actor("api_key", self.text), request_id="r")
        return execute_on(self.conn, parse_command(command, body, id), context).id

    def count(self, sql):
        return self.conn.execute(sql, (self.org_id,)).fetchone()[0]


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as connection:
        yield connection


def lines_of(done):
    """Return the lines of both streams, each of them printable."""
    shown = done.out + done.err
    hidden = {each for each in shown if each != "\n" and unicodedata.category(each) in ("Cc", "Zl", "Zp", "Cs")}
    assert not hidden, ascii(hidden)
    assert BIDI.isdisjoint(shown), ascii(BIDI & set(shown))
    return shown.removesuffix("\n").split("\n")


def check_texts(tried, check, *examples):
    """Call the function with the examples, and with so many other texts."""
    given_texts = given(TEXTS)(check)
    for text in examples:
        given_texts = example(text)(given_texts)
    settings(max_examples=tried, deadline=None, suppress_health_check=list(HealthCheck), database=None)(given_texts)()


@TRIED
def test_no_command_prints_a_text_as_anything_but_a_part_of_its_line(env, conn, tried):
    check_texts(
        tried,
        lambda text: print_all(env, Shop(conn, text)),
        FORGED,
        "\x1b[2J\x1b]0;x\x07\x9b2J\u202emoc\u2066\u2028\x85\r",
    )


def print_all(env, shop):
    """Run each command that prints texts of a shop, and check its lines."""
    org = ("--org", shop.org_id)

    def lines(*words, status=0):
        return lines_of(run(*words, env=env, status=status))

    logged = lines("audit", "log", *org)  # the first command records the user, whom an earlier version has stored
    assert len(logged) == shop.count("SELECT position FROM org_log WHERE org_id = %s")
    steps = json.loads(run("audit", "history", shop.invoice, *org, "--json", env=env).out)
    assert len(lines("audit", "history", shop.invoice, *org)) == 1 + sum(len(step["changes"]) or 1 for step in steps)
    state = json.loads(run("audit", "show", shop.invoice, *org, "--json", env=env).out)
    assert (state["clientName"], state["notes"]) == (shop.text, f"{shop.text}!")
    assert len(lines("audit", "show", shop.invoice, *org)) == len(state)
    assert len(lines("audit", "diff", shop.invoice, "--from", "1", "--to", "4", *org)) > 1
    assert len(lines("audit", "replay", shop.invoice, *org)) >= 4 * len(state)
    organizations = shop.count("SELECT count(*) FROM organizations WHERE %s <> ''")
    assert len(lines("org", "list")) == 1 + organizations
    assert len(lines("key", "list", *org)) == len(lines("user", "list", *org)) == 2
    assert len(lines("key", "show", shop.key)) == 2
    shop.conn.execute("UPDATE invoices SET client_id = %s WHERE org_id = %s", (shop.text, shop.org_id))
    assert any(
        r"\n" in line or "\n" not in shop.text for line in lines("projections", "verify", "invoices", *org, status=1)
    )


@given(TEXTS)
@example(FORGED)
@example("'\n\x1b[2J\u202e\u2066")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_numbers_that_clash_are_parts_of_their_line(env, conn, text):
    books = OldBooks(conn)
    books.bill(f"x{text}"), books.bill(f"x{text}\u200b")
    refold_older_rows(conn)
    assert len(lines_of(run("db", "clashes", "--org", books.id, env=env))) == 1


@given(TEXTS)
@example(FORGED)
@example("owner@demo.example\x1b[2J\u202e\r\u2028")
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_banner_of_serve_has_as_many_lines_for_every_owner(text):
    def lines(owner):
        with CliRunner().isolation() as (out, err, _):
            show(*banner("127.0.0.1:8000", None, False, None, owner))
            return lines_of(CommandResult(0, out.getvalue().decode(), err.getvalue().decode()))

    assert len(lines(f"x{text}")) == len(lines("asha@example.in"))


@TRIED
def test_no_refusal_repeats_an_argument_as_anything_but_a_part_of_its_line(env, tried):
    check_texts(tried, lambda text: refuse_all(env, f"x{text}"), FORGED, "\x1b[2J\u202e")


def refuse_all(env, word):
    """Run commands that refuse this argument, and check their lines."""
    new_key = ("key", "create", "--org", word, "--scope", "billing:read")
    refused: list[tuple[str, ...]] = [
        ("user", "link", word),
        ("user", "remove", word),
        ("key", "revoke", word),
        ("user", "create", "--org", "o", "--role", "owner", "--email", word),
        (*new_key, "--name", word),
        ("audit", "history", word),
    ]
    for words in refused:
        assert len(lines_of(run(*words, env=env, status=1))) == 1, words
    wrong: list[tuple[str, ...]] = [
        (word,),
        ("key", word),
        ("key", "list", f"--{word}"),
        ("key", "list", "--org"),
        (*new_key, "--name", "n", "--expires", word),
        (*new_key, "--name", "n", "--limit", word),
        ("key", "create", "--org", "o", "--name", "n", "--scope", word),
        ("org", "create", "n", "--time-zone", word),
        ("audit", "show", "inv_1", "--as-of", word),
        ("audit", "log", "--org", word),
        ("audit", "import", word),
        ("projections", "verify", word),
    ]
    for words in wrong:
        assert len(lines_of(run(*words, env=env, status=2))) <= 6, words
    assert len(lines_of(run("org", "create", "".join(filter(str.isprintable, word)), env=env))) == 1
