"""Logos: what is a picture, how large it may be, and that nothing but its points is kept."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from domain.reading import InvalidValue, logo
from domain.reading.logo import MAX_LOGO_BYTES, MAX_LOGO_SIDE, MAX_STORED_BYTES, read_logo
from tests.support.cases import all_cases
from tests.support.pictures import noise, png

SECRET = "Asha was at 18.5204 N, 73.8567 E"
KEPT_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}


def chunks(file):
    """Return the names of the parts of a PNG."""
    names, at = set(), 8
    while at < len(file):
        (length,) = struct.unpack(">I", file[at : at + 4])
        names.add(file[at + 4 : at + 8])
        at += 12 + length
    return names


def with_header(file, width, height):
    """Return the PNG with another size in its header, and the right checksum."""
    header = b"IHDR" + struct.pack(">II", width, height) + file[24:29]
    return file[:12] + header + struct.pack(">I", zlib.crc32(header)) + file[33:]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_kind_has_the_same_points_afterwards(mode):
    read = Image.open(BytesIO(read_logo(png(mode=mode))))
    assert (read.size, read.mode in ("RGB", "RGBA")) == ((3, 2), True)
    assert (read.mode == "RGBA") == mode.endswith("A")


def test_transparent_points_stay_transparent():
    palette = Image.new("P", (2, 1))
    palette.putdata([0, 1])
    out = BytesIO()
    palette.save(out, "PNG", transparency=0)
    read = Image.open(BytesIO(read_logo(out.getvalue())))
    assert list(read.getchannel("A").tobytes()) == [0, 255]


def test_nothing_but_the_points_is_kept():
    info = PngInfo()
    info.add_text("Comment", SECRET)
    info.add_itxt("XML:com.adobe.xmp", SECRET, zip=True)
    exif = Image.Exif()
    exif[0x010E] = SECRET
    file = png(pnginfo=info, exif=exif, icc_profile=SECRET.encode() * 10, dpi=(300, 300)) + SECRET.encode()
    assert b"Asha" in file and {b"tEXt", b"iTXt", b"eXIf", b"iCCP", b"pHYs"} <= chunks(file[: -len(SECRET)])
    read = read_logo(file)
    assert chunks(read) == KEPT_CHUNKS and b"Asha" not in read


def test_the_largest_picture_is_taken():
    assert Image.open(BytesIO(read_logo(png(MAX_LOGO_SIDE, MAX_LOGO_SIDE)))).size == (MAX_LOGO_SIDE, MAX_LOGO_SIDE)


WRONG = {
    "nothing": (b"", "must be a PNG file"),
    "a text": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "must be a PNG file"),
    "a JPEG": (png(format="JPEG"), "must be a PNG file"),
    "a GIF": (png(format="GIF", mode="L"), "must be a PNG file"),
    "only the beginning": (png()[:8], "must be a PNG file"),
    "a file that was cut": (png(300, 300)[:-40], "must be a PNG file"),
    "a wrong checksum": (png()[:29] + b"\0\0\0\0" + png()[33:], "must be a PNG file"),
    "more bytes": (png() + b"\0" * MAX_LOGO_BYTES, "must be a file of at most 200 KB; it has 201 KB"),
    "too wide": (png(MAX_LOGO_SIDE + 1, 1), "must have at most 2000 × 2000 pixels; it has 2001 × 1"),
    "too high": (png(1, MAX_LOGO_SIDE + 1), "must have at most 2000 × 2000 pixels; it has 1 × 2001"),
    "said to be huge": (with_header(png(), 60_000, 60_000), "it has 60000 × 60000"),
    "said to be larger than it is": (with_header(png(), 2000, 2000), "must be a PNG file"),
    "said to be empty": (with_header(png(), 0, 0), "must be a PNG file"),
    "said to have no width": (with_header(png(), 0, 5), "must be a PNG file"),
    "without width": (with_header(png(), 0, 5), "must be a PNG file"),
}


@all_cases("case", WRONG)
def test_another_file_is_refused_with_what_is_wrong(case):
    file, message = WRONG[case]
    with pytest.raises(InvalidValue) as refused:
        read_logo(file)
    assert message in str(refused.value)


def test_a_picture_that_grows_most_without_its_palette_still_has_room():
    out = BytesIO()
    Image.open(BytesIO(noise(1250))).point(lambda grey: 255 * (grey > 127)).convert("1", dither=Image.Dither.NONE).save(
        out, "PNG"
    )
    assert 190 * 1024 < len(out.getvalue()) <= MAX_LOGO_BYTES
    assert 400 * 1024 < len(read_logo(out.getvalue())) <= MAX_STORED_BYTES


def test_a_picture_without_room_is_refused(monkeypatch):
    monkeypatch.setattr(logo, "MAX_STORED_BYTES", 70)
    with pytest.raises(InvalidValue, match="must be a simpler picture"):
        read_logo(noise(20))
