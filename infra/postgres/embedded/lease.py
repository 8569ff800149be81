"""Who is using the data folder, kept by the kernel: a file lock goes away with the process that holds it, however that
process ends, so no count can ever be wrong after a SIGKILL.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lease:
    """One user's part in a data folder: `turn` lets one process at a time start or stop the server, `take` says that
    this one uses it, `is_last` whether anyone else still does.

    The files stay open for as long as the lease lives, so that it can be given back even when the folder is gone.
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
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def take(self) -> None:
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """To be asked in one's turn, on the way out: the upgrade gives up the shared lock even when it is refused."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self._users)
        os.close(self._turn)
