"""The handler of budgets, with a unit of work in memory."""

import pytest

from commands.accounts.budget import SetBudget
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.accounts.budget import budget_id
from domain.errors import Invalid, NotFound, StaleVersion
from tests.support.sample_commands import AT

ID = "bud_01KEXAMPLE0000000000000000"


@pytest.fixture
def uow():
    return InMemoryUnitOfWork(AT)


def set_budget(uow, limit):
    handle(SetBudget(id=ID, credit_limit=limit), uow)
    return [(event.topic, event.credit_limit) for event in uow.events]


def test_a_budget_is_set_changed_removed_and_set_again(uow):
    for limit in (10, 10, 20, None, None, 30):
        found = set_budget(uow, limit)
    assert found == [("budget.set", 10), ("budget.set", 20), ("budget.removed", None), ("budget.set", 30)]


def test_a_budget_that_never_was_cannot_be_removed(uow):
    with pytest.raises(NotFound):
        set_budget(uow, None)


@pytest.mark.parametrize("limit", [0, -1, 10**12 + 1])
def test_a_budget_is_a_limit_of_a_key(uow, limit):
    with pytest.raises(Invalid):
        set_budget(uow, limit)


def test_a_change_names_the_version_that_it_knows_and_a_removed_budget_is_as_none(uow):
    set_budget(uow, 10)
    uow.if_match = frozenset((0,))
    with pytest.raises(StaleVersion):
        set_budget(uow, 20)
    uow.if_match = frozenset((1,))
    set_budget(uow, None)
    uow.if_match = frozenset((0,))
    assert set_budget(uow, 30)[-1] == ("budget.set", 30)


def test_the_id_follows_from_the_organizations():
    assert budget_id("org_01KEXAMPLE0000000000000000") == budget_id("org_test_01KEXAMPLE0000000000000000") == ID
