"""Which secrets of a key still work, as the pages show it; and a key that has expired by the clock."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from infra.identity.keys import create_key, revoke_key, rotate_key

PATH = "/settings/developer"
HOUR = timedelta(hours=1)


def let_expire(owner, id):
    owner.execute("UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = %s", (id,))


@pytest.fixture
def rotated(organization, owner):
    """A key with two earlier secrets that work and one that does not; its id, and its earlier secrets' last four."""
    key = organization.new_key()
    id, overlaps = key.row["id"], (2 * HOUR, timedelta(0), 26 * HOUR)
    return id, [key.raw[-4:], *(rotate_key(owner, id, overlap).raw[-4:] for overlap in overlaps)]


@pytest.mark.parametrize("page", ["", "/rotate", "/revoke"])
def test_a_page_of_a_key_names_each_earlier_secret_that_works_and_until_when(console, rotated, page):
    id, (first, _, third, _) = rotated
    text = console().get(f"{PATH}/keys/{id}{page}").text
    named = re.findall(r'sd_live_…(\w{4})</code> until <time datetime="([^"]+)"', text)
    assert [last_four for last_four, _ in named] == [first, third]
    assert sorted(end for _, end in named) == [end for _, end in named]


def test_after_a_rotation_the_page_says_which_secrets_still_work(console, rotated):
    id, (first, _, third, present) = rotated
    text = console().fill(f"{PATH}/keys/{id}/rotate", {"overlap": "1"}).text
    named = re.findall(r"sd_live_…(\w{4})</code> until", text)
    assert named == [present, first, third] and "earlier secrets still work" in text


def test_after_a_rotation_without_overlap_the_page_says_that_the_secret_has_stopped(console, organization):
    id = organization.new_key().row["id"]
    text = console().fill(f"{PATH}/keys/{id}/rotate", {"overlap": "0"}).text
    assert "The previous secret has stopped working." in text


def test_the_history_does_not_say_that_one_end_replaced_another(console, rotated):
    id, _ = rotated
    text = console().get(f"{PATH}/keys/{id}").text
    assert text.count("The replaced secret works until</dt>") == 3
    assert not re.search(r"The replaced secret works until</dt><dd><del>", text)


def test_activity_names_each_earlier_secret_and_its_end_and_no_hash(console, rotated):
    id, (first, _, third, _) = rotated
    text = console().get(f"/activity/{id}").text
    assert re.search(rf"last four {first}, works until \d+ \w+ \d+, \d\d:\d\d", text)
    assert re.search(rf"last four {third}, works until ", text)
    own = text.partition("<main")[2].partition("<footer")[0].replace("\n", "")  # around it are forms with a token
    assert not re.search("[0-9a-f]{64}", own) and "ash" not in re.findall(r'<th scope="row">([^<]+)', text)


@pytest.mark.parametrize("ended", [let_expire, revoke_key])
def test_the_list_of_keys_names_the_state_by_the_clock_and_active_keys_first(console, organization, owner, ended):
    old, new = organization.new_key(), organization.new_key()
    ended(owner, new.row["id"])
    text = console().get(PATH).text
    rows = re.findall(rf'{PATH}/keys/(key_\w+)".*?<span class="tag (?:good|bad)">(\w+)</span>', text, re.DOTALL)
    state = "expired" if ended is let_expire else "revoked"
    assert rows == [(old.row["id"], "active"), (new.row["id"], state)]


@pytest.fixture
def expired(organization, owner):
    """The id of a key that has expired by the clock, which nothing has recorded yet."""
    soon = datetime.now(UTC) + HOUR
    id = create_key(owner, organization.id, "soon", ("billing:read",), 1000, soon).row["id"]
    rotate_key(owner, id, HOUR)
    let_expire(owner, id)
    return id


def test_an_expired_key_offers_no_buttons_and_no_secret_of_it_works(console, expired):
    text = console().get(f"{PATH}/keys/{expired}").text
    assert '<span class="tag bad">expired</span>' in text
    assert "/rotate" not in text and "/revoke" not in text and "still work" not in text and "rotating" not in text


def test_the_page_to_rotate_an_expired_key_says_why_it_cannot_be(console, expired):
    text = console().get(f"{PATH}/keys/{expired}/rotate").text
    assert "This key expired on" in text and "it cannot be rotated" in text and 'id="overlap"' not in text


@pytest.mark.parametrize("overlap", ["0", "1", "24", "72", "168"])
def test_a_form_to_rotate_that_was_open_when_the_key_expired_makes_no_secret(
    console, organization, owner, expired, overlap
):
    other = organization.new_key().row["id"]
    response = console().fill(f"{PATH}/keys/{expired}/rotate", {"overlap": overlap}, on=f"{PATH}/keys/{other}/rotate")
    assert response.status_code == 409 and "it cannot be rotated" in response.text
    assert "sd_live_…" not in response.text and 'id="raw-key"' not in response.text
    assert owner.execute("SELECT version FROM api_keys WHERE id = %s", (expired,)).fetchone() == (2,)


def test_a_form_to_rotate_that_was_open_when_the_key_was_revoked_says_so(console, organization, owner):
    id = organization.new_key().row["id"]
    browser = console()
    form = {**browser.hidden_on(f"{PATH}/keys/{id}/rotate"), "overlap": "1"}
    revoke_key(owner, id)
    response = browser.post(f"{PATH}/keys/{id}/rotate", data=form)
    assert response.status_code == 409 and "This key was revoked on" in response.text


def test_an_expired_key_can_be_revoked(console, owner, expired):
    page = console().get(f"{PATH}/keys/{expired}/revoke").text
    assert "Since then, requests with this key are refused" in page and "will stop working" not in page
    assert console().fill(f"{PATH}/keys/{expired}/revoke").status_code == 303
    assert owner.execute("SELECT status FROM api_keys WHERE id = %s", (expired,)).fetchone() == ("revoked",)


@pytest.mark.parametrize("overlap", ["169", "9999", "9" * 18, "-1", "1.5", "a day", "24h", "１"])
def test_an_overlap_that_is_not_offered_is_refused_and_not_replaced_by_the_default(
    console, organization, owner, overlap
):
    id = organization.new_key().row["id"]
    response = console().fill(f"{PATH}/keys/{id}/rotate", {"overlap": overlap})
    assert response.status_code == 422 and "The overlap must be" in response.text
    assert owner.execute("SELECT version FROM api_keys WHERE id = %s", (id,)).fetchone() == (1,)
