"""The parts of a file in XLSX beside its sheets: what it consists of, and the formats of its cells.

Source: ECMA-376, part 1, 18.2 (workbooks) and 18.8 (styles), and part 2 (packages).
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

GENERAL, HEADING, TEXT, DAY, TIME = range(5)
"""The formats of cells. Days and times are shown as the reader's program writes them."""
AMOUNT = {places: 5 + places for places in range(5)}
"""The format of an amount, by the decimal places of its currency. The program groups the digits as its reader does."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NUMBERS = {places: 164 + places for places in AMOUNT}
"""The number of each own format. Those below 164 are known to every program: 14 is a day, 22 a time, 49 a text."""


def sheet_path(number: int) -> str:
    """Return the path of a sheet in the file. The first one is 1."""
    return f"xl/worksheets/sheet{number}.xml"


def first_parts() -> dict[str, str]:
    """Return the parts that are the same in every file, by their paths. Programs know the type of a file by them."""
    return {"_rels/.rels": _relationships({"rId1": ("officeDocument", "xl/workbook.xml")}), "xl/styles.xml": _styles()}


def last_parts(titles: Mapping[int, str]) -> dict[str, str]:
    """Return the parts that name the sheets, by their paths. `titles` are in the order in which programs show them,
    each by the number of its sheet.
    """
    named = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>' for number, title in titles.items()
    )
    targets = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in titles}
    return {
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships({**targets, f"rId{len(titles) + 1}": ("styles", "styles.xml")}),
        "[Content_Types].xml": _content_types(len(titles)),
    }


def numbered(title: str, number: int) -> str:
    """Return the title of a sheet, of which programs read 31 characters: after the first one, with its number."""
    return title[:25] + (f" {number}" if number > 1 else "")


def _content_types(sheets: int) -> str:
    parts = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    parts |= {sheet_path(number): "worksheet" for number in range(1, sheets + 1)}
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="{_TYPES}.{name}+xml"/>' for path, name in parts.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(targets: dict[str, tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/{name}" Target="{target}"/>' for id, (name, target) in targets.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _styles() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="#,##0{"." if places else ""}{"0" * places}"/>'
        for places, number in _NUMBERS.items()
    )
    fonts = '<font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
    # In the order of the formats above: general, heading, text, day, time, amounts.
    styles = [(0, 0), (49, 1), (49, 0), (14, 0), (22, 0), *((number, 0) for number in _NUMBERS.values())]
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0" '
        f'applyNumberFormat="1" applyFont="1"/>'
        for number, font in styles
    )
    return (
        f'{_XML}<styleSheet xmlns="{MAIN}"><numFmts count="{len(_NUMBERS)}">{formats}</numFmts>'
        f'<fonts count="2">{fonts}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/>'
        f'<bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
        f'borderId="0"/></cellStyleXfs><cellXfs count="{len(styles)}">{cells}</cellXfs><cellStyles count="1">'
        f'<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
