"""A superuser tampers with a log at random: each time it is found, and the first place is named."""

import itertools
from random import Random
from typing import NamedTuple

import pytest

from commands.invoice import DraftInvoice
from infra.audit.kept import KeptCheckpoint, KeptHead
from infra.audit.replay import verify_log
from infra.log.heads import get_chain, get_head
from infra.log.proofs.chain import PERSONAL_FORMAT, genesis, link
from infra.log.proofs.checkpoints import Checkpoint, origin_of
from infra.log.proofs.tiles import GrowingTree
from infra.log.reading.pages import BEFORE_ALL, list_page
from infra.log.reading.presence import list_presences
from infra.log.records import Head
from infra.postgres.database import connect_as_table_owner
from infra.projector.verify import row_differences
from projections.accounts.api_key import API_KEYS
from tests.support.books import Books
from tests.support.formats import ALL_FORMATS
from tests.support.organization import Organization
from tests.support.scenarios import invoice_body

FEW, MANY = 3, 112
"""How often each kind of tampering is tried; the second number makes 1 008 in all."""
ALTERED = {
    "state": "'{\"a\":1}'",
    "metadata": "metadata || ' '",
    "name": "'invoice.void'",
    "schema_version": "schema_version + 1",
    "originator_id": "originator_id || 'X'",
    "originator_version": "originator_version + 1000",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "personal": "'[\"00000000000000000000000000000000\"]'",
    "chain_hash": "sha256(chain_hash)",
}
UNCHAINED = ("personal", "chain_hash")
"""Columns that the hash of an event does not cover itself."""


class Verifier(NamedTuple):
    """What a verifier has kept of the log: the head in a seal, and a checkpoint."""

    head: Head
    checkpoint: Checkpoint


@pytest.fixture(scope="module", params=ALL_FORMATS)
def log(new_database, request):
    """A log, with what a verifier has kept of it, on a connection of a superuser."""
    with connect_as_table_owner(new_database()) as conn:
        books = Books(conn, chain_format=request.param)
        other = Books(conn, chain_format=request.param)
        for _ in range(3):
            Organization("", conn, id=books.id).new_key()
            other.do(DraftInvoice, invoice_body())
        for _ in range(8):
            id = books.do(DraftInvoice, invoice_body()).id
            books.update(id, notes="changed")
        tree, head = GrowingTree(), get_head(conn, books.id)
        for event in list_page(conn, books.id, BEFORE_ALL, head.position):
            tree.add(event.chain_hash)
        checkpoint = Checkpoint(origin_of("smartdhandha", books.id), head.position, tree.root())
        yield conn, books.id, Verifier(head, checkpoint)


def found(conn, org_id, kept):
    """Return what a verifier finds: the first broken position of the log; None if nothing is found.

    A seal and a checkpoint find the same.
    """
    (position,) = {found_with(conn, org_id, each) for each in (KeptHead(kept.head), KeptCheckpoint(kept.checkpoint))}
    return position


def found_with(conn, org_id, kept):
    presences = list_presences(conn)
    breaks = {each.org_id: verify_log(conn, each, [kept] if each.org_id == org_id else []) for each in presences}
    if org_id not in breaks:
        return 1  # the log that the verifier knows is gone
    assert all(broken is None for org, broken in breaks.items() if org != org_id)
    broken = breaks[org_id]
    return None if broken is None else broken.position


def move(conn, org_id, position, to):
    conn.execute("UPDATE events SET position = %s WHERE org_id = %s AND position = %s", (to, org_id, position))


def shift(conn, org_id, positions, by):
    for position in positions:
        move(conn, org_id, position, position + by)


def set_head(conn, org_id):
    """Let the head agree with the last event."""
    conn.execute(
        "UPDATE org_log l SET position = e.position, chain_hash = e.chain_hash FROM events e WHERE l.org_id = %(org)s "
        "AND e.org_id = l.org_id AND e.position = (SELECT max(position) FROM events WHERE org_id = %(org)s)",
        {"org": org_id},
    )


def edit(conn, org_id, end, random):
    position, column = random.randint(1, end), random.choice(list(ALTERED))
    sql = f"UPDATE events SET {column} = {ALTERED[column]} WHERE org_id = %s AND position = %s"
    conn.execute(sql, (org_id, position))
    return position


def remove(conn, org_id, end, random):
    position = random.randint(1, end - 1)
    conn.execute("DELETE FROM events WHERE org_id = %s AND position = %s", (org_id, position))
    if random.random() < 0.5:
        shift(conn, org_id, range(position + 1, end + 1), -1)
        set_head(conn, org_id)
    return position


def insert(conn, org_id, end, random):
    position = random.randint(1, end)
    shift(conn, org_id, range(end, position - 1, -1), 1)
    conn.execute(
        "INSERT INTO events SELECT org_id, %s, originator_id || 'X', 1, name, schema_version, state, metadata, "
        "recorded_at, chain_hash FROM events WHERE org_id = %s ORDER BY random() LIMIT 1",
        (position, org_id),
    )
    set_head(conn, org_id)
    return position


def reorder(conn, org_id, end, random):
    first, second = sorted(random.sample(range(1, end + 1), 2))
    for old, new in ((first, end + 99), (second, first), (end + 99, second)):
        move(conn, org_id, old, new)
    return first


def cut(conn, org_id, end, random):
    last = random.randint(1, end - 1)
    conn.execute("DELETE FROM events WHERE org_id = %s AND position > %s", (org_id, last))
    set_head(conn, org_id)
    return last + 1


def rewrite(conn, org_id, end, random):
    """Change an event, and compute all later hashes and the head again."""
    position = random.randint(1, end)
    column = random.choice([column for column in ALTERED if column not in UNCHAINED])
    sql = f"UPDATE events SET {column} = {ALTERED[column]} WHERE org_id = %s AND position = %s"
    conn.execute(sql, (org_id, position))
    chain, log = get_chain(conn, org_id), list_page(conn, org_id, BEFORE_ALL, end)
    before = log[position - 2].chain_hash if position > 1 else genesis(org_id)
    for record in log[position - 1 :]:
        before = link(before, chain, record)
        sql = "UPDATE events SET chain_hash = %s WHERE org_id = %s AND position = %s"
        conn.execute(sql, (before, org_id, record.position))
    set_head(conn, org_id)
    if column == "state" and log[position - 1].personal is not None:
        return position  # the values beside the event have no place in the new state
    return end  # the kept head has the hash of this position


def delete_the_head(conn, org_id, end, random):
    for table in random.choice((["org_log"], ["org_log", "events"])):
        conn.execute(f"DELETE FROM {table} WHERE org_id = %s", (org_id,))
    return 1


def drop_the_organization(conn, org_id, end, random):
    tables = ["organizations", "org_log", "events"]
    for table in random.choice((tables, tables[:1], tables[:2])):
        conn.execute(f"DELETE FROM {table} WHERE org_id = %s", (org_id,))
    return 1


def set_personal(conn, org_id, position, personal):
    conn.execute("UPDATE events SET personal = %s WHERE org_id = %s AND position = %s", (personal, org_id, position))


def swap_values(conn, org_id, end, random):
    """Swap the personal values of two events, which have different salts."""
    chosen = random.sample([each for each in list_page(conn, org_id, 0, end) if each.personal is not None], 2)
    one, other = sorted(chosen, key=lambda event: event.position)
    set_personal(conn, org_id, one.position, other.personal)
    set_personal(conn, org_id, other.position, one.personal)
    return one.position


def remove_values(conn, org_id, end, random):
    """Remove the personal values of an event as an erasure does, but without a record of it."""
    event = random.choice([each for each in list_page(conn, org_id, 0, end) if each.personal is not None])
    set_personal(conn, org_id, event.position, None)
    return event.position


TAMPERINGS_WITH_VALUES = (swap_values, remove_values)
TAMPERINGS = (edit, remove, insert, reorder, cut, rewrite, delete_the_head, drop_the_organization)


@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"])
@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_each_tampering_is_found_at_its_first_place(tamper, times, log):
    assert_found(tamper, times, *log)


@pytest.mark.parametrize("log", [PERSONAL_FORMAT], indirect=True)
@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"])
@pytest.mark.parametrize("tamper", TAMPERINGS_WITH_VALUES)
def test_each_tampering_with_personal_values_is_found_at_its_first_place(tamper, times, log):
    assert_found(tamper, times, *log)


def assert_found(tamper, times, conn, org_id, kept):
    assert found(conn, org_id, kept) is None
    for seed in range(times):
        random = Random(f"{tamper.__name__} {seed}")
        with conn.transaction(force_rollback=True):
            conn.execute("SET LOCAL session_replication_role = replica")
            expected = tamper(conn, org_id, kept.head.position, random)
            assert found(conn, org_id, kept) == expected, f"{tamper.__name__} {seed}"


@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"])
def test_each_planted_hash_of_a_key_is_found(times, log):
    conn, org_id, _ = log
    keys = [id for (id,) in conn.execute("SELECT id FROM api_keys WHERE org_id = %s", (org_id,))]
    for number, key in zip(range(times), itertools.cycle([*keys, "key_of_nobody"]), strict=False):
        hash = b"%d" % number
        conn.execute("INSERT INTO api_key_hashes VALUES (sha256(%s), %s, %s, NULL)", (hash, org_id, key))
        (difference,) = row_differences(conn, API_KEYS, org_id)
        assert (difference.table, difference.id, difference.expected) == ("api_key_hashes", key, "no row")
        conn.execute("DELETE FROM api_key_hashes WHERE hash = sha256(%s)", (hash,))
