"""A profile of the browser that many tests use, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loading Playwright takes time, and tests without a browser do not need it
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebError

SCREEN: Any = {"width": 1400, "height": 900}
ICON, FORGET = "/static/icon.svg", "sessionStorage.clear()"
STORAGE = "local_storage,indexeddb,cache_storage,service_workers"


class Profile:
    """A profile that keeps files, compiled scripts and the process of its pages, but nothing that a test leaves behind.

    With a new profile for each test, the browser would load and compile all scripts anew, which costs more than most
    tests. `url` is that of the service, and `options` are those of a context of Playwright.
    """

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self._url = url
        self._context = browser.new_context(**{"viewport": SCREEN, "color_scheme": "light", **options})
        self.foreign_requests: list[str] = []
        self.console_errors: list[str] = []
        self._context.on("console", self._note_message)
        self._context.on("weberror", self._note_error)
        self._page = self._context.new_page()
        self._tools = self._context.new_cdp_session(self._page)
        self._tools.send("Network.enable")
        self._limits: tuple[str, bool] = ("", True)

    @contextmanager
    def noting_requests(self) -> Iterator[list[str]]:
        """Note the addresses outside the service that pages request during the block; yield the list of them.

        Noting them takes a sixth of the time that it takes to open a page.
        """
        self._context.on("request", self._note_request)
        try:
            yield self.foreign_requests
        finally:
            self._context.remove_listener("request", self._note_request)

    def clean_page(self, screen: Any = SCREEN) -> Page:
        """Return the one page that all tests use, in this size, after undoing what earlier tests have done to it.

        What cannot be undone, such as a script for all documents or a function that is called for each request, needs
        `new_page`, which takes three times as long.
        """
        self._page.unroute_all()
        self._clean()
        if self._page.viewport_size != screen:
            self._page.set_viewport_size(screen)
        self._page.emulate_media(media="null", color_scheme="light")
        self._page.mouse.move(-1, -1)
        return self._page

    def load(self, *, without: str = "", cached: bool = True) -> None:
        """Let the page not load the files whose addresses end with `without`, or let it load files that it has anew.

        Unlike `route`, this does not slow down other requests. It holds until the next `clean_page`.
        """
        if self._limits == (without, cached):
            return
        self._limits = (without, cached)
        self._tools.send("Network.setBlockedURLs", {"urls": [f"*{without}"] if without else []})
        self._tools.send("Network.setCacheDisabled", {"cacheDisabled": not cached})

    def new_page(self) -> Page:
        """Return a new page."""
        self._clean()
        return self._context.new_page()

    def close_pages(self) -> None:
        """Close the pages that `new_page` or a test has opened."""
        for page in self._context.pages:
            if page != self._page:
                page.close()

    def close(self) -> None:
        self._context.close()

    def _clean(self) -> None:
        """Remove cookies, storage, permissions and other pages, and forget what earlier pages have done.

        The page stays at an address of the service, because the process of its pages ends when there are none.
        """
        self.close_pages()
        self.load()
        self._context.clear_cookies()
        self._context.clear_permissions()
        if not (self._page.url.startswith(f"{self._url}/") and self._disarm()):
            self._page.goto(f"{self._url}{ICON}")
            self._page.evaluate(FORGET)
        self._tools.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": STORAGE})
        self.foreign_requests.clear()
        self.console_errors.clear()

    def _disarm(self) -> bool:
        """Stop what the page still loads, and take its address away, so that the next one is never a place on it.

        Return False if the page cannot do this, such as that of an error. This takes a tenth of opening a page.
        """
        try:
            self._page.evaluate("window.stop()")
            self._page.evaluate(f"history.replaceState(null, '', '{ICON}'); {FORGET}")
        except Exception:  # noqa: BLE001 -- whatever it is, another page is opened
            return False
        return True

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(f"{self._url}/"):
            self.foreign_requests.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)

    def _note_error(self, error: WebError) -> None:
        self.console_errors.append(str(error.error))
