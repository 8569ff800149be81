"""What makes PDFs: the template, the fonts and the library. A PDF that is kept has their hashes beside it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

TEMPLATE = Path(__file__).parent / "document.typ"
_OF_PACKAGES = {
    "Noto Sans": ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    "Noto Sans Devanagari": ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
    "Noto Sans Tamil": ("fontpkg_noto_sans_tamil", "NotoSansTamil[wdth,wght].ttf"),
    "Noto Sans Telugu": ("fontpkg_noto_sans_telugu", "NotoSansTelugu[wdth,wght].ttf"),
    "Hind Siliguri": ("fontpkg_hind_siliguri", "HindSiliguri-Regular.ttf"),
}
"""The fonts of packages by their names, in the order in which a character is looked for: the package, and its file."""
OWN_FAMILIES = {
    "Noto Sans Gujarati": "NotoSansGujarati-Regular.ttf",
    "Noto Sans Gurmukhi": "NotoSansGurmukhi-Regular.ttf",
    "Noto Sans Kannada": "NotoSansKannada-Regular.ttf",
    "Noto Sans Malayalam": "NotoSansMalayalam-Regular.ttf",
    "Noto Sans Oriya": "NotoSansOriya-Regular.ttf",
}
"""The fonts that no package of PyPI has, and that stand here, under the SIL Open Font License 1.1 (`fonts/OFL.txt`)."""
FAMILIES = (*_OF_PACKAGES, *OWN_FAMILIES)
"""The names of all fonts, in the order in which a character is looked for."""


class Maker(NamedTuple):
    """What has made a PDF."""

    template: str
    """The SHA-256 of the template."""
    fonts: str
    """The SHA-256 of the files of the fonts."""
    library: str


@cache
def font_files() -> tuple[Path, ...]:
    """Return the files of the fonts, in the order of FAMILIES. Their packages are not imported."""
    files = []
    for package, file in _OF_PACKAGES.values():
        spec = find_spec(package)
        assert spec is not None and spec.origin is not None
        files.append(Path(spec.origin).parent / "files" / file)
    return (*files, *(TEMPLATE.parent / "fonts" / file for file in OWN_FAMILIES.values()))


@cache
def maker() -> Maker:
    """Return what makes PDFs in this process."""
    fonts = sha256()
    for path in font_files():
        fonts.update(path.read_bytes())
    return Maker(sha256(TEMPLATE.read_bytes()).hexdigest(), fonts.hexdigest(), f"typst {version('typst')}")
