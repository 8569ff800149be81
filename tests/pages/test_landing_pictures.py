"""The pictures of the landing page: their space is reserved while they load, and small when they do not come."""

import pytest

HEIGHTS = """[...document.querySelectorAll('.pictures img')]
  .filter((each) => each.checkVisibility()).map((each) => each.clientHeight)"""
WIDTH = "document.querySelector('.pictures img.for-light').clientWidth"


@pytest.fixture
def phone(browser_page):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    return browser_page


@pytest.mark.parametrize("failing", ["**/pictures/*", "**/{icon.svg,pictures/*}"], ids=["lost", "pictures off"])
def test_without_pictures_their_texts_take_little_room(phone, service, failing):
    phone.route(failing, lambda route: route.abort())
    phone.goto(service.url)
    for picture in phone.locator(".pictures li").all():
        picture.scroll_into_view_if_needed()
    phone.wait_for_function(f"{HEIGHTS}.every((height) => height > 30 && height < 150)")


def test_while_they_load_their_space_is_there(phone, service):
    phone.route("**/pictures/*", lambda _: None)  # No request gets a response.
    phone.goto(service.url)
    phone.locator(".pictures.reserved").wait_for()
    expected = phone.evaluate(WIDTH) * 750 / 1200
    assert all(abs(height - expected) <= 2 for height in phone.evaluate(HEIGHTS))
