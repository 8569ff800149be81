"""Compiles all modules.

In a new checkout, each worker of pytest-xdist would compile every module of the program, and every module of the tests
with its assertions rewritten: as much processor time as a hundred tests. Modules that were compiled before are left
alone; a worker compiles those that have changed since then.
"""

from __future__ import annotations

import os
import py_compile
import sys
from collections.abc import Iterator, Sequence
from importlib.util import cache_from_source
from multiprocessing import get_context
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

FOLDERS = ("domain", "commands", "projections", "api", "infra", "tests")
"""The folders with modules that workers import."""


def compile_modules(config: pytest.Config) -> None:
    """Compile what was never compiled, with all processors."""
    if sys.dont_write_bytecode or not hasattr(os, "fork"):
        return
    missing = [module for module in _modules(config) if not module.compiled.exists()]
    processors = os.cpu_count() or 1
    processes = [
        get_context("fork").Process(target=_compile, args=(config, missing[first::processors]))
        for first in range(min(processors, len(missing)))
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


class _Module:
    """A module, and the file with its compiled code."""

    def __init__(self, path: Path, is_rewritten: bool) -> None:
        self.path, self.is_rewritten = path, is_rewritten
        name = f"{path.stem}{rewrite.PYC_TAIL}"
        self.compiled = rewrite.get_cache_dir(path) / name if is_rewritten else Path(cache_from_source(str(path)))


def _modules(config: pytest.Config) -> Iterator[_Module]:
    """Yield the modules. pytest rewrites the assertions of tests, of the conftest files and of its plugins."""
    state = config.stash[rewrite.assertstate_key]
    for folder in FOLDERS:
        for path in (config.rootpath / folder).rglob("*.py"):
            name = ".".join(path.relative_to(config.rootpath).with_suffix("").parts)
            yield _Module(path, state.hook is not None and state.hook._should_rewrite(name, str(path), state))


def _compile(config: pytest.Config, modules: Sequence[_Module]) -> None:
    """Write the compiled code of the modules, as Python's or pytest's import would."""
    for module in modules:
        if not module.is_rewritten:
            py_compile.compile(str(module.path), quiet=2)
        elif rewrite.try_makedirs(module.compiled.parent):
            source_hash, code = rewrite._rewrite_test(module.path, config)
            rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source_hash, module.compiled)
