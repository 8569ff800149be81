"""Keys as they are stored: a secret is shown once and stored nowhere."""

from datetime import timedelta
from zoneinfo import available_timezones

from infra.identity.keys import revoke_key, rotate_key
from tests.support.client import Api
from tests.support.postgres import tables_containing
from tests.support.scenarios import draft_invoice


def test_a_raw_key_is_in_no_table_after_it_was_made_used_rotated_and_revoked(organization, owner):
    original = organization.new_key()
    rotated = rotate_key(owner, original.row["id"], timedelta(hours=1))
    for key in (original, rotated):
        with Api(organization.url, key.raw) as api:
            draft_invoice(api)
    revoke_key(owner, original.row["id"])
    for raw in (original.raw, rotated.raw):
        assert tables_containing(owner, raw[8:38]) == set()
    assert tables_containing(owner, original.row["keyHash"]) >= {"events", "api_key_hashes"}
    assert tables_containing(owner, rotated.row["keyHash"]) >= {"events", "api_keys", "api_key_hashes"}


def test_every_time_zone_that_can_be_chosen_is_known_to_the_database(owner):
    """One that is not would stop what the worker does at midnight, for all organizations."""
    known = {name for (name,) in owner.execute("SELECT name FROM pg_timezone_names")}
    assert available_timezones() - {"localtime"} <= known
