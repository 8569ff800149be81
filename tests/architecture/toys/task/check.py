"""The worker runs the task, and records the run."""

import os

from infra.postgres.database import connect_as_table_owner
from infra.worker.leader import run_tasks


def test_the_worker_runs_it_and_records_the_run():
    with connect_as_table_owner(os.environ["DATABASE_URL"]) as conn:
        done = run_tasks(conn)
        recorded = conn.execute("SELECT done, error FROM worker_runs WHERE task = 'count_toys'").fetchone()

    assert (done["count_toys"], recorded) == (7, (7, None))
