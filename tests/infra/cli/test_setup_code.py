"""`smartdhandha setup-code`, and the code that `serve` prints: who gets one, and until when."""

import json
import re

import pytest

from infra.identity.demo import create_demo
from infra.identity.organizations import create_organization
from infra.identity.sandbox import prepare_sandbox
from infra.identity.setup.codes import make_setup_code
from infra.identity.users import create_user
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run
from tests.support.postgres import database_settings

CODE = re.compile(r"^  ([0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3})$", re.MULTILINE)


@pytest.fixture
def owner(own_database):
    with connect_as_table_owner(own_database) as conn:
        yield conn


def test_it_prints_a_new_code_with_the_address_of_the_page(own_database):
    env = environment(**database_settings(own_database))
    first = run("setup-code", env=env).out
    assert "http://127.0.0.1:8000/setup" in first
    (code,) = CODE.findall(first)
    again = json.loads(run("setup-code", "--json", env=env).out)
    assert again["setupCode"] != code and CODE.fullmatch(f"  {again['setupCode']}") and again["tries"] == 5


def test_the_demo_and_the_sandbox_are_no_organizations_of_ones_own(owner):
    create_demo(owner)
    prepare_sandbox(owner, "a secret key of this installation, for tests")
    assert make_setup_code(owner) is not None


def test_with_an_organization_of_ones_own_there_is_no_code(owner, own_database):
    organization = create_organization(owner, "Sharma Textiles")
    assert make_setup_code(owner) is not None  # nothing has happened in it
    create_user(owner, organization.id, "asha@example.in", "owner")
    assert make_setup_code(owner) is None
    refused = run("setup-code", env=environment(**database_settings(own_database)), status=1)
    assert "smartdhandha org create" in refused.err
