"""axe-core, which checks the accessibility of a page in the browser.

`python -m tests.support.axe` downloads its script at set-up. The script is not in the repository.
"""

import gzip
import sys

import pytest

from infra.assets import NpmFile, fetch

AXE = NpmFile(
    package="axe-core",
    version="4.14.1",
    file="axe.min.js",
    integrity="sha384-xt1SFg49QaDwsyt0Xfs2XAyBtYPClXl3X2q5OOLeGAUmq9jZTYIMdztpF99WdhiH",
    stored_as="axe-4.14.1.js.gz",
    fallback="pages are not tested for accessibility",
)

needs_axe = pytest.mark.skipif(AXE.read() is None, reason="set-up could not fetch axe-core: no npm, or no network")


def faults(page):
    """Return the serious and critical violations on the page, each with its elements."""
    return [(id, elements) for id, impact, elements in _run(page) if impact in ("serious", "critical")]


def violations(page):
    """Return all violations on the page, each with its elements."""
    return [(id, elements) for id, _, elements in _run(page)]


def _run(page):
    gzipped = AXE.read()
    assert gzipped is not None
    # The page's policy does not allow this script. It runs all the same, because the browser's own tools evaluate it.
    page.evaluate(gzip.decompress(gzipped).decode())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(fault["id"], fault["impact"], [node["html"] for node in fault["nodes"]]) for fault in found]


if __name__ == "__main__":
    sys.stderr.write(fetch(AXE.path(), AXE) + "\n")
