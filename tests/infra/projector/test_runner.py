"""Every projection of the registry has its runner; one of an unknown kind is refused."""

import pytest

from infra.projector.event_sums import EventSums
from infra.projector.following.log_tiles import LogTileTable
from infra.projector.following.past_rows import PastRowTable
from infra.projector.row_tables import RowTables
from infra.projector.runner import runner_of, sum_runner_of
from infra.projector.statement_sums import StatementSums
from infra.worker.tasks import TASKS
from projections.projection import Projection
from projections.registry import PROJECTIONS, SUMS
from projections.sums import SumProjection

RUNNERS = {
    "invoices": RowTables,
    "bills": RowTables,
    "leaves": RowTables,
    "parties": RowTables,
    "employees": RowTables,
    "credit_notes": RowTables,
    "debit_notes": RowTables,
    "vendor_credits": RowTables,
    "api_keys": RowTables,
    "webhooks": RowTables,
    "budgets": RowTables,
    "people": RowTables,
    "organizations": RowTables,
    "erasures": RowTables,
    "usage": StatementSums,
    "balances": EventSums,
    "past_rows": PastRowTable,
    "log_tiles": LogTileTable,
}


def test_each_projection_is_run_by_its_kind():
    assert {name: type(runner_of(projection, "")) for name, projection in PROJECTIONS.items()} == RUNNERS


def test_the_worker_has_a_task_for_every_projection_of_sums():
    assert {f"sum_{projection.name}" for projection in SUMS} <= {task.name for task in TASKS}


def test_a_projection_of_an_unknown_kind_is_refused():
    with pytest.raises(TypeError, match="of no known kind"):
        runner_of(Projection(), "")
    with pytest.raises(TypeError, match="neither an EventSumProjection nor a StatementSumProjection"):
        sum_runner_of(SumProjection())
