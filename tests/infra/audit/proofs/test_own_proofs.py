"""The port Proofs on tiles as the application reads them, its keys, and what it says while it cannot make a proof."""

import pytest
from cryptography.fernet import Fernet

from api.ports.event_log import SignerUnavailable, TreeBehind
from infra.audit.proofs.log_keys import list_keys, make_first_key, make_key
from infra.audit.proofs.own_proofs import PostgresProofs
from infra.audit.proofs.trees import MOST_BEHIND
from infra.identity.organizations import create_organization
from infra.log.proofs.event_proof import check_event
from infra.log.proofs.proof_files import open_checkpoint
from infra.log.proofs.tiles import WIDTH
from infra.log.reading.pages import list_page
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from infra.projector.following.log_tiles import LogTileTable
from infra.settings.secret_box import SecretBox
from projections.registry import LOG_TILES
from projections.views.events import event_id
from tests.support.long_log import append_events
from tests.support.postgres import is_denied, logins_of
from tests.support.service import Service

TABLE = LogTileTable(LOG_TILES)
BOX = SecretBox([Fernet.generate_key().decode()])
EVENTS = 2 * WIDTH + 9


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        make_first_key(opened, BOX)
        yield opened


@pytest.fixture(scope="module")
def app_pool(database):
    with open_pool(logins_of(database), 1) as opened:
        opened.wait()
        yield opened


@pytest.fixture
def proofs(app_pool):
    return PostgresProofs(app_pool, BOX)


@pytest.fixture
def log(conn):
    """An organization with a log of two tiles and some events."""
    id = create_organization(conn, "Test Traders").id
    append_events(conn, id, EVENTS)
    add_tiles(conn, id)
    return id


def add_tiles(conn, org_id):
    while TABLE.add_page(conn, org_id):
        pass


def id_at(conn, org_id, position):
    return event_id(list_page(conn, org_id, position - 1, 1)[0].chain_hash)


def anything(_type):
    """Let every type of event be proven."""


@pytest.mark.parametrize("position", [1, 2, WIDTH, WIDTH + 1, 2 * WIDTH, 2 * WIDTH + 1, EVENTS])
def test_events_in_tiles_and_after_them_are_proven(position, conn, proofs, log):
    found = proofs.get_proof(log, id_at(conn, log, position), anything)
    proven = check_event(found.proof, [key.verifier for key in list_keys(conn)])
    assert (proven.org_id, proven.event.position, proven.proven.checkpoint.size) == (log, position, EVENTS)
    assert (found.position, found.size) == (position, EVENTS)


def test_the_type_of_an_event_is_checked_before_it_is_proven(conn, proofs, log):
    class Refused(Exception):
        pass

    def refuse(type):
        raise Refused(type)

    with pytest.raises(Refused, match=r"invoice\.drafted"):
        proofs.get_proof(log, id_at(conn, log, 5), refuse)
    assert proofs.get_proof(log, f"evt_{'0' * 24}", refuse) is None


def test_an_event_of_another_organization_is_not_found(conn, proofs, log):
    other = create_organization(conn, "Other").id
    append_events(conn, other, 3)
    assert proofs.get_proof(other, id_at(conn, log, 2), anything) is None
    assert proofs.get_proof(log, id_at(conn, other, 2), anything) is None


def test_a_tree_far_behind_is_refused_also_for_an_id_that_was_not_searched(conn, proofs, log):
    append_events(conn, log, MOST_BEHIND + 2 * WIDTH)
    for id in (id_at(conn, log, 1), f"evt_{'0' * 24}"):
        with pytest.raises(TreeBehind):
            proofs.get_proof(log, id, anything)
    with pytest.raises(TreeBehind):
        proofs.get_checkpoint(log)
    add_tiles(conn, log)
    assert proofs.get_checkpoint(log).size == EVENTS + MOST_BEHIND + 2 * WIDTH


def test_after_a_rotation_the_new_key_signs_and_both_are_published(conn, proofs, log):
    before = proofs.list_keys()
    made = make_key(conn, BOX).verifier
    note = proofs.get_checkpoint(log).checkpoint
    assert open_checkpoint(note, [made]).signers == [made]
    after = proofs.list_keys()
    assert [key.verifier_key for key in after] == [str(made), *(key.verifier_key for key in before)]
    assert after[0].retired_at is None and after[1].retired_at is not None


@pytest.mark.parametrize("box", [None, SecretBox([Fernet.generate_key().decode()])])
def test_without_the_key_of_the_service_nothing_is_signed_but_keys_are_published(box, conn, app_pool, log):
    proofs = PostgresProofs(app_pool, box)
    with pytest.raises(SignerUnavailable):
        proofs.get_checkpoint(log)
    with pytest.raises(SignerUnavailable):
        proofs.get_proof(log, id_at(conn, log, 5), anything)
    assert proofs.list_keys()


def test_the_application_reads_the_private_key_only_as_it_was_encrypted(conn, app_pool):
    with app_pool.connection() as app:
        assert is_denied(app, "SELECT FROM log_keys")
        assert is_denied(app, "DELETE FROM log_key_list")
        ((_, sealed),) = app.execute("SELECT * FROM log_signing_key()").fetchall()
    assert sealed.startswith(b"gAAAA") and len(BOX.decrypt(sealed)) == 44


def test_nothing_stays_open_on_the_connection(proofs, app_pool, log):
    proofs.get_checkpoint(log)
    with app_pool.connection() as app:
        assert app.execute("SELECT current_setting('app.org', true)").fetchone() in [("",), (None,)]


def test_the_service_makes_the_first_key_and_only_that(own_database):
    counts: list[int] = []
    with connect_as_table_owner(own_database) as conn:
        for _ in range(2):
            with Service(own_database):
                counts += [count for (count,) in conn.execute("SELECT count(*) FROM log_keys")]
    assert counts == [1, 1]
