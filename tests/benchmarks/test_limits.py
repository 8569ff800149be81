"""The scripts for pgbench follow the statements of the service: a new column of the table needs a value in them."""

from projections.registry import ROWS
from tests.benchmarks.limits import append_script


def test_the_script_of_an_append_has_a_value_for_each_column_of_the_row():
    script = append_script("org_1", ("{}", b"{}", {}, "{}", "{}"), with_row=True)
    assert f"INSERT INTO invoices ({', '.join(ROWS['invoice'].stored_columns)})" in script
    assert "%s" not in script


def test_the_script_of_an_event_alone_writes_no_row():
    assert "INSERT INTO invoices" not in append_script("org_1", ("{}", b"{}", {}, "{}", "{}"), with_row=False)
