"""Small pictures for tests."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def png(width: int = 3, height: int = 2, mode: str = "RGB", **saved: Any) -> bytes:
    """Return a PNG of one colour. `saved` says what else the file holds."""
    out = BytesIO()
    Image.new(mode, (width, height)).save(out, saved.pop("format", "PNG"), **saved)
    return out.getvalue()


def noise(side: int) -> bytes:
    """Return a grey PNG that cannot be compressed: about a byte for each point."""
    out = BytesIO()
    Image.effect_noise((side, side), 90).save(out, "PNG")
    return out.getvalue()
