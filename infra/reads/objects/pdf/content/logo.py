"""The logo of an organization as the template takes it: a picture that is a text."""

from __future__ import annotations

import struct
from base64 import b64encode
from typing import Any

_SIZE_AT = 16
"""Where a PNG has its width and its height, of four bytes each (PNG specification, section 11.2.1)."""


MAX_WIDTH_MM, MAX_HEIGHT_MM = 50, 15


def logo_of(png: bytes) -> dict[str, Any]:
    """Return an SVG that has this PNG in it, and its width on paper in millimetres.

    JSON has no bytes, and the template cannot decode Base64.
    """
    width, height = struct.unpack_from(">II", png, _SIZE_AT)
    size = f'width="{width}" height="{height}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="data:image/png;base64,{b64encode(png).decode()}"/></svg>'
    )
    return {"svg": svg, "width": min(MAX_WIDTH_MM, MAX_HEIGHT_MM * width / height)}
