"""The table "Where a change goes" in ARCHITECTURE.md is true.

Each test makes one row's change in a copy of the tree, checks there that the change works, and compares the files that
it had to touch with those that the row names.
"""

from contextlib import closing

import pytest

from tests.architecture.toy_checks import Checker
from tests.architecture.toy_tree import TOYS, CheckedTree, copy_tree, files_of_row, rows
from tests.architecture.tree import ROOT

pytestmark = pytest.mark.process

FIELD_TEXTS = "tests/api/openapi/test_field_texts.py"
"""The test that every field has a sentence and an example in the API reference."""
FIRST_IMPORT = "from __future__ import annotations"
"""The line below which a toy adds its imports; their order is the formatter's work."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the project, which the tests change in turn."""
    folder = tmp_path_factory.mktemp("tree")
    copy_tree(folder)
    return folder


@pytest.fixture(scope="module")
def checker():
    with closing(Checker()) as running:
        yield running


@pytest.fixture
def tree(copied, checker):
    changed = CheckedTree(copied, checker)
    yield changed
    changed.undo()


def test_every_row_of_the_table_has_a_test():
    tests = [name.removeprefix("test_") for name in globals() if name.startswith("test_")]

    assert [row for row in rows() if row.lower().replace(" ", "_") not in tests] == []


def test_a_field_on_invoice(tree, own_database):
    domain, command, projection = "domain/invoice.py", "commands/invoice.py", "projections/invoice.py"
    # The events: older ones do not have the field.
    tree.insert(domain, "        po_number: str | None = None", below="        client_name: Personal[str | None]")
    tree.insert(
        domain,
        "        po_number: str | UnsetType | None = UNSET",
        below="        invoice_date: date | UnsetType = UNSET",
    )
    # The aggregate: what it holds, what a draft is made from, what a PATCH may change.
    tree.insert(domain, "    po_number: str | None", below="    client_name: str | None")
    tree.insert(domain, "        po_number: str | None,", below="        client_name: str | None,")
    tree.insert(domain, "            po_number=po_number,", below="            client_name=client_name,")
    tree.replace(domain, '["client_id", ', '["po_number", "client_id", ')
    # The commands: what a body may hold.
    field = "    po_number: Annotated[str, Text(40)]"
    tree.insert(command, f"{field} | None = None", below="    client_name: Annotated[str, PartyName] | None = None")
    tree.insert(
        command,
        f"{field} | UnsetType | None = UNSET",
        below="    client_name: Annotated[str, PartyName] | UnsetType | None = UNSET",
    )
    tree.insert(command, "        po_number=command.po_number,", below="        client_name=command.client_name,")
    # The row: what the API shows.
    tree.insert(projection, "    po_number: str | None", below="    client_name: str | None")
    # The rows from before are folded again.
    tree.replace(projection, "version: ClassVar[int] = 4", "version: ClassVar[int] = 5")
    # The reference: a sentence, and an example, because the field is empty in the example requests.
    texts = "api/openapi/texts/invoice.py"
    tree.insert(texts, '        "poNumber": "The client\'s order number.",', below="    | {")
    examples = "field_examples=document.FIELD_EXAMPLES"
    tree.replace(texts, examples, f'{examples} | {{"poNumber": "PO-77"}}')

    tree.check(f"{TOYS}/field/check.py", FIELD_TEXTS, DATABASE_URL=own_database)
    assert tree.touched() == files_of_row("a field on Invoice")


def test_a_setting(tree):
    first = "    bind: str = setting("
    toy = '    toy_limit: int = setting(whole_number(1, 64), "3", "how many toys there may be, 1 to 64")'
    tree.replace("infra/settings/__init__.py", first, f"{toy}\n{first}")
    tree.insert(
        ".env.example",
        "",
        "# How many toys there may be, 1 to 64.",
        "#SMARTDHANDHA_TOY_LIMIT=3",
        below="#     set -a; . ./.env; set +a",
    )

    tree.check(
        f"{TOYS}/setting/check.py", "tests/infra/settings/test_settings.py::test_env_example_lists_every_setting"
    )
    assert tree.touched() == files_of_row("a setting")


def test_a_background_task(tree, own_database):
    tasks = "infra/worker/tasks.py"
    function = (
        'def count_toys(conn: Connection[Row]) -> int:\n    """Return how many toys there are."""\n    return 7\n\n\n'
    )
    tree.replace(tasks, "TASKS = (\n", f'{function}TASKS = (\n    Task("count_toys", count_toys),\n')

    tree.check(f"{TOYS}/task/check.py", DATABASE_URL=own_database)
    assert tree.touched() == files_of_row("a background task")


@pytest.mark.long
def test_an_aggregate(tree, own_database):
    for room in ("domain", "commands", "projections", "api"):
        tree.add(f"{room}/holiday.py", f"aggregate/holiday_{room}.py")
    tree.add("api/openapi/texts/holiday.py", "aggregate/holiday_texts.py")
    migration = f"{tree.next_migration()}_holidays.sql"
    tree.add(f"infra/postgres/migrations/{migration}", "aggregate/migration.sql")
    tree.register("domain/registry.py", "domain.holiday", "Holiday", below="Leave")
    tree.register("projections/registry.py", "projections.holiday", "HOLIDAYS", below="LEAVES")
    tree.register("api/app.py", "api.holiday", "HOLIDAYS", below="LEAVES")
    tree.register("api/openapi/texts/__init__.py", "api.openapi.texts.holiday", "HOLIDAY", below="LEAVE")
    tree.replace("commands/dispatch.py", "bill, body, ", "bill, body, holiday, ")
    tree.insert("commands/dispatch.py", "    **holiday.HANDLERS,", below="    **leave.HANDLERS,")
    tree.replace("setup.cfg", "    invoice | bill |", "    invoice | bill | holiday |")

    scope_texts = "tests/api/openapi/test_scope_texts.py::test_every_scope_has_a_text"
    statuses = "tests/api/openapi/test_statuses.py"
    tree.check(f"{TOYS}/aggregate/check.py", scope_texts, statuses, FIELD_TEXTS, DATABASE_URL=own_database)
    tree.check_types()
    tree.check_imports()
    assert tree.touched() == files_of_row("an aggregate", name="holiday", migration=migration)


def test_a_projection(tree, own_database):
    tree.add("projections/leave_days.py", "projection/leave_days.py")
    migration = f"{tree.next_migration()}_leave_days.sql"
    tree.add(f"infra/postgres/migrations/{migration}", "projection/migration.sql")
    tree.register("projections/registry.py", "projections.leave_days", "LEAVE_DAYS", below="BALANCES")

    tree.check(f"{TOYS}/projection/check.py", DATABASE_URL=own_database)
    assert tree.touched() == files_of_row("a projection", name="leave_days", migration=migration)


@pytest.mark.long
def test_an_endpoint(tree, own_database):
    tree.add("api/clock.py", "endpoint/clock.py")
    tree.insert("api/app.py", "from api.clock import Clock", below=FIRST_IMPORT)
    tree.insert("api/app.py", '        (f"{BASE}/clock", Clock()),', below='        (f"{BASE}/me", Me(dependencies)),')
    tree.replace("setup.cfg", "    invoice | bill |", "    invoice | bill | clock |")
    texts = "api/openapi/texts/account.py"
    tree.insert(
        texts, '        "getClock": Words("Get the time", "The time of the service."),', below="    operations={"
    )
    tree.insert(texts, '        "now": "The time of the service, in UTC.",', below="    fields={")
    tree.insert(texts, '        "getClock": {"now": "2026-01-10T04:30:00.000000Z"},', below="    responses={")

    tree.check(
        f"{TOYS}/endpoint/check.py", "tests/api/openapi/test_document.py", FIELD_TEXTS, DATABASE_URL=own_database
    )
    tree.check_imports()
    assert tree.touched() == files_of_row("an endpoint", name="clock", tag="account")


@pytest.mark.long
def test_an_error_code(tree):
    # The rule: a class, where it is raised, and the command that declares it.
    refusals = "domain/errors/leave.py"
    tree.insert(refusals, "from domain.errors import Refused", below=FIRST_IMPORT)
    tree.append(
        refusals,
        "\n\nclass LeaveIsOver(Refused):\n"
        '    """The last day of the leave has passed."""\n\n'
        "    def __init__(self) -> None:\n"
        '        super().__init__("The leave is over; it can no longer be denied.")\n',
    )
    tree.insert("domain/leave.py", "from domain.errors.leave import LeaveIsOver", below=FIRST_IMPORT)
    tree.insert(
        "domain/leave.py",
        '        if status == "denied" and self.start_date < today:',
        "            raise LeaveIsOver",
        below="        allowed = self.allowed_on(today)",
    )
    tree.insert("commands/leave.py", "from domain.errors.leave import LeaveIsOver", below=FIRST_IMPORT)
    tree.replace(
        "commands/leave.py", "= (InvalidTransition, LeaveOverlap)", "= (InvalidTransition, LeaveOverlap, LeaveIsOver)"
    )
    # The API: its line in the table, and its section in the guide.
    table = "api/http/errors/table.py"
    tree.insert(table, "from domain.errors.leave import LeaveIsOver", below=FIRST_IMPORT)
    tree.insert(
        table,
        '    ErrorMapping(LeaveIsOver, 409, "leave_is_over"),',
        below="TABLE: tuple[ErrorMapping, ...] = (",
    )
    tree.append("docs/guides/errors.md", (ROOT / TOYS / "error_code/section.md").read_text(encoding="utf-8"))

    guide = "tests/docs/test_guides.py::test_every_error_code_has_a_section_and_no_section_is_left_over"
    tree.check(f"{TOYS}/error_code/check.py", "tests/api/http/test_error_table.py", "tests/api/openapi", guide)
    assert tree.touched() == files_of_row("an error code", name="leave")
