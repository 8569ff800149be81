"""The check of retired words finds them where they are wrong, and nowhere else."""

from tests.architecture.retired_words import findings_in
from tests.support.cases import all_cases


@all_cases(
    ("path", "text", "word"),
    [
        ("infra/log/unit_of_work.py", "class PostgresLedger: ...\n", "PostgresLedger"),
        ("commands/leave.py", "def decide(ledger): ...\n", "ledger"),
        ("infra/cli/accounts/key/secrets.py", "def create(*, machine): ...\n", "machine"),
        ("api/assistant/wishes.py", "", "wishes"),
        ("infra/projector/swap.py", '"""Waits\nbehind the gate."""\n', "the gate"),
        ("infra/postgres/migrations/0009_x.sql", "SELECT 1; -- the client is told of it\n", "is told of"),
        ("tests/infra/test_x.py", "def test_whoever_asks_waits(): ...\n", "whoever"),
        ("infra/projector/swap.py", "_behind_the_gate = 1\n", "the gate"),
        ("infra/worker/leader.py", "log = logging.getLogger(__name__)\n", "log = logging.getLogger"),
        ("domain/invoice.py", "def issue(self): ...\n", "issue"),
        ("commands/document.py", "match(uow, version)\n", "match"),
        ("api/console/new_key.py", "from api.console import once\n", "once"),
        ("docs/guides/events.md", "Whoever polls.\n", "Whoever"),
        ("docs/operations.md", "What becomes of a request.\n", "What becomes of"),
    ],
)
def test_a_retired_word_is_found(path, text, word):
    assert [finding.word for finding in findings_in(path, text)] == [word]


@all_cases(
    ("path", "text"),
    [
        ("infra/reads/admission.py", '"""Spent credits: the ledger of credits."""\nledger = 1\n'),
        ("infra/log/ids.py", "# the ledger of credits\n"),
        ("api/openapi/schemas.py", "found = [word for word in told]  # The gateway is delegated.\n"),
        ("infra/postgres/migrations/0009_x.sql", "SELECT 'the gate';\n"),
        ("commands/accounts/api_key.py", "def issue_key(): ...\n"),
        ("domain/api_key.py", "def issue(): ...\n"),
        ("infra/log/heads.py", "log = 1\nlogger = logging.getLogger(__name__)\n"),
        ("infra/audit/replay.py", "machine = 1\n"),
    ],
)
def test_a_word_in_its_right_place_is_left_alone(path, text):
    assert list(findings_in(path, text)) == []


def test_a_finding_says_where_it_is_and_what_to_write_instead():
    (finding,) = findings_in("api/app.py", "\nclass Gate: ...\n")

    assert str(finding) == (
        "api/app.py:2: 'Gate' is retired: use AdmissionControl. A metaphor where the field has a word."
    )
