"""The task of the background worker that lets drafts follow their party and the profile."""

import pytest

from commands.bill import DraftBill
from commands.invoice import DraftInvoice
from commands.overdue import DRAFTS
from infra.identity.settings import update_organization
from infra.postgres.database import connect_as_table_owner
from infra.worker import drafts
from infra.worker.drafts import DraftRefresher
from infra.worker.pauses import PAUSES
from infra.worker.task import TaskFailed
from tests.support.books import Books
from tests.support.gst import gstin
from tests.support.scenarios import bill_body, draft_bill, draft_invoice, invoice_body


@pytest.fixture
def profile(organization, owner):
    """A function that changes the profile of the organization."""
    return lambda **changes: update_organization(owner, organization.id, **changes)


def party(api, state):
    return api.create("parties", {"name": "Bharat", "roles": ["client", "vendor"], "gstin": gstin(state)})


def test_drafts_follow_the_profile_and_what_is_not_a_draft_stays(api, owner, profile):
    invoice, bill, sent, void = draft_invoice(api), draft_bill(api), draft_invoice(api), draft_invoice(api)
    sent = api.update(f"invoices/{sent['id']}", {"status": "sent"})
    void = api.update(f"invoices/{void['id']}", {"status": "void"})
    profile(gstin=gstin("27"))
    DraftRefresher()(owner)
    assert api.read(f"invoices/{invoice['id']}")["cgst"] == "6300.00"
    assert api.read(f"bills/{bill['id']}")["cgst"] == "6300.00"
    assert [api.read(f"invoices/{each['id']}") for each in (sent, void)] == [sent, void]


def test_a_draft_follows_its_party_and_others_stay(api, owner, profile):
    profile(gstin=gstin("27"))
    client, other = party(api, "29"), party(api, "29")
    mine, theirs = draft_invoice(api, clientId=client["id"]), draft_invoice(api, clientId=other["id"])
    refresh = DraftRefresher()
    refresh(owner)
    assert api.read(f"invoices/{mine['id']}") == mine
    api.update(f"parties/{client['id']}", {"gstin": gstin("27")})
    refresh(owner)
    assert api.read(f"invoices/{mine['id']}")["cgst"] == "6300.00"
    assert api.read(f"invoices/{theirs['id']}") == theirs


def test_a_draft_that_would_be_refused_stays_and_the_next_one_follows(api, owner, profile):
    profile(gstin=gstin("27"))
    refused, follows = draft_invoice(api, reverseCharge=True), draft_invoice(api)
    profile(gstin="")
    DraftRefresher()(owner)
    assert api.read(f"invoices/{refused['id']}") == refused
    assert "cgst" not in api.read(f"invoices/{follows['id']}")


def test_what_has_failed_rests_whatever_kind_it_is(own_database):
    with connect_as_table_owner(own_database) as conn:
        books = Books(conn)
        ids = [books.do(DraftInvoice, invoice_body()).id, books.do(DraftBill, bill_body()).id]
        conn.execute("UPDATE events SET state = '{' WHERE originator_id = ANY(%s)", (ids,))
        for table in ("invoices", "bills"):
            conn.execute(f"UPDATE {table} SET projection_version = 0")
        update_organization(conn, books.id, gstin=gstin("27"))
        with pytest.raises(TaskFailed, match="2 objects could not be processed"):
            DraftRefresher()(conn)
        assert [{*PAUSES[command.__name__].resting()} for command in DRAFTS] == [{ids[0]}, {ids[1]}]


def test_many_drafts_are_computed_in_turns(api, owner, profile, monkeypatch):
    monkeypatch.setattr(drafts, "TURN_OBJECTS", 2)
    monkeypatch.setattr(drafts, "TRANSACTION_OBJECTS", 1)
    made = [draft_invoice(api) for _ in range(5)]
    profile(gstin=gstin("27"))
    refresh = DraftRefresher()
    turns = 0
    while "cgst" not in api.read(f"invoices/{made[-1]['id']}"):
        refresh(owner)
        turns += 1
    assert turns == 3
    assert all("cgst" in api.read(f"invoices/{each['id']}") for each in made)


def test_a_change_is_seen_once_and_a_new_party_has_no_drafts(api, owner, profile, monkeypatch):
    client = party(api, "29")
    draft_invoice(api, clientId=client["id"])
    profile(gstin=gstin("27"))
    refresh = DraftRefresher()
    refresh(owner)
    looked_at, page = list[str | None](), drafts._page

    def watched_page(conn, work):
        looked_at.append(work.party_id)
        return page(conn, work)

    monkeypatch.setattr(drafts, "_page", watched_page)
    party(api, "29")
    api.update(f"parties/{client['id']}", {"address": "1 Market Road", "name": "Bharat Mills", "metadata": {"a": "b"}})
    profile(address="2 Market Road", legal_name="Sharma", upi_id="sharma@okbank")
    refresh(owner)
    assert looked_at == []
    api.update(f"parties/{client['id']}", {"gstin": gstin("27")})
    refresh(owner)
    refresh(owner)
    assert looked_at == [client["id"]] * 3, "a page of drafts, and an empty one of each kind"
    profile(lut_number="AD270320000000X")
    refresh(owner)
    assert {*looked_at[3:]} == {None}


@pytest.mark.parametrize("command", DRAFTS)
def test_the_drafts_of_a_party_have_an_index_in_their_order(owner, organization, command):
    work = drafts._Work(organization.id, "party_1", command)
    with owner.transaction():
        owner.execute("SET LOCAL enable_seqscan = off")
        plan = owner.execute(f"EXPLAIN {drafts._statement(work)}", drafts._values(work)).fetchall()
    lines = "\n".join(line for (line,) in plan)
    target = command.target
    assert f"{target.kind}s_drafts_of_{target.party}" in lines and "Sort" not in lines and "Filter" not in lines, lines


def test_drafts_of_test_mode_follow_the_profile_of_the_live_organization(owner, sibling, profile):
    tester = sibling.api()
    invoice = draft_invoice(tester)
    profile(gstin=gstin("27"))
    DraftRefresher()(owner)
    assert tester.read(f"invoices/{invoice['id']}")["cgst"] == "6300.00"
