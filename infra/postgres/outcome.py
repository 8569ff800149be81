"""The result of a transaction that was sent by the wire (`wire.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import psycopg
from psycopg import abc
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

from infra.postgres.database import Row

_FORGOTTEN = ("26000", "0A000")
"""The SQLSTATEs that mean: the prepared statement no longer exists, or the columns of its result have changed."""

# What requests compare with, as plain numbers: Python needs several times as long for a member of an Enum.
IDLE, INERROR = int(TransactionStatus.IDLE), int(TransactionStatus.INERROR)
IN_TRANSACTION = (int(TransactionStatus.INTRANS), INERROR)
CONNECTION_OK, BINARY = int(ConnStatus.OK), Format.BINARY
COMMAND_OK, PIPELINE_SYNC = int(ExecStatus.COMMAND_OK), int(ExecStatus.PIPELINE_SYNC)
SUCCEEDED = (int(ExecStatus.TUPLES_OK), COMMAND_OK)


class Outcome:
    """The result of one transaction: the rows of each of its calls, or the error that ended it.

    Read the rows before the connection goes back to the pool: the connection is needed to decode them.
    """

    def __init__(self, decoder: abc.Transformer, results: Sequence[PGresult], error: psycopg.Error | None) -> None:
        self._decoder, self._results, self.error = decoder, results, error

    def rows(self, number: int = -1) -> list[Row]:
        """Return the rows of a call, by default of the last one. Raises the transaction's error."""
        result = self._result(number)
        return self._decoder.load_rows(0, result.ntuples, tuple)

    def row(self, index: int) -> Row:
        """Return the row at this index (from 0) of the last call. Raises the transaction's error."""
        self._result(-1)
        (row,) = self._decoder.load_rows(index, index + 1, tuple)
        return row

    def column(self, index: int) -> list[bytes | None]:
        """Return a column of the last call as bytes: JSON as its text, null as None. Raises the transaction's error."""
        self.check()
        result = self._results[-1]
        return [*map(result.get_value, range(result.ntuples), repeat(index))]

    def check(self) -> None:
        """Raise the transaction's error, if there is one."""
        if self.error is not None:
            raise self.error

    def split(self, count: int) -> tuple[Outcome, Outcome]:
        """Return the outcomes of the first `count` calls and of the other calls.

        If one of the first calls failed, the others were not executed, and both outcomes have the error.
        """
        first, others = self._results[:count], self._results[count:]
        has_failed = self.error is not None and any(result.status not in SUCCEEDED for result in first)
        own = self.error if has_failed else None
        return Outcome(self._decoder, first, own), Outcome(self._decoder, others, self.error)

    def _result(self, number: int) -> PGresult:
        self.check()
        result = self._results[number]
        self._decoder.set_pgresult(result, set_loaders=True, format=BINARY)
        return result

    def without_ends(self) -> Outcome:
        """Return the same outcome without the first and the last call."""
        return Outcome(self._decoder, self._results[1:-1], self.error)

    @property
    def is_forgotten(self) -> bool:
        """Whether the transaction failed because one of its statements must be prepared again."""
        return self.error is not None and self.error.sqlstate in _FORGOTTEN


def error_in(results: Sequence[PGresult]) -> psycopg.Error | None:
    """Return the first error among the results of a transaction; None if there is none."""
    failed = next((result for result in results if result.status == ExecStatus.FATAL_ERROR), None)
    return None if failed is None else error_from_result(failed)
