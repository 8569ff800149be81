"""Every message that a form of the console can cause has a sentence for people, in both languages."""

import ast
import re
from itertools import product

from api.console.forms import messages, refusals
from api.console.objects.kinds import OBJECT_PAGES
from domain.reading.when import EXPIRY_HINT, SINCE_HINT, WHEN_HINT
from tests.architecture.tree import ROOT
from tests.support.cases import all_cases

SOURCES = (
    *(f"domain/{name}.py" for name in ("bill", "document", "invoice", "leave", "leaves/changes", "leaves/days")),
    *(f"domain/documents/{name}.py" for name in ("payable", "payment", "pricing", "taxation")),
    *(f"domain/{name}.py" for name in ("reading/__init__", "accounts/misplaced_key", "tax/discount", "tax/supply")),
    *(
        f"commands/{name}.py"
        for name in ("bill", "document", "invoice", "leave", "objects", "fields/__init__", "fields/tax", "fields/party")
    ),
    *(f"{room}/parties/{name}.py" for room in ("domain", "commands") for name in ("employee", "party")),
    *(f"domain/notes/{name}.py" for name in ("lowering", "note", "parts", "raising", "refunds")),
    "commands/notes/note.py",
)
"""The modules that decide what is wrong in the body of a form about an object."""
SETTINGS = (
    *(f"domain/accounts/{name}.py" for name in ("email", "misplaced_key", "organization", "user/__init__", "zones")),
    *(f"domain/tax/{name}.py" for name in ("gstin", "states")),
    *(f"domain/{name}.py" for name in ("api_key", "webhook")),
    *(f"domain/reading/{name}.py" for name in ("__init__", "logo", "network", "webhook_url", "when")),
    *(f"commands/fields/{name}.py" for name in ("__init__", "key", "organization", "others")),
    *("commands/accounts/webhook.py", "infra/webhooks/addresses.py"),
)
"""Those that decide it for keys, webhooks, people, the organization and its profile."""
BEGINNINGS = ("must ", "cannot ", "names ", "is required", "is not ")
VALUES = ("2026-01-31", "7", "client", "draft", "write_off", "INR", "startDate", "a calendar date, YYYY-MM-DD", "0", "")
"""What stands in a message in place of values. Each message is tried with each of them."""
READING = (
    "invoice",
    "an approved leave can only be cut short; request the additional days as another leave",
    'a decimal number, such as 3500, 3500.50 or "3500.50"',
    "1 to 64",
    "4, 6",
    "an RFC 3339 timestamp, x",
    "or equal to 0",
    " from 1 to 9",
    "a type of event",
    "a number with the unit s, m, h or d, such as 24h or 7d",
    "a range of IPv4 or IPv6 addresses, such as 203.0.113.0/24 or 2001:db8::/32, or one address",
    WHEN_HINT,
    EXPIRY_HINT,
    SINCE_HINT,
)
NOT_FROM_A_FORM = (
    "must be an object with a day for each .*",  # a form has a field for each year
    "must be a list of .* objects",  # of another type than a list
    "must be an object",
    "must be an object whose values are strings",
    "must have at most .* pairs; .*",  # metadata
    "must have a key of .*",
    "must be a string in quotes, .*",
    "must be a string of 7 characters7",  # of another type than a string
    "must be a whole number.*",
    "is not a .* of this request.*",
    "cannot be set by this request; .*",
    "must not be sent together with .*",
    "is required with a note; .*",
    "must be true or false, without quotes",  # a box that is ticked or not
    "must be a list of at most .* ranges .*",
    "must be .* IPv4 .*",  # the form names the range that is wrong
    "can only be sent together with .*",
    "must be .*, in quotes",
    r"must be 7 for all addresses of this range, or 7 for one address",
    "must be a time that exists: .*",  # these two are in test_messages.py
    "must say which .*",
    "must be the id of one of .*",  # the page of the document leads to the form
    "must be the number of a line, .*",  # the form has one field for each line of which something is left
    "names line 7 once more; .*",
    "names a line of which nothing is left: .*",
)


def messages_in(source):
    """Return the messages in a module: for each text of one, its parts; None stands for a value."""
    for node in ast.walk(ast.parse((ROOT / source).read_text("utf-8"))):
        match node:
            case ast.JoinedStr(values=values):
                parts = [each.value if isinstance(each, ast.Constant) else None for each in values]
            case ast.Constant(value=str(text)):
                parts = [text]
            case _:
                continue
        if isinstance(parts[0], str) and parts[0].startswith(BEGINNINGS) and "\n" not in parts[0]:
            yield parts


def versions_of(parts):
    """Return the message with every combination of values."""
    count = parts.count(None)
    for values in product((*VALUES, *READING), repeat=count) if count < 4 else ():
        rest = iter(values)
        yield "".join(next(rest) if each is None else each for each in parts)


def is_part_of_another(parts, others):
    return any(parts != other and len(parts) == 1 and parts[0] in other for other in others)


@all_cases("source", sorted({*SOURCES, *SETTINGS}))
def test_each_message_has_a_sentence(source):
    found = [*messages_in(source)]
    missing = [
        "".join(each or "…" for each in parts)
        for parts in found
        if not is_part_of_another(parts, found)
        and not any(messages.has_sentence(text) for text in versions_of(parts))
        and not any(re.fullmatch(each, "".join(part or "7" for part in parts)) for each in NOT_FROM_A_FORM)
    ]
    assert missing == []


def test_each_refusal_of_a_command_has_a_sentence():
    commands = [
        command
        for type_ in (each.type for each in OBJECT_PAGES)
        for command in (type_.create, type_.update, *(each.command for each in type_.sub_resources))
    ]
    refused = {refusal for command in commands for refusal in command.refusals}
    assert {each.__name__ for each in refused if not refusals.has_sentence(each)} == set() and len(refused) > 4
