"""The templates of all pages, compiled once for all processes of the tests.

Each server process compiles the templates of a page when it first shows the page. That takes 0.02 s of a processor for
each template, and the tests start hundreds of server processes.
"""

from __future__ import annotations

import marshal
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from api.pages import factory


class CompiledTemplates(BytecodeCache):
    """Compiled templates in memory, each with the hash of its source."""

    def __init__(self, codes: dict[str, CodeType]) -> None:
        self._codes = codes

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key + bucket.checksum] = bucket.code


def compile_templates(file: Path) -> None:
    """Compile all templates, and write them to the file, which is not there before it is complete."""
    codes: dict[str, CodeType] = {}
    environment = factory._environment(factory.API, reload=False)
    environment.bytecode_cache = CompiledTemplates(codes)
    for name in environment.list_templates():
        environment.get_template(name)
    incomplete = file.with_suffix(".incomplete")
    incomplete.write_bytes(marshal.dumps(codes))
    incomplete.replace(file)


def use_compiled_templates(file: Path) -> None:
    """Let the page factories of this process use the compiled templates of the file, if it is there."""
    if not file.exists():
        return
    compiled, new_environment = CompiledTemplates(marshal.loads(file.read_bytes())), factory._environment  # noqa: S302

    def with_compiled(api: Path, reload: bool) -> Environment:
        environment = new_environment(api, reload)
        environment.bytecode_cache = compiled
        return environment

    factory._environment = with_compiled
