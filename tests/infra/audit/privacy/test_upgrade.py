"""`privacy upgrade`: a log of the first format is rewritten, says the same, and can be erased then."""

import json

import pytest

from infra.log.proofs.chain import FIRST_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.client import data_of, list_events
from tests.support.command_line import environment, run
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.privacy import CLIENT, NAME, Privacy, add_past_rows, make_known, other_objects
from tests.support.removal import rows
from tests.support.scenarios import NOTES
from tests.support.service import Service

FORMAT = "SELECT chain_format, position FROM org_log WHERE org_id = %s"
PAGE = {"limit": 100}


@pytest.fixture
def lived(own_database):
    """An organization with a log of the first format, and its API."""
    env = environment(**database_settings(own_database))
    with Service(own_database) as service, connect_as_table_owner(own_database) as conn:
        organization = Organization(service.url, conn, "Sharma Textiles")
        begin_in_format(conn, organization.id, FIRST_FORMAT)
        api = organization.api()
        other_objects(api)
        make_known(api)
        for makers in NOTES.values():
            for make in makers.values():
                make(api)
        add_past_rows(conn, organization.id)
        yield conn, api, Privacy(organization.id, env)
        organization.close()


def upgrade(privacy, path, **options):
    return privacy.json("upgrade", "--confirm", "Sharma Textiles", "--export", str(path))


def lists(api):
    return [api.read(path, **PAGE) for path in ("invoices", "bills", "leaves", *NOTES)]


def told(event):
    """Return what an event says, without what depends on its hash and its position."""
    return {name: value for name, value in event.items() if name not in ("id", "position")}


def test_the_rewritten_log_says_the_same_and_is_verified_and_erased(lived, tmp_path, new_database):
    conn, api, privacy = lived
    env, path = dict(privacy.env), tmp_path / "old.jsonl"
    before, events = lists(api), list_events(api, "events", after=0)
    ((_, end),) = conn.execute(FORMAT, (privacy.org_id,)).fetchall()

    done = upgrade(privacy, path)

    assert conn.execute(FORMAT, (privacy.org_id,)).fetchall() == [(2, end + 1)]
    assert lists(api) == before
    assert [told(each) for each in list_events(api, "events", after=0)] == [told(each) for each in events]
    first = json.loads(run("audit", "log", "--org", privacy.org_id, "--json", env=env).out.splitlines()[0])
    assert (first["type"], first["data"]["position"], first["data"]["chainHash"]) == (
        "subject.upgraded",
        end,
        done["old"]["chainHash"],
    )
    assert first["data"]["checkpoint"].count("\n") > 3 and first["data"]["operator"]
    api.create("invoices", {**_invoice(), "clientId": "new"})
    add_past_rows(conn, privacy.org_id)
    run("audit", "verify", env=env)
    run("projections", "verify", env=env)

    elsewhere = new_database()
    run("audit", "import", str(path), env=environment(DATABASE_URL=elsewhere))
    run("audit", "verify", env=environment(DATABASE_URL=elsewhere))

    privacy.erase_all()
    run("audit", "verify", env=env)
    run("projections", "verify", env=env)
    shown = data_of(api.get("invoices", params={"search": "Quagga"}), 200)
    assert [each["clientName"] for each in shown] == [NAME]  # what must be kept
    assert "erased" in api.read("invoices", clientId=CLIENT)[-1]


def _invoice():
    return {
        "invoiceDate": "2026-01-10",
        "dueDate": "2099-01-31",
        "items": [{"description": "x", "quantity": 1, "unitPrice": 1, "taxRate": 0}],
    }


def test_without_the_name_it_says_for_what_proofs_stay_valid_and_changes_nothing(lived, tmp_path):
    conn, _, privacy = lived
    before = rows(conn)["events"]
    refused = privacy.run("upgrade", "--export", str(tmp_path / "old.jsonl"), status=2)
    assert "valid for the exported old log alone" in refused.err and "Sharma Textiles" in refused.err
    assert rows(conn)["events"] == before and not (tmp_path / "old.jsonl").exists()


def test_a_log_of_which_no_copy_can_be_made_stays_as_it_was(lived, tmp_path):
    conn, _, privacy = lived
    conn.execute("UPDATE events SET state = '{}' WHERE org_id = %s AND position = 4", (privacy.org_id,))
    before = rows(conn)["events"]
    words = ("--confirm", "Sharma Textiles", "--export", str(tmp_path / "old.jsonl"))
    refused = privacy.run("upgrade", *words, status=1).err
    assert refused.startswith("Warning: All hashes of the log change")  # it is said before anything is done
    assert "Line 5" in refused and "so nothing was rewritten" in refused and "removed" not in refused
    assert rows(conn)["events"] == before and not (tmp_path / "old.jsonl").exists()


def test_a_log_of_the_second_format_is_refused(lived, tmp_path):
    _, _, privacy = lived
    upgrade(privacy, tmp_path / "old.jsonl")
    words = ("--confirm", "Sharma Textiles", "--export", str(tmp_path / "again.jsonl"))
    assert "has format 2 already" in privacy.run("upgrade", *words, status=1).err
