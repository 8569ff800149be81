"""Which OS user runs the processes that handle requests and run tasks, when root starts the service."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gunicorn

from infra.postgres.embedded.os_users import SBIN, UserMissing, find_or_add_system_user, find_user, name_of

logger = logging.getLogger("smartdhandha.server")

SERVICE_USER = "smartdhandha-web"
"""The user that is added and used if SMARTDHANDHA_USER is not set."""

_NEEDED = (Path(__file__), Path(gunicorn.__file__), Path(sys.executable))
_FIRST_UNREADABLE = 'for f; do [ -r "$f" ] || { echo "$f"; exit 1; }; done'


class UserRefused(Exception):
    """The service cannot run as this user; the message says why and what to do."""


class ServiceUser(NamedTuple):
    """A user that is not root, with its main group."""

    name: str
    uid: int
    gid: int
    home: str

    def options(self) -> dict[str, Any]:
        """Return the options by which gunicorn makes this user the owner of the server processes' files.

        The options alone do not remove all rights of root. With gunicorn's option `initgroups`, the processes would
        keep root's main group; without it, root's other groups. `drop_rights` removes both.
        """
        return {"user": self.uid, "group": self.gid}

    def drop_rights(self) -> None:
        """Give up root's rights in this process for ever, and set HOME to the user's home folder.

        Libraries look for files in HOME, and the user cannot enter root's home folder.
        """
        os.initgroups(self.name, self.gid)
        os.setgid(self.gid)
        os.setuid(self.uid)
        os.environ.update(HOME=self.home, USER=self.name, LOGNAME=self.name)


def find_service_user(wanted: str | None, on_note: Callable[[str], None]) -> ServiceUser | None:
    """Return the user that runs the processes; None if they run as the user of this process.

    `wanted` is SMARTDHANDHA_USER. If it is None and root starts the service, the processes run as SERVICE_USER, which
    is added if needed. If that fails, they run as root, and `on_note` is called with the reason. Raises UserRefused if
    they cannot run as `wanted`.
    """
    if os.geteuid() != 0:
        if wanted is not None and wanted != name_of(os.geteuid()):
            raise UserRefused(f"Only root can run the service as another user: unset SMARTDHANDHA_USER ({wanted}).")
        return None
    if wanted is not None:
        return _checked(_existing(wanted))
    try:
        return _checked(_default())
    except UserRefused as error:
        on_note(f"The server processes run as root. {error}")
        return None


def warn(notes: Sequence[str]) -> None:
    """Write the notes of find_service_user to the program log. Call this after the start has succeeded.

    Before, the notes would distract from the reason why the start failed.
    """
    for text in notes:
        logger.warning("%s", text)


def continue_as(user: ServiceUser | None) -> None:
    """Go on as this user in a child process. The parent stays root, and waits until the child has ended.

    The parent passes SIGINT and SIGTERM on to the child as SIGTERM. Then it raises SystemExit with the child's exit
    status, so that root's own exit handlers run. With None, nothing happens.
    """
    if user is None:
        return
    child = os.fork()
    if child == 0:
        user.drop_rights()
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os.kill(child, signal.SIGTERM))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(status if status >= 0 else 128 - status)


def _default() -> ServiceUser:
    try:
        return _of(find_or_add_system_user(SERVICE_USER))
    except UserMissing as error:
        raise UserRefused(
            f"The user {SERVICE_USER} could not be added ({error}): set SMARTDHANDHA_USER to another user, or "
            "start the service as an ordinary user."
        ) from None


def _existing(name: str) -> ServiceUser:
    entry = find_user(name)
    if entry is None:
        raise UserRefused(f"There is no user {name}, but SMARTDHANDHA_USER is {name}: add the user, or name another.")
    return _of(entry)


def _of(entry: Any) -> ServiceUser:
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


def _checked(user: ServiceUser) -> ServiceUser | None:
    """Return the user; None for root. Raises UserRefused if the user cannot read the program."""
    if user.uid == 0:
        return None
    found = subprocess.run(
        ["/bin/sh", "-c", _FIRST_UNREADABLE, "sh", *_NEEDED],
        user=user.uid,
        group=user.gid,
        extra_groups=os.getgrouplist(user.name, user.gid),
        env={"PATH": SBIN},
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        raise UserRefused(
            f"The user {user.name} cannot read {found.stdout.strip()}: install the program where everybody can read "
            "its files, such as in /opt, or start the service as an ordinary user."
        )
    return user
