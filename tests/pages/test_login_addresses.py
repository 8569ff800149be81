"""An e-mail address is found however it was typed."""

import uuid

import pytest

from domain.errors import Conflict
from infra.identity import users
from tests.support.console import PASSWORD, new_user

WRITTEN = [
    "ASHA.{}@Example.in",
    " asha.{}@example.in ",
    "asha\u200b.{}@example.in",
    "ａｓｈａ.{}@example.in",
    "asha.{}＠example.in",
]


@pytest.mark.parametrize("written", WRITTEN, ids=ascii)
def test_an_address_is_found_however_it_was_typed(owner, organization, console, written):
    serial = uuid.uuid4().hex[:10]
    link = users.create_user(owner, organization.id, written.format(serial), "owner")
    assert link.user.email == f"asha.{serial}@example.in"
    console(None).fill(link.path, {"password": PASSWORD, "again": PASSWORD})
    for other in WRITTEN:
        assert console(None).log_in(other.format(serial), PASSWORD).status_code == 303
    with pytest.raises(Conflict):
        users.create_user(owner, organization.id, f"Asha.{serial}@example.in", "viewer")
    new_user(owner, organization.id)  # somebody must stay
    assert users.remove_user(owner, written.format(serial)).email == link.user.email


def test_an_address_that_was_stored_in_lower_case_is_still_found(owner, organization, console):
    serial = uuid.uuid4().hex[:10]
    link = users.create_user(owner, organization.id, f"x.{serial}@example.in", "owner")
    console(None).fill(link.path, {"password": PASSWORD, "again": PASSWORD})
    owner.execute("UPDATE users SET email = %s WHERE user_id = %s", (f"stra\u00dfe.{serial}@example.in", link.user.id))
    assert console(None).log_in(f"Stra\u00dfe.{serial}@example.in", PASSWORD).status_code == 303
    assert users.create_link(owner, f"STRA\u00dfE.{serial}@example.in").user.id == link.user.id
