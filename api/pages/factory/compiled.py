"""The compiled templates of all pages, in memory and in a file beside Python's own compiled modules.

Jinja compiles a template when it is first shown, which takes as long as ten pages. So they are compiled before the
server processes are forked: no request waits for it, and a page about a failure is as fast as it must be.
"""

from __future__ import annotations

import marshal
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

FILE = Path(__file__).parent / "__pycache__" / f"templates.{sys.implementation.cache_tag}"
"""Where the compiled templates are kept, if the folder can be written: as Python does with modules."""


class CompiledTemplates(BytecodeCache):
    """Compiled templates in memory, each with the hash of its source: a changed template is compiled again."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key + bucket.checksum] = bucket.code

    def fill(self, environment: Environment, file: Path = FILE) -> None:
        """Compile all templates of an environment that uses this cache, except those that the file has.

        The file is written again if any was missing and Python may write compiled modules, too.
        """
        self._codes |= _read(file)
        before = set(self._codes)
        for name in environment.list_templates():
            environment.get_template(name)
        if before != set(self._codes) and not sys.dont_write_bytecode:
            with suppress(OSError):  # such as in a folder that belongs to somebody else
                _write(file, self._codes)


COMPILED = CompiledTemplates()
"""What all page factories of this process and of its forks use."""


def _read(file: Path) -> dict[str, CodeType]:
    """Return the templates in the file; none if it is not there, or of no use."""
    try:
        codes = marshal.loads(file.read_bytes())  # noqa: S302 -- as safe as the compiled modules beside it
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return codes if isinstance(codes, dict) else {}


def _write(file: Path, codes: dict[str, CodeType]) -> None:
    """Write the file; it is never there in part."""
    file.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as incomplete:
        incomplete.write(marshal.dumps(codes))
    path = Path(incomplete.name)
    path.chmod(0o644)
    path.replace(file)
