"""The SQL text of projections of sums, from what they declare."""

from decimal import Decimal

import pytest

from projections.accounts.usage import USAGE
from projections.balances import BALANCES, Item, Key
from projections.registry import SUMS
from projections.sums import EventSumProjection, StatementSumProjection, Sum, add_sums
from tests.support.histories import TODAY


def test_sums_are_selected_by_the_fields_of_the_key():
    assert BALANCES.select_sums == "SELECT kind, unit, day, amount, objects FROM balances WHERE org_id = %s"


def test_rows_become_sums_by_key():
    rows = [("bill", "INR", TODAY, Decimal("5.00"), 2)]

    assert BALANCES.sums_from(rows) == {Key("bill", "INR", TODAY): Sum(Decimal("5.00"), 2)}


def test_rows_become_items_by_id():
    rows = [("inv_1", "invoice", "sent", "INR", TODAY, Decimal("5.00"))]

    assert BALANCES.items_from(rows) == {"inv_1": Item("invoice", "sent", "INR", TODAY, Decimal("5.00"))}


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (BALANCES.select_items, ["org", "ids"]),
        (BALANCES.upsert_items(1), ["org", "id", *Item.__struct_fields__]),
        (BALANCES.upsert_items(3), ["org", "id", *Item.__struct_fields__] * 3),
        (BALANCES.add_deltas(2), ["org", *Key._fields, *Sum._fields] * 2),
        (BALANCES.delete_empty_sums, ["org"]),
    ],
)
def test_each_statement_takes_one_value_for_each_placeholder(statement, values):
    assert statement.count("%s") == len(values)


def test_a_sum_over_no_object_is_left_out():
    key = Key("bill", "INR", TODAY)

    assert add_sums({key: Sum(Decimal(5), 1)}, {key: Sum(Decimal(-5), -1)}) == {}


def test_sums_are_not_changed_where_they_are():
    key = Key("bill", "INR", TODAY)
    sums = {key: Sum(Decimal(5), 1)}

    add_sums(sums, {key: Sum(Decimal(1), 1)})

    assert sums == {key: Sum(Decimal(5), 1)}


@pytest.mark.parametrize("statement", [USAGE.lock_source, USAGE.add_new, *USAGE.start_over])
def test_a_statement_about_one_source_names_no_other_parameter(statement):
    assert set(_parameters(statement)) <= {"org", "source"}


@pytest.mark.parametrize("statement", [USAGE.select_sources, USAGE.select_lag, USAGE.select_differences])
def test_a_statement_about_an_organization_names_no_other_parameter(statement):
    assert set(_parameters(statement)) == {"org"}


def _parameters(statement):
    return [part.partition(")")[0] for part in statement.split("%(")[1:]]


def test_every_projection_of_sums_is_of_a_kind_that_can_be_run():
    assert all(isinstance(projection, EventSumProjection | StatementSumProjection) for projection in SUMS)
