"""The chain finds whatever a superuser does to a log, at the position where it was done."""

import msgspec
import pytest
from psycopg import Rollback

from infra.log.heads import get_chain
from infra.log.proofs.chain import Chain, first_break, genesis, link
from infra.log.records import COLUMNS, Head
from tests.support.log_rows import records
from tests.support.scenarios import draft_invoice, sent_invoice


class Log:
    """A log of some events, which the test may damage: nothing of it is kept."""

    def __init__(self, conn, org_id):
        self._conn, self.org_id = conn, org_id
        self.chain = get_chain(conn, org_id)

    def do(self, sql, **values):
        changed = self._conn.execute(sql, {"org": self.org_id, **values})
        assert changed.rowcount > 0
        return changed

    def break_(self):
        events = self.do(f"SELECT {COLUMNS} FROM events WHERE org_id = %(org)s ORDER BY position").fetchall()
        head = self.do("SELECT position, chain_hash FROM org_log WHERE org_id = %(org)s").fetchone()
        return first_break(self.chain, records(events), Head(*head))

    def first_wrong(self):
        chain_break = self.break_()
        return chain_break and chain_break.position

    def move(self, from_, to):
        sql = "UPDATE events SET position = %(to)s WHERE org_id = %(org)s AND position = %(from)s"
        self.do(sql, **{"from": from_, "to": to})


@pytest.fixture
def log(organization, api, owner):
    """Six events: a key, a draft that was sent, three more drafts."""
    sent_invoice(api)
    for _ in range(3):
        draft_invoice(api)
    with owner.transaction():
        yield Log(owner, organization.id)
        raise Rollback


def test_a_log_that_nobody_touched_is_whole(log):
    assert log.break_() is None


def test_an_empty_log_is_whole(organization, owner):
    assert first_break(Chain("org_empty"), [], Head(0, genesis("org_empty"))) is None


CHANGES = {
    "originator_id": "originator_id || 'x'",
    "originator_version": "originator_version + 100",
    "name": "'invoice.voided'",
    "schema_version": "schema_version + 1",
    "state": "replace(state, '82600', '82601')",
    "metadata": "replace(metadata, 'requestId', 'requestid')",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "personal": "'[]'",
    "chain_hash": "sha256(chain_hash)",
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("position", [2, 6])
def test_an_altered_column_is_found_where_it_was_altered(log, column, position):
    log.do(f"UPDATE events SET {column} = {CHANGES[column]} WHERE org_id = %(org)s AND position = %(at)s", at=position)
    assert log.first_wrong() == position


def test_every_column_of_an_event_is_in_the_chain():
    assert set(CHANGES) | {"position"} == set(COLUMNS.split(", "))


def test_white_space_in_the_state_is_found(log):
    log.do("UPDATE events SET state = state || ' ' WHERE org_id = %(org)s AND position = 3")
    assert log.first_wrong() == 3


def test_text_that_moved_from_one_column_to_its_neighbour_is_found(log):
    log.do(
        "UPDATE events SET metadata = metadata || left(state, 1), state = substr(state, 2) "
        "WHERE org_id = %(org)s AND position = 3"
    )
    assert log.first_wrong() == 3


@pytest.mark.parametrize("position", [1, 3, 6])
def test_a_removed_event_is_found_where_it_stood(log, position):
    log.do("DELETE FROM events WHERE org_id = %(org)s AND position = %(at)s", at=position)
    assert log.first_wrong() == position


def test_a_removed_event_is_found_though_the_later_ones_moved_up(log):
    log.do("DELETE FROM events WHERE org_id = %(org)s AND position = 3")
    for position in (4, 5, 6):
        log.move(position, position - 1)
    log.do("UPDATE org_log SET position = 5 WHERE org_id = %(org)s")
    assert log.first_wrong() == 3


def test_two_swapped_events_are_found_at_the_first_of_them(log):
    for from_, to in ((4, 100), (5, 4), (100, 5)):
        log.move(from_, to)
    assert log.first_wrong() == 4


def test_an_inserted_event_is_found_where_it_was_put(log):
    for position in (6, 5, 4):
        log.move(position, position + 1)
    log.do(
        "INSERT INTO events SELECT org_id, 4, 'inv_slipped_in', 1, name, schema_version, state, metadata, recorded_at, "
        "chain_hash FROM events WHERE org_id = %(org)s AND position = 3"
    )
    log.do("UPDATE org_log SET position = 7 WHERE org_id = %(org)s")
    assert log.first_wrong() == 4


def test_an_event_put_after_the_last_is_found_even_when_it_fits_the_chain(log):
    last = records(log.do(f"SELECT {COLUMNS} FROM events WHERE org_id = %(org)s AND position = 6").fetchall())[0]
    added = msgspec.structs.replace(last, position=7, originator_id="inv_x", originator_version=1, schema_version=1)
    hash_ = link(last.chain_hash, log.chain, added)
    log.do(
        "INSERT INTO events SELECT org_id, 7, 'inv_x', 1, name, 1, state, metadata, recorded_at, %(hash)s "
        "FROM events WHERE org_id = %(org)s AND position = 6",
        hash=hash_,
    )
    assert log.first_wrong() == 7


def test_an_event_altered_with_a_hash_that_fits_is_found_at_the_next_one(log):
    before, event = records(
        log.do(
            f"SELECT {COLUMNS} FROM events WHERE org_id = %(org)s AND position IN (3, 4) ORDER BY position"
        ).fetchall()
    )
    state = event.state.replace("82600", "1")
    hash_ = link(before.chain_hash, log.chain, msgspec.structs.replace(event, state=state))
    log.do(
        "UPDATE events SET state = %(state)s, chain_hash = %(hash)s WHERE org_id = %(org)s AND position = 4",
        state=state,
        hash=hash_,
    )
    assert log.first_wrong() == 5


@pytest.mark.parametrize("change", ["position = position - 1", "chain_hash = sha256(chain_hash)"])
def test_an_altered_head_is_found(log, change):
    log.do(f"UPDATE org_log SET {change} WHERE org_id = %(org)s")
    assert log.break_() is not None


def test_a_log_given_to_another_organization_is_found_at_its_first_event(log):
    events = records(log.do(f"SELECT {COLUMNS} FROM events WHERE org_id = %(org)s ORDER BY position").fetchall())
    chain_break = first_break(Chain("org_other"), events, Head(6, events[-1].chain_hash))
    assert chain_break and chain_break.position == 1
