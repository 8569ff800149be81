"""People of an organization, as the command line and the migrations make them."""

from __future__ import annotations

import uuid

import pytest

from domain.accounts.people import LastOwner
from domain.errors import Conflict
from infra.identity import users
from infra.identity.sessions import PostgresUsers
from infra.identity.upgrade import record_earlier_users
from infra.postgres.database import connect_as_table_owner
from tests.support.console import new_user, open_session
from tests.support.waiting import run_at_once


@pytest.fixture
def known(pool):
    return PostgresUsers(pool)


def address():
    return f"asha.{uuid.uuid4().hex[:10]}@example.in"


def roles(owner, organization):
    return {user.email: user.role for user in users.list_users(owner, organization.id)}


def earlier_user(owner, organization, role):
    """Return the id of a user as an earlier version has stored one: with a role in `users`, and no event."""
    user_id = f"user_{uuid.uuid4().hex}"
    values = (user_id, organization.id, address(), role)
    owner.execute("INSERT INTO users (user_id, org_id, email, role) VALUES (%s, %s, %s, %s)", values)
    return user_id


def test_a_user_of_an_earlier_version_goes_on_and_is_then_recorded_in_the_log(owner, organization, known):
    user_id = earlier_user(owner, organization, "owner")
    token = open_session(owner, user_id)
    owner.execute("UPDATE user_sessions SET org_id = NULL WHERE user_id = %s", (user_id,))
    before = known.get_member(token)
    assert (before.user_id, before.role, before.org_id) == (user_id, "owner", organization.id)
    assert record_earlier_users(owner) >= 1
    after = known.get_member(token)
    assert (after.user_id, after.role, after.org_id) == (user_id, "owner", organization.id)
    sql = "SELECT role, status FROM memberships WHERE org_id = %s"
    assert owner.execute(sql, (organization.id,)).fetchall() == [("owner", "active")]
    assert record_earlier_users(owner) == 0


def test_a_person_can_belong_to_two_organizations_with_two_roles(owner, organization, other_organization, known):
    email = address()
    first = users.create_user(owner, organization.id, email, "owner").user
    second = users.create_user(owner, other_organization.id, email.upper(), "hr").user
    assert first.id == second.id
    with pytest.raises(users.ManyOrganizations, match="--org"):
        users.change_role(owner, email, "viewer")
    users.change_role(owner, email, "accountant", other_organization.id)
    assert roles(owner, organization)[email] == "owner"
    assert roles(owner, other_organization)[email] == "accountant"
    with pytest.raises(Conflict, match="in this organization"):
        users.create_user(owner, organization.id, email, "viewer")


def test_a_session_shows_one_organization_and_can_switch(owner, organization, other_organization, known):
    email = address()
    user = users.create_user(owner, organization.id, email, "owner").user
    users.create_user(owner, other_organization.id, email, "hr")
    token = open_session(owner, user.id)
    member = known.get_member(token)
    assert (member.org_id, member.role) == (organization.id, "owner")
    assert [other.id for other in member.others] == [other_organization.id]
    assert known.switch_organization(token, other_organization.id)
    member = known.get_member(token)
    assert (member.org_id, member.role) == (other_organization.id, "hr")
    assert known.get_member(open_session(owner, user.id)).org_id == other_organization.id


def test_no_session_shows_an_organization_of_others(owner, organization, other_organization, known):
    token = open_session(owner, new_user(owner, organization.id).user.id)
    assert not known.switch_organization(token, other_organization.id)
    assert known.get_member(token).org_id == organization.id


def test_who_is_removed_from_one_organization_goes_on_in_the_other(owner, organization, other_organization, known):
    email = address()
    new_user(owner, organization.id)
    user = users.create_user(owner, organization.id, email, "owner").user
    here = open_session(owner, user.id)
    users.create_user(owner, other_organization.id, email, "owner")
    there = open_session(owner, user.id)
    assert known.switch_organization(there, other_organization.id)
    users.remove_user(owner, email, organization.id)
    assert known.get_member(here) is None
    assert known.get_member(there).org_id == other_organization.id
    assert known.get_member(open_session(owner, user.id)).org_id == other_organization.id


def test_of_two_owners_who_are_removed_at_once_one_stays(owner, organization, shared_database):
    emails = [new_user(owner, organization.id).user.email for _ in range(2)]

    def remove(number):
        with connect_as_table_owner(shared_database) as conn:
            try:
                users.remove_user(conn, emails[number])
            except LastOwner:
                return False
        return True

    assert sorted(run_at_once(2, remove)) == [False, True]
    assert len(roles(owner, organization)) == 1


def test_a_removed_user_can_be_created_again_and_is_somebody_else(owner, organization):
    new_user(owner, organization.id)
    email = address()
    first = users.create_user(owner, organization.id, email, "hr").user
    users.remove_user(owner, email)
    assert users.create_user(owner, organization.id, email, "viewer").user.id != first.id
