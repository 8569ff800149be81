"""Only `infra/cli/output.py` writes to the terminal, so that no command prints a text of others as it is."""

import ast

import pytest

from tests.architecture.tree import ROOMS, ROOT
from tests.support.cases import all_cases

WRITERS = {
    "infra/cli/output.py": "it shows by their code the characters that would change a line",
    "infra/cli/progress.py": "a bar is drawn by a library, and names only what is done",
    "infra/assets.py": "it fetches files at the set-up, and prints their names",
}
FUNCTIONS = {"echo", "secho", "echo_via_pager", "prompt", "confirm", "progressbar", "print_exc", "print_exception"}
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
HARMLESS = {"isatty", "flush", "fileno"}


def outputs(tree):
    """Return the lines in which a module could write on the terminal something that is no constant."""
    harmless = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in HARMLESS:
                harmless.add(node.value)
            case ast.Call(func=ast.Attribute(attr="write") as write, args=[ast.Constant()]):
                harmless.add(write.value)
    return [node.lineno for node in ast.walk(tree) if node not in harmless and _writes(node)]  # type: ignore[attr-defined]


def _writes(node):
    match node:
        case ast.Call(func=ast.Name(id="print")) | ast.Call(func=ast.Name(id="Console")):
            return True
        case ast.Attribute(value=ast.Name(id="sys"), attr=name):
            return name in STREAMS
        case ast.Attribute(value=ast.Name(id="click" | "traceback"), attr=name):
            return name in FUNCTIONS
        case ast.ImportFrom(module="click" | "sys" | "traceback" | "rich", names=names):
            return any(each.name in FUNCTIONS | STREAMS | {"print"} for each in names)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="write"), args=[ast.Constant(), *_]):
            return True
    return False


RAW = (
    "print(name)",
    "click.echo(name)",
    "click.secho(name, err=True)",
    "sys.stderr.write(f'{name}')",
    "sys.stdout.buffer.write(name)",
    "out = sys.stdout",
    "from click import echo",
    "from sys import stderr",
    "traceback.print_exc()",
    "os.write(2, name)",
    "Console().print(name)",
    "click.confirm(name)",
)


@all_cases("source", RAW)
def test_the_search_finds_what_writes(source):
    assert outputs(ast.parse(source)) == [1]


@pytest.mark.parametrize("source", ["sys.stderr.isatty()", "sys.stderr.write('Stopping.')", "note(name)"])
def test_the_search_leaves_alone_what_writes_nothing_of_others(source):
    assert outputs(ast.parse(source)) == []


@pytest.mark.thorough
def test_only_one_module_writes_to_the_terminal():
    modules = {path.relative_to(ROOT).as_posix(): path for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    assert modules.keys() >= WRITERS.keys()
    found = {name: outputs(ast.parse(path.read_text())) for name, path in modules.items() if name not in WRITERS}
    assert {name: lines for name, lines in found.items() if lines} == {}
