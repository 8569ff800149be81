"""File locks that show whether other processes use a data folder.

When a process ends, even by SIGKILL, the kernel releases its locks. So the locks never show a process that has ended.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lease:
    """One process's use of a data folder.

    The lock files stay open until `close`, so that the lease can end even if the folder was deleted.
    """

    def __init__(self, data: Path) -> None:
        self._turn = os.open(data / "turn.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._users = os.open(data / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except BaseException:
            os.close(self._turn)
            raise

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the lock under which one process at a time starts or stops the server."""
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def take(self) -> bool:
        """Register that this process uses the server. Return whether no other process does. Call it inside `turn`."""
        is_alone = self.is_last()
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return is_alone

    def is_last(self) -> bool:
        """Return whether no other process uses the server.

        Call this inside `turn`. Whatever the result is, this process is no longer registered afterwards.
        """
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """End the lease: release its locks."""
        os.close(self._users)
        os.close(self._turn)
