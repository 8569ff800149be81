"""The writer of requests: a graceful stop loses nothing."""

from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api
from tests.support.organization import Organization
from tests.support.service import Service


def test_a_graceful_stop_writes_the_last_requests(own_database):
    with connect_as_table_owner(own_database) as owner:
        with Service(own_database) as service:
            organization = Organization(service.url, owner)
            key = organization.new_key()
            with Api(service.url, key.raw) as api:
                ids = [api.get("me").headers["X-Request-Id"] for _ in range(20)]
        kept = {id for (id,) in owner.execute("SELECT request_id FROM request_records")}
    assert {*ids} == kept
