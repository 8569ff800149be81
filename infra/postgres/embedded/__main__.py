"""`python -m infra.postgres.embedded FOLDER`: start the server of a data folder, unless it already runs.

`serve` runs this program when the server has ended (keeper.py). Like every process that uses the data folder, it waits
for the lock, and stops the server if it is the last one to leave. The reason of a failure is written to standard error.
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
