"""The pictures on the landing page and in the guides show the console as it is now."""

import struct

import httpx
import pytest

from api.docs.pictures import CARD, FOLDER, PICTURES, THEMES
from tests.pictures.sources import current_hashes, stored_hashes

MAX_BYTES = 70 * 1024


@pytest.mark.parametrize("name", [*(picture.name for picture in PICTURES), CARD])
def test_a_picture_is_as_new_as_its_page(name):
    made, now = stored_hashes()[name], current_hashes()[name]
    assert made == now, "a template or a style sheet of this picture has changed: run `make pictures`, and look at them"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_has_the_size_that_the_page_says_and_is_small(picture, theme):
    content = (FOLDER / picture.file(theme)).read_bytes()
    assert content[8:16] == b"WEBPVP8X" and len(content) <= MAX_BYTES
    width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
    assert (width, height) == picture[1:]


def test_the_picture_for_other_sites_is_a_png_of_the_usual_size(service):
    response = httpx.get(f"{service.url}/static/pictures/{CARD}", trust_env=False)
    assert response.headers["Content-Type"] == "image/png"
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)


def test_a_changed_template_would_be_noticed(monkeypatch):
    before = current_hashes()
    monkeypatch.setattr("tests.pictures.sources.CARD_TEMPLATE", "README.md")
    assert before[CARD] != current_hashes()[CARD] and before["home"] == current_hashes()["home"]
