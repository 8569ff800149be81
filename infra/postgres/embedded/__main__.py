"""`python -m infra.postgres.embedded FOLDER`: start the server of a data folder, unless it already runs.

`serve` runs this when the server has ended (keeper.py). This process uses the data folder like any other process: it
waits for the lock, and stops the server if it is the last process to leave. A failure is explained on standard error.
"""

import sys
from pathlib import Path

from infra.postgres.embedded import EmbeddedError, run_postgres

if __name__ == "__main__":
    try:
        with run_postgres(Path(sys.argv[1])):
            pass
    except EmbeddedError as error:
        sys.exit(str(error))
