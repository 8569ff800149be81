"""The commands of the operators' guides run, with the output and the exit status that the guides show.

Between the commands the test does what the text describes: it changes an amount, alters an event, deletes events.
"""

from __future__ import annotations

import re
import shlex

import pytest

from api.console.activity.edit_log.lines import headings
from api.docs.guides import guides
from api.pages.markdown import parser
from commands.body import parse_command
from commands.command import Actor, Context
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from domain.calendar import DEFAULT_TIME_ZONE, day_in, financial_year, financial_year_label
from infra.audit.proofs.log_keys import list_keys
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run, without_log
from tests.support.scenarios import invoice_body

OPERATOR_GUIDES = ("rebuilding-a-projection", "answering-an-auditor", "for-your-auditor", "erasing-a-person")
PUBLIC_KEY = re.compile(r"smartdhandha-[0-9a-f]{16}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}")


class Story:
    """The organization of the guides, another organization, and the changes that the text describes."""

    def __init__(self, conn):
        self.conn = conn
        create_key(conn, create_organization(conn, "Another").id, "Web", ("billing:read",), 9, None)
        self.org = create_organization(conn, "Sharma Textiles").id
        key = create_key(conn, self.org, "Zapier", ("billing:write",), 1000, None).row["id"]
        self.actor = Actor("api_key", key)
        self.invoice = self.do(DraftInvoice, invoice_body())
        self.do(UpdateInvoice, {"clientName": "Acme & Sons"}, self.invoice)
        self.do(UpdateInvoice, {"status": "sent"}, self.invoice)
        self.do(RecordInvoicePayment, {"amount": "100.00", "paidOn": "2026-01-20"}, self.invoice)
        for _ in range(3):
            self.do(DraftInvoice, invoice_body())
        (self.hash_of_sixth,) = self.ask("SELECT chain_hash FROM events WHERE org_id = %s AND position = 6")[0]
        self.table = [list(row) for row in self.ask("SELECT * FROM events WHERE org_id = %s ORDER BY position")]
        self.head = self.ask("SELECT position, chain_hash FROM org_log WHERE org_id = %s")[0]

    def do(self, command, body, id=None):
        context = Context(org_id=self.org, actor=self.actor, request_id="req_1")
        return execute_on(self.conn, parse_command(command, body, id), context).id

    def said(self, word):
        """Return a word of a command with the id, the financial year or the public key of this story."""
        if re.fullmatch(r"20\d\d-\d\d", word):
            (now,) = self.conn.execute("SELECT now()").fetchone()
            return financial_year_label(financial_year(day_in(DEFAULT_TIME_ZONE, now)))
        if PUBLIC_KEY.fullmatch(word):
            return str(list_keys(self.conn)[0].verifier)
        return {"inv": self.invoice, "org": self.org}.get(word.partition("_")[0], word)

    def ask(self, sql):
        return self.conn.execute(sql, (self.org,)).fetchall()

    def change_an_amount(self):
        self.conn.execute("UPDATE invoices SET total_amount = 1 WHERE id = %s", (self.invoice,))

    def alter_an_event(self):
        sql = "UPDATE events SET state = replace(state, '\"payments\"', '\"was\"') WHERE org_id = %s AND position = 5"
        assert self.conn.execute(sql, (self.org,)).rowcount == 1

    def cut_the_end_off(self):
        self.conn.execute("DELETE FROM events WHERE org_id = %s AND position > 6", (self.org,))
        sql = "UPDATE org_log SET position = 6, chain_hash = %s WHERE org_id = %s"
        self.conn.execute(sql, (self.hash_of_sixth, self.org))

    def restore(self):
        """Everything as it was, and no event left out any more."""
        self.conn.execute("DELETE FROM projection_skips")
        self.conn.execute("DELETE FROM events WHERE org_id = %s", (self.org,))
        for row in self.table:
            self.conn.execute(f"INSERT INTO events VALUES ({', '.join(['%s'] * len(row))})", row)
        sql = "UPDATE org_log SET position = %s, chain_hash = %s WHERE org_id = %s"
        self.conn.execute(sql, (*self.head, self.org))


BEFORE = {
    ("rebuilding-a-projection", 1): Story.change_an_amount,
    ("rebuilding-a-projection", 5): Story.alter_an_event,
    ("rebuilding-a-projection", 8): Story.restore,
    ("answering-an-auditor", 5): Story.alter_an_event,
    ("answering-an-auditor", 6): Story.restore,
    ("answering-an-auditor", 7): Story.cut_the_end_off,
    ("answering-an-auditor", 9): Story.restore,
    ("for-your-auditor", 3): Story.alter_an_event,
    ("for-your-auditor", 4): Story.restore,
}
"""The change before each command of a guide."""


@pytest.mark.parametrize("slug", OPERATOR_GUIDES)
def test_every_command_has_the_shown_output_and_exit_status(slug, own_database, new_database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    env = environment(DATABASE_URL=own_database)
    with connect_as_table_owner(own_database) as conn:
        story = Story(conn)
        for number, (command, shown, status) in enumerate(transcripts(slug)):
            BEFORE.get((slug, number), lambda _: None)(story)
            if "import" in command:
                env = environment(DATABASE_URL=new_database())
            words = [story.said(word) for word in command]
            done = run(*words, env=env, status=status)
            assert unlike(shown, f"{without_log(done.err)}{done.out}") == [], " ".join(words)


def transcripts(slug):
    """Return each command of a guide as words, the output shown below it, and the exit status shown, or 0."""
    guide = next(guide for guide in guides() if guide.slug == slug)
    for fence in parser().parse(guide.markdown):
        if fence.type == "fence" and fence.info == "console":
            text, _, status = fence.content.partition("$ echo $?\n")
            command, _, shown = text.removeprefix("$ smartdhandha ").partition("\n")
            yield shlex.split(command), shown, int(status or 0)


def unlike(shown, output):
    """Return the lines in which the real output differs from the shown one; ids, times and numbers are ignored."""
    shown_lines, lines = plain(shown), plain(output)
    missing = [line for line in shown_lines if not any(fits(line, other) for other in lines)]
    more = (
        []
        if "..." in shown.split()
        else [other for other in lines if not any(fits(line, other) for line in shown_lines)]
    )
    return missing + more


def fits(shown, output):
    """Whether two lines are equal, up to an ellipsis in the shown one."""
    beginning, cut, _ = shown.partition("…")
    return output.startswith(beginning.rstrip()) if cut else shown == output


def plain(text):
    """Return the lines without progress, and without values that differ between runs."""
    text = PUBLIC_KEY.sub("KEY", text)
    text = re.sub(r"\b(org|inv|key|pay)_[0-9A-Z]+", r"\1_ID", text)
    text = re.sub(r"[0-9-]{10}T[0-9:.]+Z|\b[0-9a-f]{64}\b|[0-9]+(\.[0-9]+)?", "N", text)
    text = re.sub(r"\bN (event|object|row|organization)\b", r"N \1s", text)  # a number that may be 1
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [
        line for line in lines if line and line != "..." and not re.match(r"(rebuilding|verifying|writing)\b", line)
    ]


def test_the_guide_for_auditors_says_what_each_column_means():
    guide = next(guide for guide in guides() if guide.slug == "for-your-auditor")
    table = guide.markdown.partition("| column | meaning |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| ([^|-]+) \|", table, re.MULTILINE) == headings("Asia/Kolkata")
