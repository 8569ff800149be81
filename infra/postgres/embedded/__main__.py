"""`python -m infra.postgres.embedded FOLDER`: start the server of a data folder, unless it runs.

`serve` runs this when the server has ended (keeper.py). This process uses the data folder like any other: it takes its
turn, and leaves the server running only if another process uses it. The reason of a failure goes to standard error.
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
