"""Templates are compiled before requests come, and again only when they have changed."""

import marshal
import sys

import jinja2
import pytest
from jinja2 import DictLoader, Environment

from api.pages.factory import PageFactory, compile_templates
from api.pages.factory.compiled import COMPILED, CompiledTemplates

SOURCES = {"one.html": "1", "two.html": "{% include 'one.html' %}2"}


@pytest.fixture
def compiled(monkeypatch):
    """The names of the templates that were compiled."""
    names, compile_one = [], jinja2.Environment.compile

    def counted(environment, source, name=None, *args, **options):
        names.append(name)
        return compile_one(environment, source, name, *args, **options)

    monkeypatch.setattr(jinja2.Environment, "compile", counted)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return names


@pytest.fixture
def file(tmp_path):
    return tmp_path / "folder" / "templates"


def fill(file, sources=SOURCES):
    """Compile with a new cache, as a new process does; return what "two.html" shows."""
    cache = CompiledTemplates()
    environment = Environment(loader=DictLoader(sources), bytecode_cache=cache, autoescape=True)
    cache.fill(environment, file)
    return environment.get_template("two.html").render()


def test_a_second_process_compiles_nothing(file, compiled):
    assert fill(file) == "12" and compiled == ["one.html", "two.html"]
    assert fill(file) == "12" and len(compiled) == 2
    assert (file.stat().st_mode & 0o777, [each.name for each in file.parent.iterdir()]) == (0o644, ["templates"])


def test_only_a_changed_template_is_compiled_again(file, compiled):
    fill(file)
    assert fill(file, SOURCES | {"one.html": "3"}) == "32" and compiled[2:] == ["one.html"]


@pytest.mark.parametrize("content", [b"", b"nonsense", marshal.dumps([1]), marshal.dumps({"a": 1})[:-2]])
def test_a_broken_file_is_written_anew(file, compiled, content):
    file.parent.mkdir()
    file.write_bytes(content)
    assert fill(file) == fill(file) == "12" and len(compiled) == 2


def test_where_nothing_can_be_written_all_are_compiled(tmp_path, compiled, monkeypatch):
    (tmp_path / "folder").write_text("no folder")
    assert fill(tmp_path / "folder" / "templates") == "12" and len(compiled) == 2
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    fill(tmp_path / "other" / "templates")
    assert not (tmp_path / "other").exists()


def test_pages_are_rendered_without_compiling(compiled):
    compile_templates()
    compiled.clear()
    html = PageFactory().render("assistant/problem.html", problem="late")
    assert "late" in html and compiled == [] and COMPILED
