"""Short forms of the scenarios that kill or stop processes: `make chaos` has them at length."""

import time

import pytest

from tests.chaos.bundled_stage import bundled_service
from tests.chaos.faults import (
    killed_backend,
    killed_master,
    killed_process,
    stopped_process,
    stopped_service,
    stopped_worker,
)
from tests.chaos.faults.killed_master import kill_all, kill_master
from tests.chaos.stage import quiet_service
from tests.chaos.under_load import on_database

pytestmark = pytest.mark.process
LONG_SECONDS = 60.0


def test_a_server_process_is_killed(report, served):
    service, place = served
    killed_process.run(report, service, place, rounds=2)


@pytest.mark.parametrize("kill", [kill_master, kill_all], ids=["the master", "all"])
def test_the_master_is_killed_and_started_again(report, kill):
    killed_master.run(report, "killed", kill, 1, LONG_SECONDS)


def test_a_backend_of_postgresql_is_killed(report):
    with bundled_service() as (bundled, place):
        killed_backend.run(report, bundled, place, rounds=1)


def test_a_server_process_stands_still_for_seconds(report, served):
    """`make chaos` waits until the master replaces it."""

    def go_on(process):
        time.sleep(2)
        process.resume()

    service, place = served
    stopped_process.run(report, place, service.workers()[0], go_on)


def test_a_service_is_stopped_and_another_one_takes_its_address(report, own_database):
    stopped_service.run(report, own_database, rounds=1)


def test_the_leading_background_worker_is_stopped_and_killed(report, own_database):
    with quiet_service(own_database, "--no-worker") as service:
        stopped_worker.run(report, on_database(service.url, own_database), own_database, seconds=1)
