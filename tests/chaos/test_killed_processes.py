"""A process of the service is killed: the others go on, it is replaced, and what was acknowledged is stored once."""

from contextlib import ExitStack

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.bundled import Bundled, has_ended
from tests.support.client import Api, list_events
from tests.support.organization import Organization
from tests.support.postgres import folder_for_servers
from tests.support.service import Service, free_address
from tests.support.waiting import wait_until
from tests.support.writers import Writers

pytestmark = pytest.mark.process


def assert_stored(api, acknowledged):
    """Each acknowledged invoice is stored, and none is stored twice."""
    stored = [invoice["id"] for invoice in list_events(api, "invoices", limit=100)]
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)


def test_a_killed_server_process_is_replaced_while_the_other_one_answers(own_database):
    with (
        Service(own_database, "--workers", "2", "--no-worker") as service,
        connect_as_table_owner(own_database) as owner,
    ):
        key = Organization(service.url, owner).new_key().raw
        with Writers(service.url, key) as writers:
            for _ in range(3):
                writers.go_on()
                kill_one(service)
                writers.go_on()
        with Api(service.url, key) as api:
            assert_stored(api, writers.acknowledged)


def kill_one(service):
    """Kill a server process, and wait until another one has taken its place."""
    victim = service.workers()[0]
    victim.kill()
    wait_until(lambda: has_ended(victim) and len([one for one in service.workers() if not has_ended(one)]) == 2)


def test_a_new_service_takes_the_place_of_one_whose_master_was_killed():
    """Clients keep connections to the server processes that the master leaves behind."""
    address = free_address()
    with folder_for_servers() as folder, ExitStack() as running:
        bundled = Bundled(folder, "--bind", address)
        service = running.enter_context(bundled.service)
        left, key = service.workers(), bundled.new_key()
        with Writers(service.url, key) as writers:
            writers.go_on()
            service.process.kill()
            running.push(bundled.start_again("--bind", address))
            writers.go_on()
        wait_until(lambda: all(map(has_ended, left)))
        with Api(service.url, key) as api:
            assert_stored(api, writers.acknowledged)
