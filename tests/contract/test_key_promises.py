"""An earlier secret works until the time that its rotation promised, whatever happens to the key meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.key_secret import hash_secret
from domain.errors.api_key import KeyNotActive
from infra.identity.keys import create_key, revoke_key, rotate_key
from infra.postgres.database import connect_as_table_owner
from infra.projector.rows import rebuild_organization
from projections.accounts.api_key import API_KEYS
from tests.support.client import Api
from tests.support.waiting import run_at_once, wait_until

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
WORKS, EXPIRED, REVOKED = (200, None), (401, "api_key_expired"), (401, "api_key_revoked")
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def result(organization, raw):
    """The status of a request with this secret, and the code of its refusal."""
    with Api(organization.url, raw) as api:
        response = api.get("me")
    return response.status_code, response.json().get("error", {}).get("code")


def results(organization, secrets):
    return [result(organization, raw) for raw in secrets]


def let_time_pass(owner, key_id, span):
    """Move every end of a key nearer, as if so much time had passed."""
    owner.execute("UPDATE api_key_hashes SET valid_until = valid_until - %s WHERE key_id = %s", (span, key_id))
    owner.execute("UPDATE api_keys SET expires_at = expires_at - %s WHERE id = %s", (span, key_id))


def ends(owner, key_id, secrets):
    """The stored end of each secret."""
    sql = "SELECT valid_until FROM api_key_hashes WHERE key_id = %s AND hash = %s"
    return [owner.execute(sql, (key_id, hash_secret(raw))).fetchone()[0] for raw in secrets]


def rotated(owner, key, *overlaps):
    """Rotate the key with each of these overlaps; return all its secrets, the oldest first."""
    return [key.raw, *(rotate_key(owner, key.row["id"], overlap).raw for overlap in overlaps)]


@pytest.fixture
def key(organization):
    return organization.new_key()


OVERLAPS = {
    "each shorter than the one before": (7 * DAY, 2 * DAY, HOUR),
    "each longer than the one before": (HOUR, 2 * DAY, 7 * DAY),
    "the longest in the middle": (HOUR, 7 * DAY, 2 * DAY),
    "none at the end": (3 * DAY, 24 * HOUR, timedelta(0)),
    "none at first": (timedelta(0), 24 * HOUR, 3 * DAY),
    "all the same": (24 * HOUR, 24 * HOUR, 24 * HOUR),
    "seconds": (timedelta(seconds=90), 5 * DAY, timedelta(minutes=7)),
}


@pytest.mark.parametrize("case", OVERLAPS)
def test_each_of_three_rotated_secrets_works_until_its_own_end_and_not_longer(organization, owner, key, case):
    overlaps, id = OVERLAPS[case], key.row["id"]
    *earlier, present = rotated(owner, key, *overlaps)
    passed = timedelta(0)
    for moment in sorted({overlap + side for overlap in overlaps for side in (-timedelta(seconds=30), timedelta(0))}):
        if moment < timedelta(0):
            continue
        let_time_pass(owner, id, moment - passed)
        passed = moment
        expected = [WORKS if overlap > moment else EXPIRED for overlap in overlaps]
        assert results(organization, [*earlier, present]) == [*expected, WORKS]


def test_after_ten_rotations_every_secret_still_works(organization, owner, key):
    secrets = rotated(owner, key, *(7 * DAY - number * HOUR for number in range(10)))
    assert results(organization, secrets) == [WORKS] * 11


@pytest.mark.parametrize("years", [1, 3, 10, 25, 70])
def test_years_later_a_rotated_secret_is_expired_and_not_unknown(organization, owner, key, years):
    first, second, third = rotated(owner, key, HOUR, 7 * DAY)
    let_time_pass(owner, key.row["id"], years * YEAR)
    present = rotate_key(owner, key.row["id"], HOUR).raw
    assert results(organization, [first, second, third, present]) == [EXPIRED, EXPIRED, WORKS, WORKS]


def test_a_rotation_leaves_the_stored_end_of_every_earlier_secret_alone(owner, key):
    secrets = rotated(owner, key, 7 * DAY, HOUR)[:2]
    before = ends(owner, key.row["id"], secrets)
    rotated(owner, key, timedelta(0), DAY)
    assert ends(owner, key.row["id"], secrets) == before


@pytest.mark.parametrize("overlaps", [(DAY,), (DAY, 7 * DAY), (timedelta(0), DAY), (DAY, DAY, DAY, DAY)])
def test_a_revocation_ends_every_secret_at_once(organization, owner, key, overlaps):
    secrets = rotated(owner, key, *overlaps)
    revoke_key(owner, key.row["id"])
    assert results(organization, secrets) == [REVOKED] * len(secrets)


def test_an_overlap_that_an_earlier_version_cut_short_runs_to_its_promised_end_after_the_upgrade(
    organization, owner, key
):
    first, *others = rotated(owner, key, 7 * DAY, DAY, HOUR)
    id = key.row["id"]
    owner.execute("DELETE FROM api_key_hashes WHERE key_id = %s AND hash = %s", (id, hash_secret(first)))
    owner.execute("UPDATE api_keys SET projection_version = 1, earlier_secrets = '[]' WHERE id = %s", (id,))
    assert rebuild_organization(owner, API_KEYS, organization.id, only_older=True).rows == 1
    assert results(organization, [first, *others]) == [WORKS] * 4
    shown = owner.execute("SELECT jsonb_array_length(earlier_secrets) FROM api_keys WHERE id = %s", (id,)).fetchone()
    assert shown == (3,)


@pytest.mark.parametrize("altered", ["NULL", "now()", "valid_until + interval '1 day'", "'infinity'", "'-infinity'"])
def test_a_rebuild_restores_an_end_that_was_altered(organization, owner, key, altered):
    first, *_ = rotated(owner, key, HOUR, DAY)
    (end,) = ends(owner, key.row["id"], [first])
    owner.execute(f"UPDATE api_key_hashes SET valid_until = {altered} WHERE hash = %s", (hash_secret(first),))
    rebuild_organization(owner, API_KEYS, organization.id)
    assert ends(owner, key.row["id"], [first]) == [end]


def expiring_key(owner, organization, span):
    return create_key(owner, organization.id, "soon", ("billing:read",), 1000, datetime.now(UTC) + span)


@pytest.mark.parametrize("overlap", [2 * HOUR, DAY, 3 * DAY, 6 * DAY, 7 * DAY])
def test_a_rotation_promises_no_more_than_the_expiry_of_the_key(organization, owner, overlap):
    key = expiring_key(owner, organization, HOUR)
    rotation = rotate_key(owner, key.row["id"], overlap)
    assert [each["worksUntil"] for each in rotation.row["earlierSecrets"]] == [key.row["expiresAt"]]
    let_time_pass(owner, key.row["id"], HOUR - timedelta(seconds=30))
    assert results(organization, [key.raw, rotation.raw]) == [WORKS, WORKS]
    let_time_pass(owner, key.row["id"], timedelta(seconds=30))
    assert results(organization, [key.raw, rotation.raw]) == [EXPIRED, EXPIRED]


def move_log_to(owner, organization, at):
    """Let the organization's log be at this time, which no command comes before."""
    owner.execute("UPDATE org_log SET recorded_at = %s WHERE org_id = %s", (at, organization.id))


@pytest.mark.parametrize("move", ["the row", "the log"])
def test_what_has_expired_by_the_clock_is_not_rotated(organization, owner, move):
    key = expiring_key(owner, organization, HOUR)
    id = key.row["id"]
    if move == "the row":
        let_time_pass(owner, id, HOUR)
    else:
        move_log_to(owner, organization, key.row["expiresAt"])
    with pytest.raises(KeyNotActive, match="is expired, and only an active key can be rotated"):
        rotate_key(owner, id, HOUR)
    assert owner.execute("SELECT status, version FROM api_keys WHERE id = %s", (id,)).fetchone() == ("active", 1)


def test_what_has_expired_by_the_clock_can_be_revoked(organization, owner):
    key = expiring_key(owner, organization, HOUR)
    let_time_pass(owner, key.row["id"], HOUR)
    assert revoke_key(owner, key.row["id"])["status"] == "revoked"
    assert result(organization, key.raw) == REVOKED


def test_of_racing_rotations_each_keeps_its_promise(organization, owner, key, shared_database):
    def rotate(number):
        with connect_as_table_owner(shared_database) as conn:
            return rotate_key(conn, key.row["id"], timedelta(hours=number + 1))

    rotations = run_at_once(8, rotate)
    secrets = [key.raw, *(rotation.raw for rotation in rotations)]
    assert results(organization, secrets) == [WORKS] * 9
    promised = sorted(rotation.row["earlierSecrets"][-1]["worksUntil"] for rotation in rotations)
    stored = sorted(end for end in ends(owner, key.row["id"], secrets) if end is not None)
    assert [datetime.fromisoformat(end) for end in promised] == stored
    assert len(stored) == 8


def test_a_rotation_that_waited_past_the_expiry_is_refused(organization, owner, shared_database):
    """The key was active when the rotation was asked for; meanwhile another writer moved the log past the expiry."""
    key = expiring_key(owner, organization, HOUR)
    id = key.row["id"]

    def rotate():
        with connect_as_table_owner(shared_database) as conn:
            rotate_key(conn, id, HOUR)

    with ThreadPoolExecutor(1) as thread:
        with connect_as_table_owner(shared_database) as holder, holder.transaction():
            move_log_to(holder, organization, key.row["expiresAt"])
            waiting = thread.submit(rotate)
            wait_until(lambda: owner.execute(WAITING).fetchall())
        with pytest.raises(KeyNotActive):
            waiting.result(30)
    assert owner.execute("SELECT version FROM api_keys WHERE id = %s", (id,)).fetchone() == (1,)
