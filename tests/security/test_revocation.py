"""A key that was revoked or rotated without an overlap is dead when that is answered, also in the midst of a flood."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from infra.identity.keys import revoke_key, rotate_key
from tests.support.client import Api
from tests.support.waiting import run_at_once

CLIENTS = 6


def rotate_at_once(owner: Any, id: str) -> None:
    rotate_key(owner, id, timedelta(0))


@pytest.mark.parametrize("end", [revoke_key, rotate_at_once], ids=["revoked", "rotated"])
def test_no_request_that_begins_after_it_succeeds(organization, owner, end):
    key = organization.new_key()
    begun, ended = threading.Barrier(CLIENTS + 1), threading.Event()

    def act(number):
        if number == CLIENTS:
            begun.wait()
            end(owner, key.row["id"])
            ended.set()
            return list[int]()
        statuses = list[int]()
        with Api(organization.url, key.raw) as api:
            assert api.get("invoices").status_code == 200
            begun.wait()
            while len(statuses) < 30:
                is_ended = ended.is_set()
                status = api.get("invoices").status_code
                if is_ended:
                    statuses.append(status)
        return statuses

    statuses = [status for each in run_at_once(CLIENTS + 1, act) for status in each]
    assert statuses == [401] * 30 * CLIENTS
