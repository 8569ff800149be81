"""Reads the picture of a logo: a PNG of bounded size, of which only the points stay."""

from __future__ import annotations

from io import BytesIO

from domain.reading import InvalidValue

MAX_LOGO_BYTES, MAX_LOGO_SIDE = 200 * 1024, 2000
MAX_STORED_BYTES = 512 * 1024
"""A picture of few colours can take more bytes once it has no palette."""
_BEGINNING, _HEADER = b"\x89PNG\r\n\x1a\n", slice(12, 16)
_NOT_PNG = "must be a PNG file"


def read_logo(file: bytes) -> bytes:
    """Return the picture as a new PNG, without anything else that the file held, such as comments or a place.

    Raises InvalidValue. The size is read before the picture is decoded: a small file can hold a very large one.
    """
    if len(file) > MAX_LOGO_BYTES:
        raise InvalidValue(f"must be a file of at most {MAX_LOGO_BYTES // 1024} KB; it has {-(-len(file) // 1024)} KB")
    _check_size(file)
    made = _made_again(file)
    if len(made) > MAX_STORED_BYTES:
        raise InvalidValue("must be a simpler picture: it takes too much room without its palette")
    return made


def check_logo(png: bytes) -> None:
    """Check a picture that `read_logo` has made, perhaps elsewhere. Raises InvalidValue for any other bytes."""
    if len(png) > MAX_STORED_BYTES:
        raise InvalidValue(f"must be a file of at most {MAX_STORED_BYTES // 1024} KB; it has {-(-len(png) // 1024)} KB")
    _check_size(png)
    _made_again(png)


def _check_size(file: bytes) -> None:
    if not file.startswith(_BEGINNING) or file[_HEADER] != b"IHDR":
        raise InvalidValue(_NOT_PNG)
    width, height = (int.from_bytes(file[start : start + 4], "big") for start in (16, 20))
    if not (width and height):
        raise InvalidValue(_NOT_PNG)
    if max(width, height) > MAX_LOGO_SIDE:
        size = f"{width} × {height}"
        raise InvalidValue(f"must have at most {MAX_LOGO_SIDE} × {MAX_LOGO_SIDE} pixels; it has {size}")


def _made_again(file: bytes) -> bytes:
    # The library takes long to import, and few processes read a logo.
    from PIL import Image  # noqa: PLC0415

    out = BytesIO()
    try:
        with Image.open(BytesIO(file), formats=["PNG"]) as picture:
            points = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        Image.frombytes(points.mode, points.size, points.tobytes()).save(out, "PNG")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise InvalidValue(_NOT_PNG) from None
    return out.getvalue()
