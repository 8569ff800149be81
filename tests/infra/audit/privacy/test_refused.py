"""What `privacy` refuses, and says why: nothing is changed then."""

import pytest

from commands.invoice import DraftInvoice
from infra.log.proofs.chain import FIRST_FORMAT, PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment
from tests.support.privacy import CLIENT, NAME, Privacy
from tests.support.removal import rows
from tests.support.scenarios import invoice_body


@pytest.fixture
def books(own_database, request):
    with connect_as_table_owner(own_database) as conn:
        made = Books(conn, chain_format=request.param)
        made.do(DraftInvoice, invoice_body(clientId=CLIENT, clientName=NAME))
        yield made, Privacy(made.id, environment(DATABASE_URL=own_database))


@pytest.mark.parametrize("books", [FIRST_FORMAT], indirect=True)
def test_a_log_of_the_first_format_is_not_erased_and_the_refusal_says_what_to_do(books):
    organization, privacy = books
    before = rows(organization.conn)
    refused = privacy.run("erase", "--party", CLIENT, "--confirm", CLIENT, status=1)
    assert "format 1" in refused.err and f"privacy upgrade --org {organization.id}" in refused.err
    assert rows(organization.conn) == before
    assert len(privacy.json("list", "--party", CLIENT)) == 1


@pytest.mark.parametrize("books", [PERSONAL_FORMAT], indirect=True)
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--party", CLIENT), 2, f"Repeat the id with --confirm {CLIENT}"),
        (("--party", CLIENT, "--confirm", "zq-8"), 2, f"Repeat the id with --confirm {CLIENT}"),
        (("--party", "nobody", "--confirm", "nobody"), 1, "has nothing about client or vendor 'nobody'"),
        (("--confirm", CLIENT), 2, "Name one person"),
        (("--party", CLIENT, "--employee", CLIENT, "--confirm", CLIENT), 2, "Name one person"),
        (("--party", CLIENT, "--left", "2020-01-01", "--confirm", CLIENT), 2, "--employee"),
    ],
)
def test_a_command_that_names_nobody_or_is_not_confirmed_changes_nothing(books, words, status, message):
    organization, privacy = books
    before = rows(organization.conn)
    assert message in privacy.run("erase", *words, status=status).err
    assert rows(organization.conn) == before


@pytest.mark.parametrize("books", [PERSONAL_FORMAT], indirect=True)
def test_a_dry_run_lists_and_changes_nothing(books):
    organization, privacy = books
    before = rows(organization.conn)
    done = privacy.run("erase", "--party", CLIENT, "--dry-run")
    assert "Can go now: 1 object" in done.out and "dry run" in done.out
    assert "\nThese may still hold the data" in done.out
    assert rows(organization.conn) == before
