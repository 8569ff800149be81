"""The queries on the log are all in one place, and see one organization each."""

import re
from pathlib import Path

import infra
from infra.log.heads import get_position
from infra.log.reading import pages
from infra.log.reading.histories import list_histories
from infra.log.reading.kinds import list_created, stream_kinds
from infra.log.reading.objects import list_organizations_of, select_changed_in_fields
from infra.log.reading.pages import stream_log
from infra.postgres.database import connect_as_table_owner, set_organization
from infra.postgres.pool import open_pool
from projections.balances import BALANCES
from tests.support.postgres import logins_of
from tests.support.scenarios import draft_bill, draft_invoice, sent_invoice

HOMES = {
    "log/heads.py",
    *(
        f"log/reading/{name}.py"
        for name in (
            "erasures",
            "histories",
            "kinds",
            "objects",
            "pages",
            "past",
            "presence",
            "proofs",
            "tiles",
            "zones",
        )
    ),
}
SCHEMA = {"postgres/schema/distributed/distribute.py", "postgres/schema/distributed/webhooks.py"}
"""Parts of the schema, as migrations are: of a database on several machines."""
QUERY = re.compile(r"\b(FROM|JOIN)\s+(public\.)?(events|org_log)\b")


def test_no_other_module_queries_the_tables_of_the_log():
    root = Path(infra.__file__).parent
    ids = {str(path.relative_to(root)) for path in root.rglob("*.py") if QUERY.search(path.read_text())}
    assert ids == HOMES | SCHEMA


def test_the_log_is_streamed_from_a_position_to_another(owner, api, organization):
    for _ in range(3):
        draft_invoice(api)
    assert [record.position for record in stream_log(owner, organization.id, after=1, upto=3)] == [2, 3]


def test_events_are_streamed_by_kind_aggregate_and_version(shared_database, api, organization):
    first, second = sent_invoice(api)["id"], sent_invoice(api)["id"]
    draft_bill(api)
    with connect_as_table_owner(shared_database) as conn, conn.transaction():
        head = get_position(conn, organization.id)
        ids = [(record.originator_id, record.originator_version) for record in _invoices(conn, organization, head)]
        assert ids == [(id, version) for id in sorted((first, second)) for version in (1, 2)]
        assert len(list(_invoices(conn, organization, head - 2))) == 3


def _invoices(conn, organization, upto):
    return stream_kinds(conn, organization.id, ["invoice"], upto)


def test_the_histories_of_aggregates_end_at_a_position(owner, api, organization):
    id = sent_invoice(api)["id"]
    head = get_position(owner, organization.id)
    assert [record.name for record in list_histories(owner, organization.id, [id], head - 1)] == ["invoice.drafted"]


def test_the_aggregates_of_a_kind_are_listed(owner, api, organization):
    invoice, _ = draft_invoice(api)["id"], draft_bill(api)
    assert list_created(owner, organization.id, "invoice") == [invoice]


def test_an_aggregate_is_found_in_its_own_organization_only(owner, api, organization, other_organization):
    id = draft_invoice(api)["id"]
    assert list_organizations_of(owner, id, [organization.id, other_organization.id]) == [organization.id]
    assert list_organizations_of(owner, id, [other_organization.id]) == []


def test_aggregates_whose_fields_were_changed_are_found(owner, api, organization):
    renamed, other = draft_invoice(api)["id"], draft_invoice(api)["id"]
    api.update(f"invoices/{renamed}", {"clientName": "New Traders"})
    api.update(f"invoices/{other}", {"notes": "as it was"})
    names = ["invoice.drafted", "invoice.updated"]
    ids = select_changed_in_fields(owner, organization.id, [renamed, other], names, ["clientName", "clientId"])
    assert ids.fetchall() == [renamed]


def test_an_unknown_organization_has_position_0(owner):
    assert get_position(owner, "org_unknown") == 0


def test_events_that_are_not_summed_yet_are_read_without_the_others(own_database):
    """After a bound that it does not know, PostgreSQL would expect a third of the log, and may read all of it.

    Under the policies of the application, it may use an index with fewer conditions than the owner's.
    """
    sql = pages.SELECT_EVENTS_NOT_SUMMED.format(checkpoints=BALANCES.checkpoint_table)
    with connect_as_table_owner(own_database) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute(
            "INSERT INTO events (org_id, position, originator_id, originator_version, name, schema_version, state, "
            "metadata, recorded_at, chain_hash) SELECT 'org_1', n, 'inv_' || n, 1, 'invoice.drafted', 1, "
            "repeat('x', 300), '{}', now(), ''::bytea FROM generate_series(1, 20000) n ORDER BY random()"
        )
        conn.execute("ANALYZE events")
    with open_pool(logins_of(own_database), 1) as pool, pool.connection() as conn:
        conn.execute(set_organization("org_1"))
        plan = conn.execute(f"EXPLAIN {sql}", {"org": "org_1", "limit": 5001}).fetchall()
    assert any("Index Cond" in line and line.count('"position"') == 2 for (line,) in plan), plan
    (expected,) = [int(rows) for (line,) in plan for rows in re.findall(r" on events .* rows=(\d+) ", line)]
    assert expected < 1000, plan
