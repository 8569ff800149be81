"""Makes the files that the service reads and that are not in its source: at set-up, with `python -m infra.assets`.

Files of npm packages are fetched, and their hashes checked: the script of the reference page is stored in the virtual
environment, if npm and a network are available. The templates of all pages are compiled (`api/pages/factory`).

A missing file never makes set-up fail. Without the stored script, the reference page loads the script from a public
CDN, and the browser checks its hash. Templates that are not compiled are compiled at each start.
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
from functools import cache
from pathlib import Path

import msgspec

from api.docs.reference.scalar import FILE, INTEGRITY, PACKAGE, VERSION
from api.pages.factory import compile_templates

NPM_TIMEOUT_SECONDS = 120


class NpmFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an npm package. Only the content with this hash (`integrity`) is accepted."""

    package: str
    version: str
    file: str
    integrity: str
    stored_as: str
    """The name of the compressed file in the virtual environment."""
    fallback: str
    """What happens when the file is missing: the end of a sentence for the person who runs set-up."""

    def path(self, environment: Path = Path(sys.prefix)) -> Path:
        """Return the path of the file in the virtual environment."""
        return environment / "share" / "smartdhandha" / self.stored_as

    def read(self, path: Path | None = None) -> bytes | None:
        """Return the gzipped file that set-up stored; None if it is missing or its hash is wrong."""
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
    stored_as=f"scalar-{VERSION}.js.gz",
    fallback="the reference page will take its script from the public CDN",
)


@cache
def reference_script(path: Path | None = None) -> bytes | None:
    """Return the gzipped script of the reference page; None if set-up could not fetch it. The file is read once."""
    return SCALAR.read(path)


def integrity_of(content: bytes) -> str:
    """Return the SHA-384 of the content in the form of an HTML integrity attribute."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def fetch(path: Path, file: NpmFile = SCALAR) -> str:
    """Fetch the file with npm and store it at `path`, compressed. Return a sentence about the result."""
    named = f"{file.package} {file.version}"
    if file.read(path) is not None:
        return f"{named} is already stored."
    npm = shutil.which("npm")
    if npm is None:
        return f"npm is not installed: {file.fallback}."
    try:
        content = _pack(npm, file)
    except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
        return f"npm could not fetch {named} ({type(error).__name__}): {file.fallback}."
    if integrity_of(content) != file.integrity:
        return f"{named} does not have the pinned hash and is not used: {file.fallback}."
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(gzip.compress(content, 9, mtime=0))
    unfinished.replace(path)
    return f"Fetched {named}."


def _pack(npm: str, file: NpmFile) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        named = f"{file.package}@{file.version}"
        command = [npm, "pack", named, "--pack-destination", folder, "--silent", "--ignore-scripts"]
        subprocess.run(command, check=True, timeout=NPM_TIMEOUT_SECONDS, cwd=folder, capture_output=True)
        archive = next(iter(Path(folder).glob("*.tgz")), None)
        if archive is None:
            raise FileNotFoundError(folder)
        with tarfile.open(archive) as tar:
            member = tar.extractfile(f"package/{file.file}")
            if member is None:
                raise KeyError(file.file)
            return member.read()


if __name__ == "__main__":
    sys.stderr.write(fetch(SCALAR.path()) + "\n")
    compile_templates()
