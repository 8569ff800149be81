"""A database that is distributed by organization, on one machine: what Citus is asked for, and that the service serves.

Citus itself is imitated (tests/support/citus.py).
"""

import json
import math
import re
import subprocess
import sys
from contextlib import contextmanager
from unittest.mock import patch

import psycopg
import pytest

from infra.identity.budget import set_budget, show_budget
from infra.identity.keys import create_key
from infra.identity.organizations import get_test_organization
from infra.identity.settings import update_organization
from infra.log.admission import SET_ORGANIZATION
from infra.postgres.database import APP_ROLE, connect_as_table_owner, is_distributed
from infra.postgres.pool import open_pool
from infra.postgres.schema.apply import apply
from infra.postgres.schema.distributed.ledger import UnknownAdmission, with_organization
from infra.postgres.schema.distributed.tables import BY_ORGANIZATION, EVERYWHERE, ON_COORDINATOR
from infra.postgres.schema.files import Migration
from infra.postgres.schema.waits import LockLimits
from infra.postgres.statements import statement
from infra.postgres.wire import Wire, wire_of
from infra.reads.home import read_home
from infra.webhooks.queue.claim_statement import CLAIM
from infra.webhooks.queue.search import END_REPLAYS, FIND_NEW, FIND_REPLAYED, SELECT_BEHIND, SELECT_REPLAYS
from infra.worker.leader import run_tasks
from infra.worker.tasks import TASKS
from infra.worker.thresholds import record_thresholds
from tests.architecture.tree import ROOT
from tests.support.citus import asked_of, imitate_citus
from tests.support.command_line import environment, run
from tests.support.given_database import APPLICATION, OWNER
from tests.support.gst import gstin
from tests.support.organization import Organization, credit_rows
from tests.support.postgres import application_login, is_denied, logins_of
from tests.support.scenarios import bill_body, invoice_body
from tests.support.trips import Trips

CONTRACT = ("tenants", "account", "credits", "requests", "parties", "credit_notes", "debit_notes", "vendor_credits")
"""The tests of the contract that use the ledger, the policies and the constraints."""
VIEWS = (
    "invoice_list",
    "bill_list",
    "leave_list",
    "party_list",
    "employee_list",
    "credit_note_list",
    "debit_note_list",
    "vendor_credit_list",
    "past_credit_note_list",
    "past_vendor_credit_list",
    "credit_list",
    "credit_window_list",
    "credit_entries",
    "credit_ends",
)
ALONE = {
    "admit",
    "begin_setup",
    "begin_sign_up",
    "empty_test_log",
    "move_clock",
    "record_requests",
    "set_budget",
    "switch_mode",
}
"""The functions of the owner that write to the nodes, and that the application calls. Two of them are called where the
application has written there, and work for the owner only: see "Several machines" in docs/operations.md."""

pytestmark = pytest.mark.xdist_group("the application's role")


@pytest.fixture(scope="module")
def before(new_database):
    """A database with an organization, whose key has spent credits, before it is distributed."""
    database = new_database()
    with connect_as_table_owner(database) as owner:
        organization = Organization("", owner)
        key = organization.new_key(limit=5)
        with open_pool(logins_of(database), 1) as pool:
            trips = Trips(pool)
            created = [
                trips.send(key.raw, "POST", "invoices", json=invoice_body()).json["data"]["id"] for _ in range(2)
            ]
        return database, organization.id, key, created, credit_rows(owner, key)


@pytest.fixture(scope="module")
def database(before):
    conninfo, *_ = before
    assert "does not have Citus" in refused(conninfo)
    with psycopg.connect(conninfo, autocommit=True) as owner:
        imitate_citus(owner)
        owner.execute("UPDATE pg_dist_node SET groupid = 9 WHERE nodename = 'coordinator'")
        assert "citus_set_coordinator_host" in refused(conninfo)
        owner.execute("UPDATE pg_dist_node SET groupid = 0 WHERE nodename = 'coordinator'")
        owner.execute("REVOKE ALL ON webhook_state_list FROM smartdhandha_app")  # as Citus does
        with psycopg.connect(conninfo, application_name="smartdhandha"):
            assert "Stop all instances first" in refused(conninfo)
    assert json.loads(distribute(conninfo, "--json").out)["tables"] == [*EVERYWHERE, *BY_ORGANIZATION]
    assert distribute(conninfo).out.startswith("Nothing to do")
    yield conninfo
    with psycopg.connect(conninfo, autocommit=True) as owner:
        owner.execute("ALTER ROLE smartdhandha_app NOLOGIN")  # roles are those of all databases of the server


def distribute(database, *options, status=0):
    return run("db", "distribute", *options, env=environment(DATABASE_URL=database), status=status)


@contextmanager
def sent_statements():
    """Yield a list of the statements that are sent to the database until the end of the block."""
    seen: list[str] = []
    queue, execute = Wire._queue, psycopg.Cursor.execute

    def watched_queue(wire, calls):
        seen.extend(call.statement.sql.decode() for call in calls)
        return queue(wire, calls)

    def watched_execute(cursor, statement, *arguments, **options):
        seen.append(str(statement))
        return execute(cursor, statement, *arguments, **options)

    with patch.object(Wire, "_queue", watched_queue), patch.object(psycopg.Cursor, "execute", watched_execute):
        yield seen


def refused(database):
    return distribute(database, status=1).err


@pytest.fixture(scope="module")
def table_owner(database):
    with connect_as_table_owner(database) as conn:
        yield conn


@pytest.fixture
def app(database):
    with open_pool(logins_of(database), 1) as pool:
        yield pool


def test_each_table_has_its_place(table_owner):
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    names = {name for (name,) in table_owner.execute(f"{tables} AND NOT relispartition AND relname !~ '^pg_'")}
    assert sorted(names) == sorted([*EVERYWHERE, *BY_ORGANIZATION, *ON_COORDINATOR])
    assert asked_of(table_owner, "create_reference_table") == [[table] for table in EVERYWHERE]
    first, *others = asked_of(table_owner, "create_distributed_table")
    assert first == [BY_ORGANIZATION[0], "org_id", "none"]
    assert others == [[table, "org_id", BY_ORGANIZATION[0]] for table in BY_ORGANIZATION[1:]]
    assert table_owner.execute("SELECT current_setting('citus.propagate_set_commands')").fetchone() == ("local",)


# ── The ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_stored_before_is_there_and_counts(before, table_owner, app):
    _, org_id, key, created, credits = before
    assert credit_rows(table_owner, key) == credits
    trips = Trips(app)
    assert [trips.get(key.raw, f"invoices/{id}").status_code for id in created] == [200, 200]
    assert [trips.get(key.raw, "invoices").status_code for _ in range(2)] == [200, 429]
    rows = table_owner.execute("SELECT org_id, seq FROM credits WHERE key_id = %s ORDER BY seq", (key.row["id"],))
    assert rows.fetchall() == [(org_id, number) for number in range(1, 6)]
    assert table_owner.execute("SELECT to_regnamespace('before_distribution')").fetchone() == (None,)


def test_the_admission_is_adapted_again_after_a_migration_that_replaces_it(new_database, table_owner):
    text = "SELECT pg_get_functiondef('admit'::regproc)"
    ((adapted,),) = table_owner.execute(text).fetchall()
    with connect_as_table_owner(new_database()) as owner:
        ((written,),) = owner.execute(text).fetchall()
    assert with_organization(written) == with_organization(adapted) == adapted != written
    assert "IF false THEN\n        -- Most requests end here" in adapted  # Citus refuses the condition of this UPDATE
    for other in (written.replace("key_id", "key"), written.replace("k.burst IS NULL THEN", "k.burst = 0 THEN")):
        with pytest.raises(UnknownAdmission):
            with_organization(other)


def test_a_budget_counts_what_all_keys_used_before_and_after(table_owner, app):
    organization, trips = Organization("", table_owner), Trips(app)
    keys = [organization.new_key() for _ in range(2)]
    assert trips.get(keys[0].raw, "invoices").status_code == 200
    set_budget(table_owner, organization.id, 3)
    assert [trips.get(key.raw, "invoices").status_code for key in (*keys, *keys)] == [200, 200, 429, 429]
    assert show_budget(table_owner, organization.id).used == 3
    assert record_thresholds(table_owner) >= 3  # the budget and both keys
    sql = "SELECT threshold FROM budgets WHERE org_id = %s"
    assert table_owner.execute(sql, (organization.id,)).fetchone() == (100,)
    set_budget(table_owner, organization.id, None)
    assert trips.get(keys[1].raw, "invoices").status_code == 200


# ── The rights ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_role_may_log_in_and_reads_only_what_its_views_show_of_its_organization(before, table_owner, app):
    _, org_id, *_ = before
    assert table_owner.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone() == (True,)
    assert table_owner.execute(
        "SELECT has_table_privilege(%s, 'webhook_state_list', 'SELECT')", (APP_ROLE,)
    ).fetchone() == (True,)
    other = Organization("", table_owner)
    create_key(table_owner, other.id, "another", ("billing:read",), 5, None)
    with app.connection() as conn, conn.transaction():
        assert is_denied(conn, "SELECT key_hash FROM api_keys")
        assert is_denied(conn, "DELETE FROM credits")
        conn.execute("SELECT set_organization(%s)", (org_id,))
        for table in ("invoices", "api_keys", "credits", "credit_windows", "usage_progress"):
            assert {org for (org,) in conn.execute(f"SELECT org_id FROM {table}")} <= {org_id}
        assert conn.execute("SELECT count(*) FROM credits").fetchone() == (5,)


# ── What reaches the nodes ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_organization_is_set_by_a_statement_between_begin_and_commit(app, before):
    """Citus passes on SET LOCAL, and only in a transaction that has begun with BEGIN."""
    _, org_id, *_ = before
    with app.connection() as conn, sent_statements() as sent:
        assert is_distributed(conn)
        look = statement("SELECT current_setting('app.org', true)")
        calls = [SET_ORGANIZATION.call(org_id), look.call()]
        outcome, alone = wire_of(conn).send(math.inf, calls, [look.call()])
        assert (outcome.rows(0), outcome.rows(), alone.rows()) == ([(org_id,)], [(org_id,)], [("",)])
        assert sent == ["BEGIN", SET_ORGANIZATION.sql.decode(), look.sql.decode(), "COMMIT", look.sql.decode()]
        source = conn.execute(
            "SELECT prosrc FROM pg_proc WHERE proname = 'set_organization' AND pronargs = 1"
        ).fetchone()
    assert source is not None
    assert "SET LOCAL app.org" in source[0]


def test_a_session_that_passes_on_no_settings_is_not_ready(app):
    with app.connection() as conn:
        assert app.sessions.find_problem(conn) is None
        conn.execute("SET citus.propagate_set_commands = 'none'")
        assert "lack their settings of citus.propagate_set_commands" in (app.sessions.find_problem(conn) or "")
        conn.execute("RESET citus.propagate_set_commands")


def test_no_statement_of_a_request_is_without_its_organization(table_owner, app):
    """A statement without it would go to all nodes. Functions are called on the coordinator, and name it themselves."""
    organization = Organization("", table_owner)
    key = organization.new_key()
    trips = Trips(app)
    with sent_statements() as seen:
        id = trips.send(key.raw, "POST", "invoices", json=invoice_body(), headers={"Idempotency-Key": "one"}).json[
            "data"
        ]["id"]
        for method, target, body in (
            ("PATCH", f"invoices/{id}", {"notes": "new"}),
            ("PATCH", f"invoices/{id}", {"status": "sent"}),
            ("GET", f"invoices/{id}", None),
            ("GET", f"invoices/{id}?version=1", None),
            ("GET", "invoices?status=sent&search=acme", None),
            ("GET", "events", None),
            ("GET", f"invoices/{id}/events", None),
            ("GET", "me", None),
            ("GET", "usage", None),
        ):
            path, _, query = target.partition("?")
            options = {} if body is None else {"json": body}
            assert trips.send(key.raw, method, path, query_string=query, **options).status_code in (200, 201)
    shared = re.compile(rf"\b({'|'.join([*BY_ORGANIZATION, *VIEWS])})\b")
    assert len([sql for sql in seen if shared.search(sql)]) > 10
    assert [sql for sql in seen if shared.search(sql) and not re.search(r"org_id\b.*(=|VALUES)", sql, re.DOTALL)] == []


def test_no_statement_about_parties_notes_and_pdfs_is_without_its_organization(table_owner, app):
    organization = Organization("", table_owner)
    update_organization(table_owner, organization.id, gstin=gstin("27"), annual_returns={"2024-25": "2025-10-20"})
    key, trips = (
        organization.new_key(scopes=("billing:read", "billing:write", "leaves:read", "leaves:write")),
        Trips(app),
    )

    def send(method, target, body=None):
        path, _, query = target.partition("?")
        options = {} if body is None else {"json": body}
        answer = trips.send(key.raw, method, path, query_string=query, **options)
        assert answer.status_code in (200, 201), (target, answer.json)
        return answer.json["data"] if answer.json is not None else None

    with sent_statements() as seen:
        party = send("POST", "parties", {"name": "Mills", "roles": ["client", "vendor"], "externalId": "mills"})["id"]
        send("GET", "parties?role=vendor&search=mills&asOf=2026-01-01T00:00:00Z")
        send("POST", "employees", {"name": "Asha", "externalId": "asha"})
        paid = send("POST", "invoices", invoice_body(clientId=party))
        send("PATCH", f"parties/{party}", {"stateCode": "29"})
        send("PATCH", f"invoices/{paid['id']}", {"status": "sent"})
        balance = send("GET", f"invoices/{paid['id']}")["balanceDue"]
        send("POST", f"invoices/{paid['id']}/payments", {"amount": balance, "paidOn": "2026-01-20"})
        for path, field, document in (
            ("credit-notes", "invoiceId", paid["id"]),
            ("debit-notes", "invoiceId", paid["id"]),
        ):
            note = send("POST", path, {field: document, "reason": "x", "amount": "118.00"})["id"]
            send("PATCH", f"{path}/{note}", {"status": "issued"})
            send("GET", f"{path}/{note}?version=1")
            send("GET", f"{path}?clientId={party}&status=issued&asOf=2026-01-01T00:00:00Z")
            send("GET", f"{path}?search=mills")
        send("GET", "credit-notes?refundDue=true")
        for vendor, number in ((party, "B1"), ("mills", "B2")):
            bill = send("POST", "bills", bill_body(vendorId=vendor, billNumber=number))["id"]
            send("PATCH", f"bills/{bill}", {"status": "open"})
            body = {"billId": bill, "number": f"CR {number}", "reason": "x", "amount": "1.00"}
            send("PATCH", f"vendor-credits/{send('POST', 'vendor-credits', body)['id']}", {"status": "issued"})
        twice = trips.send(key.raw, "POST", "vendor-credits", json=body | {"number": "CR B1"})
        assert twice.json["error"]["code"] == "duplicate_number"
        send("GET", "vendor-credits?vendorId=mills&refundDue=false")
    shared = re.compile(rf"\b({'|'.join([*BY_ORGANIZATION, *VIEWS])})\b")
    assert len([sql for sql in seen if shared.search(sql)]) > 30
    assert [sql for sql in seen if shared.search(sql) and not re.search(r"org_id\b.*(=|VALUES)", sql, re.DOTALL)] == []


def test_home_is_read_with_its_organization(table_owner, app):
    organization = Organization("", table_owner)
    with sent_statements() as seen:
        assert read_home(app, organization.id).refunds_to_clients == 0
    shared = re.compile(rf"\b({'|'.join([*BY_ORGANIZATION, *VIEWS])})\b")
    assert len([sql for sql in seen if shared.search(sql)]) > 4
    assert [sql for sql in seen if shared.search(sql) and "org_id" not in sql] == []


def test_no_task_of_the_worker_reads_a_function_beside_tables_of_the_nodes(table_owner):
    """Citus has no correlated subqueries beside a function. `log_positions` reads one in a distributed database."""
    with sent_statements() as seen:
        assert len(run_tasks(table_owner)) == len(TASKS)
    failed = "SELECT task, error FROM worker_runs WHERE error IS NOT NULL"
    assert table_owner.execute(failed).fetchall() == []
    tables = re.compile(rf"\b({'|'.join(BY_ORGANIZATION)})\b")
    assert len([sql for sql in seen if tables.search(sql)]) > len(TASKS)
    assert [sql for sql in seen if tables.search(sql) and "log_positions" in sql] == []


def test_no_update_of_the_nodes_calls_a_function_that_changes_within_a_statement(table_owner):
    """Citus refuses an UPDATE with a volatile function, because it executes the statement more than once."""
    placed = "|".join([*BY_ORGANIZATION, *EVERYWHERE])
    volatile = re.compile(rf"\bUPDATE (?:public\.)?(?:{placed})\b[^;\"]*?(?:clock_timestamp|random|gen_random_uuid)\(")
    modules = [path.read_text() for folder in ("infra", "projections") for path in (ROOT / folder).rglob("*.py")]
    functions = "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    sources = [source for (source,) in table_owner.execute(functions)]
    assert len(modules) > 100 < len(sources)
    assert [found[0] for text in (*modules, *sources) for found in volatile.finditer(text)] == []


def test_the_records_of_requests_have_no_correlated_subquery_beside_a_common_table_expression(table_owner):
    """`test_the_contract_holds` writes such records, and reads them."""
    functions = "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ~ 'WITH \\w+ AS'"
    sources = [source for (source,) in table_owner.execute(functions)]
    assert any("request_endings" in source for source in sources)
    assert [source for source in sources if "EXISTS" in source and re.search("|".join(BY_ORGANIZATION), source)] == []


def test_functions_of_the_owner_write_to_the_nodes_only_in_transactions_of_their_own(table_owner):
    """Citus refuses it in a transaction in which the application has written there."""
    functions = dict(
        table_owner.execute("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    )
    of_owner = "SELECT proname FROM pg_proc WHERE prosecdef AND has_function_privilege(%s, oid, 'EXECUTE')"
    writes = re.compile(rf"\b(?:INSERT INTO|UPDATE|DELETE FROM) public\.(?:{'|'.join([*BY_ORGANIZATION, '%I'])})\b")

    def does_write(name):
        calls = re.findall(r"\bpublic\.(\w+)\(", functions[name])
        return bool(writes.search(functions[name])) or any(does_write(each) for each in calls if each in functions)

    found = {name for (name,) in table_owner.execute(of_owner, (APP_ROLE,)) if name in functions and does_write(name)}
    assert found == ALONE


def test_a_migration_drops_one_index_in_a_statement_and_changes_the_nodes_one_after_the_other(table_owner):
    create = "CREATE INDEX {0} ON invoices (version);\n"
    migration = Migration(9999, "indexes", create.format("one") + create.format("two") + "DROP INDEX one, two;")
    with sent_statements() as seen, table_owner.transaction(force_rollback=True):
        apply(table_owner, migration, LockLimits())
    at = seen.index("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
    assert seen[at + 3 : at + 5] == ["DROP INDEX one", "DROP INDEX two"]


def test_what_is_joined_sideways_names_its_organization():
    """Citus finds the shard of a lateral subquery by a value, and not by a column of the table before it."""
    lateral = re.compile(r"LATERAL \((?:[^()]|\([^()]*\))*?\w+\.org_id = \w+\.org_id")
    found = {
        path.name
        for path in (ROOT / "infra").rglob("*.py")
        if "webhooks" not in path.parts and lateral.search(path.read_text())  # webhooks are on the coordinator
    }
    assert found == set()


def test_a_test_log_is_not_emptied(table_owner, app):
    """The owner's function and the application's statements would have a connection to the node each."""
    live = Organization("", table_owner)
    test = Organization("", table_owner, id=get_test_organization(table_owner, live.id))
    key, trips = test.new_key(), Trips(app)
    assert trips.send(key.raw, "POST", "invoices", json=invoice_body()).status_code == 201
    with sent_statements() as seen:
        assert trips.send(key.raw, "POST", "test/reset").status_code == 503
    assert [sql for sql in seen if "empty_test_log" in sql or "FOR UPDATE" in sql] == []
    assert len(trips.get(key.raw, "invoices").json["data"]) == 1


def test_senders_join_their_webhooks_with_no_table_of_the_nodes(table_owner):
    """Citus joins no table of the coordinator with one of the nodes. Functions read the logs and the keys."""
    elsewhere = re.compile(rf"\b({'|'.join([*BY_ORGANIZATION, *EVERYWHERE])})\b")
    for sql in (SELECT_BEHIND, SELECT_REPLAYS, FIND_NEW, FIND_REPLAYED, END_REPLAYS, CLAIM):
        assert not elsewhere.search(sql)
    languages = "SELECT lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE proname = ANY (%s)"
    functions = ["all_log_positions", "event_page", "has_key_ended", "log_position"]
    assert table_owner.execute(languages, (functions,)).fetchall() == [("plpgsql",)] * 5


# ── A rebuild, and a large organization ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("table", ["invoices", "credit_notes"])
def test_a_rebuild_places_its_shadow_beside_the_others(database, table_owner, table):
    asked = len(asked_of(table_owner, "create_distributed_table"))
    with sent_statements() as seen:
        result = run("projections", "rebuild", table, env=environment(DATABASE_URL=database))
    assert "rows" in result.out
    altered = {found[1] for sql in seen if "ALTER TABLE" in sql and (found := re.search(r"Identifier\('(\w+)'\)", sql))}
    assert altered == {table}  # Citus refuses to change `organizations` after the swap has read logs
    assert asked_of(table_owner, "create_distributed_table")[asked][1:] == ["org_id", BY_ORGANIZATION[0]]
    with connect_as_table_owner(database) as conn:
        served = "SELECT partmethod FROM pg_dist_partition WHERE logicalrelid = %s::regclass"
        assert conn.execute(served, (f"public.{table}",)).fetchall() == [("h",)]
        columns = "SELECT has_column_privilege(%s, %s, 'summary', 'SELECT')"
        assert conn.execute(columns, (APP_ROLE, table)).fetchone() == (True,)
    assert run("projections", "verify", env=environment(DATABASE_URL=database)).status == 0


def test_a_large_organization_gets_shards_of_its_own_on_a_node(before, database, table_owner):
    _, org_id, *_ = before
    env = environment(DATABASE_URL=database)
    alone = json.loads(run("db", "isolate", org_id, "--json", env=env).out)
    assert alone == {"orgId": org_id, "shard": 102009, "node": "first:5432", "isolated": True}
    assert run("db", "isolate", org_id, "--to", "second:5433", env=env).out.endswith("on second:5433.\n")
    assert run("db", "isolate", org_id, "--to", "second:5433", env=env).status == 0
    assert asked_of(table_owner, "isolate_tenant_to_new_shard") == [["org_log", org_id, "CASCADE"]]
    assert asked_of(table_owner, "citus_move_shard_placement") == [["102009", "first", "5432", "second", "5433"]]
    run("db", "isolate", org_id, "--to", "second", env=env, status=2)


def test_only_a_distributed_database_has_shards(own_database):
    with connect_as_table_owner(own_database) as owner:
        organization = Organization("", owner)
    result = run("db", "isolate", organization.id, env=environment(DATABASE_URL=own_database), status=1)
    assert "run 'smartdhandha db distribute' first" in result.err


# ── The contract ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "modules", [CONTRACT[:1], pytest.param(CONTRACT, marks=pytest.mark.long)], ids=["a part", "all"]
)
def test_the_contract_holds(database, modules):
    given = {OWNER: database, APPLICATION: application_login(database)}
    env = {name: value for name, value in environment(**given).items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    command += [f"tests/contract/test_{name}.py" for name in modules]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout
