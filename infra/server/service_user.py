"""The OS user of the processes that handle requests and run tasks, when root starts the service."""

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
"""The user that is added if SMARTDHANDHA_USER names no other one."""

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
        """Return gunicorn's options, by which it gives the files of the server processes to this user.

        With `initgroups`, gunicorn would leave the main group of root to the processes; without, root's other groups.
        So `drop_rights` sets both.
        """
        return {"user": self.uid, "group": self.gid}

    def drop_rights(self) -> None:
        """Give up root's rights in this process for ever.

        Libraries then look for files of the user in the user's home, not in root's, which the user cannot enter.
        """
        os.initgroups(self.name, self.gid)
        os.setgid(self.gid)
        os.setuid(self.uid)
        os.environ.update(HOME=self.home, USER=self.name, LOGNAME=self.name)


def find_service_user(wanted: str | None, on_note: Callable[[str], None]) -> ServiceUser | None:
    """Return the user that runs the processes; None if they run as the user of this process.

    `wanted` is SMARTDHANDHA_USER. Without it, root's service runs as SERVICE_USER, which is added if needed. If that is
    not possible, the service runs as root, and `on_note` is called with the reason. Raises UserRefused if the service
    cannot run as `wanted`.
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
    """Write what find_service_user has noted into the program log. Until the start succeeds, it would only distract."""
    for text in notes:
        logger.warning("%s", text)


def continue_as(user: ServiceUser | None) -> None:
    """Go on as this user, in a child process. The parent stays root, and waits to tidy up after the child.

    The parent passes signals to stop on to the child, and raises SystemExit with the child's exit status.
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
            f"The user {SERVICE_USER} could not be added for them ({error}): set SMARTDHANDHA_USER to another user, or "
            "start the service as an ordinary user."
        ) from None


def _existing(name: str) -> ServiceUser:
    entry = find_user(name)
    if entry is None:
        raise UserRefused(f"There is no user {name}, which SMARTDHANDHA_USER names: add the user, or name another one.")
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
            "it, such as in /opt, or start the service as an ordinary user."
        )
    return user
