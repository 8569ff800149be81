"""What set-up fetches beside the Python packages: the script of the reference page, checked by its hash.

`python -m infra.assets` puts it into the environment where npm and a network are at hand. It never fails set-up:
without it, the page takes the same file from its public CDN, and the browser checks the same hash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

from api.docs.reference import FILE, INTEGRITY, PACKAGE, VERSION

PATIENCE = 120
"""Seconds that npm may take."""


def script_path(environment: Path = Path(sys.prefix)) -> Path:
    """Where the environment keeps the script, compressed as it is served."""
    return environment / "share" / "smartdhandha" / f"scalar-{VERSION}.js.gz"


def reference_script(path: Path | None = None) -> bytes | None:
    """The script as set-up left it; None when it is not there, or is not the one that was checked."""
    try:
        gzipped = (path or script_path()).read_bytes()
        return gzipped if integrity_of(gzip.decompress(gzipped)) == INTEGRITY else None
    except (OSError, EOFError, zlib.error):
        return None


def integrity_of(content: bytes) -> str:
    """The content's hash as an integrity attribute holds it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def fetch(path: Path) -> str:
    """Fetch the script with npm; answers with what became of it."""
    if reference_script(path) is not None:
        return "The script of the reference page is there."
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not at hand: the reference page will take its script from the public CDN."
    try:
        content = _packed(npm)
    except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
        return f"npm could not fetch {PACKAGE} ({type(error).__name__}): the reference page will use the public CDN."
    if integrity_of(content) != INTEGRITY:
        return f"{PACKAGE} {VERSION} is not the file that was pinned; it is left out, and the browser will check it."
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(gzip.compress(content, 9, mtime=0))
    unfinished.replace(path)
    return f"Fetched {PACKAGE} {VERSION} for the reference page."


def _packed(npm: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", folder, "--silent", "--ignore-scripts"]
        subprocess.run(command, check=True, timeout=PATIENCE, cwd=folder, capture_output=True)
        archive = next(iter(Path(folder).glob("*.tgz")), None)
        if archive is None:
            raise FileNotFoundError(folder)
        with tarfile.open(archive) as packed:
            member = packed.extractfile(f"package/{FILE}")
            if member is None:
                raise KeyError(FILE)
            return member.read()


if __name__ == "__main__":
    sys.stderr.write(fetch(script_path()) + "\n")
