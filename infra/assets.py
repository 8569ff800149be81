"""What set-up fetches beside the Python packages: files of npm packages, each checked by its hash.

`python -m infra.assets` puts the script of the reference page into the environment where npm and a network are at hand.
It never fails set-up: without it, the page takes the same file from its public CDN, and the browser checks its hash.
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

import msgspec

from api.docs.reference import FILE, INTEGRITY, PACKAGE, VERSION

PATIENCE = 120
"""Seconds that npm may take."""


class NpmFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an npm package, pinned by its hash."""

    package: str
    version: str
    file: str
    integrity: str
    kept_as: str
    """Its name in the environment, compressed."""
    without: str
    """What happens where it cannot be had."""

    def path(self, environment: Path = Path(sys.prefix)) -> Path:
        """Where the environment keeps it."""
        return environment / "share" / "smartdhandha" / self.kept_as

    def read(self, path: Path | None = None) -> bytes | None:
        """The file, gzipped, as set-up left it; None when it is not there, or is not the one that was checked."""
        try:
            gzipped = (path or self.path()).read_bytes()
            return gzipped if integrity_of(gzip.decompress(gzipped)) == self.integrity else None
        except (OSError, EOFError, zlib.error):
            return None


SCALAR = NpmFile(
    package=PACKAGE,
    version=VERSION,
    file=FILE,
    integrity=INTEGRITY,
    kept_as=f"scalar-{VERSION}.js.gz",
    without="the reference page will take its script from the public CDN",
)


def reference_script(path: Path | None = None) -> bytes | None:
    """The script of the reference page, gzipped as it is served; None when set-up could not fetch it."""
    return SCALAR.read(path)


def integrity_of(content: bytes) -> str:
    """The content's hash as an integrity attribute holds it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def fetch(path: Path, wanted: NpmFile = SCALAR) -> str:
    """Fetch the file with npm; return a line that says what happened."""
    named = f"{wanted.package} {wanted.version}"
    if wanted.read(path) is not None:
        return f"{named} is there."
    npm = shutil.which("npm")
    if npm is None:
        return f"npm is not at hand: {wanted.without}."
    try:
        content = _packed(npm, wanted)
    except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
        return f"npm could not fetch {named} ({type(error).__name__}): {wanted.without}."
    if integrity_of(content) != wanted.integrity:
        return f"{named} is not the file that was pinned and is left out: {wanted.without}."
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(gzip.compress(content, 9, mtime=0))
    unfinished.replace(path)
    return f"Fetched {named}."


def _packed(npm: str, wanted: NpmFile) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        named = f"{wanted.package}@{wanted.version}"
        command = [npm, "pack", named, "--pack-destination", folder, "--silent", "--ignore-scripts"]
        subprocess.run(command, check=True, timeout=PATIENCE, cwd=folder, capture_output=True)
        archive = next(iter(Path(folder).glob("*.tgz")), None)
        if archive is None:
            raise FileNotFoundError(folder)
        with tarfile.open(archive) as packed:
            member = packed.extractfile(f"package/{wanted.file}")
            if member is None:
                raise KeyError(wanted.file)
            return member.read()


if __name__ == "__main__":
    sys.stderr.write(fetch(SCALAR.path()) + "\n")
