"""One-time links, and the passwords that are set with them."""

import pytest

from domain.accounts.password import prepare_password
from infra.identity import users
from infra.identity.passwords import HASHER
from tests.support.console import PASSWORD, SESSION, new_user
from tests.support.postgres import tables_containing


def test_a_link_works_once(person, console):
    response = console(None).get(person.link)
    assert response.status_code == 410 and "This link does not work any more" in response.text
    browser = console(None)
    token = browser.token_on("/login")
    again = browser.post(
        person.link, data={"csrf": token, "password": "another one of mine", "again": "another one of mine"}
    )
    assert again.status_code == 410
    assert person.log_in(person.email, PASSWORD).status_code == 303


def test_a_new_link_replaces_the_old_one(owner, organization, console):
    first = new_user(owner, organization.id)
    second = users.create_link(owner, first.user.email.upper())
    assert [console(None).get(link.path).status_code for link in (first, second)] == [410, 200]


@pytest.mark.parametrize("left", [1, 71, 72 * 60 - 1])
def test_a_link_works_until_its_end(owner, organization, console, left):
    link = new_user(owner, organization.id)
    move = "UPDATE user_links SET expires_at = clock_timestamp() + make_interval(mins => %s) WHERE user_id = %s"
    owner.execute(move, (left, link.user.id))
    assert console(None).get(link.path).status_code == 200


def test_an_expired_link_does_not_work(owner, organization, console):
    link = new_user(owner, organization.id)
    owner.execute("UPDATE user_links SET expires_at = clock_timestamp() WHERE user_id = %s", (link.user.id,))
    assert console(None).get(link.path).status_code == 410


def test_a_new_password_ends_all_sessions_and_replaces_the_old_one(person, owner):
    person.log_in(person.email, PASSWORD)
    link = users.create_link(owner, person.email)
    other = "four more words than before"
    person.fill(link.path, {"password": other, "again": other})
    assert person.get("/settings/developer").status_code == 303
    assert person.log_in(person.email, PASSWORD).status_code == 422
    assert person.log_in(person.email, other).status_code == 303


@pytest.mark.parametrize(
    "password", ["short", "password1234", "aaaaaaaaaaaaaaaa", "abcabcabcabcabc", "12345678901234", "x" * 1025]
)
def test_a_password_that_is_short_or_common_is_refused(owner, organization, console, password):
    link = new_user(owner, organization.id)
    browser = console(None)
    response = browser.fill(link.path, {"password": password, "again": password})
    assert response.status_code == 422 and 'role="alert"' in response.text
    assert browser.get(link.path).status_code == 200


@pytest.mark.parametrize(
    "password", ["पन्द्रह हरे बगीचे", "all lower case words", "x7" * 3 + "kumquat", "long " + "word " * 203]
)
def test_any_long_password_is_accepted(owner, organization, console, password):
    link = new_user(owner, organization.id)
    browser = console(None)
    assert browser.fill(link.path, {"password": password, "again": password}).status_code == 303
    assert browser.log_in(link.user.email, password).status_code == 303


def test_two_different_passwords_are_refused(owner, organization, console):
    link = new_user(owner, organization.id)
    response = console(None).fill(link.path, {"password": PASSWORD, "again": f"{PASSWORD}."})
    assert response.status_code == 422 and "do not match" in response.text


def test_no_table_contains_a_password_a_session_token_or_a_link(person, owner):
    person.log_in(person.email, PASSWORD)
    for secret in (PASSWORD, person.cookies[SESSION], person.link.rpartition("/")[2]):
        assert tables_containing(owner, secret) == set()
    (stored,) = owner.execute("SELECT password_hash FROM users WHERE email = %s", (person.email,)).fetchone()
    assert stored.startswith("$argon2id$")


COMPOSED, DECOMPOSED = "quatre cafés à la mer", "quatre cafe\u0301s a\u0300 la mer"


@pytest.mark.parametrize(("first", "then"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)], ids=ascii)
def test_a_password_that_was_set_on_one_device_is_accepted_from_another(owner, organization, console, first, then):
    link = new_user(owner, organization.id)
    browser = console(None)
    assert browser.fill(link.path, {"password": first, "again": then}).status_code == 303
    for password in (first, then):
        assert console(None).log_in(link.user.email, password).status_code == 303


@pytest.mark.parametrize("raw", [DECOMPOSED, "plum\u3000tractor over lakes", "\u0958 लम और किताब"], ids=ascii)
def test_a_hash_of_the_raw_text_is_accepted_and_replaced(owner, organization, console, raw):
    link = new_user(owner, organization.id)
    set_hash = "UPDATE users SET password_hash = %s WHERE user_id = %s"
    owner.execute(set_hash, (HASHER.hash(raw), link.user.id))
    prepared = prepare_password(raw)
    assert console(None).log_in(link.user.email, prepared).status_code == 422
    assert console(None).log_in(link.user.email, raw).status_code == 303
    assert console(None).log_in(link.user.email, prepared).status_code == 303
    (stored,) = owner.execute("SELECT password_hash FROM users WHERE user_id = %s", (link.user.id,)).fetchone()
    assert HASHER.verify(stored, prepared)


def test_an_old_password_that_could_not_be_set_today_is_still_accepted(owner, organization, console):
    link = new_user(owner, organization.id)
    raw = "four words\u200b of mine"
    owner.execute("UPDATE users SET password_hash = %s WHERE user_id = %s", (HASHER.hash(raw), link.user.id))
    for _ in range(2):
        assert console(None).log_in(link.user.email, raw).status_code == 303


@pytest.mark.parametrize("character", ["\x01", "\u200b", "\u202e", "\ufeff", "\x7f"], ids=ascii)
def test_a_password_with_what_not_every_device_can_type_is_refused(owner, organization, console, character):
    link = new_user(owner, organization.id)
    password = f"four words {character}of mine"
    response = console(None).fill(link.path, {"password": password, "again": password})
    assert response.status_code == 422 and f"U+{ord(character):04X}" in response.text
