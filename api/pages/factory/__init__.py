"""Makes all pages and static files, either for production or, with `reload`, for development."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from api.http.origin import Origin
from api.pages import navigation
from api.pages.factory.compiled import COMPILED
from api.pages.filters import FILTERS
from api.pages.responses import FIVE_MINUTES, HTML, REVALIDATE, CachedPage, CachedResponse, DailyPage, PageByOrigin
from api.pages.security_headers import PUBLIC_FILE, PUBLIC_PAGE, Headers
from api.pages.translation import LANGUAGES, language, plural_translation, translation
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT

API = Path(__file__).parents[2]
ROOMS = ("pages", "docs", "search", "console", "assistant")
"""The folders of `api/` that have templates. The name `console/home.html` means `api/console/templates/home.html`."""


class PageFactory:
    """Makes pages from templates, and serves the files of `static/`.

    In production, each file is read once, and the bytes of pages that are the same for all users are kept. With
    `reload`, templates, static files and guides are read again when they have changed, and browsers cache nothing.
    `contact` is the URL under which people reach the operator of the service, such as `mailto:help@example.in`.
    """

    def __init__(self, *, reload: bool = False, api: Path = API, contact: str | None = None) -> None:
        self._reload, self._static = reload, api / "pages" / "static"
        self._cache_control = REVALIDATE if reload else FIVE_MINUTES
        self._environment = _environment(api, reload)
        self._environment.globals["contact"] = contact

    def render(self, template: str, **facts: Any) -> str:
        """Return the HTML of a template, such as `docs/landing/page.html`.

        `facts` are the values of the names in the template. Raises UndefinedError when a value is missing.
        """
        return self._environment.get_template(template).render(facts)

    def html(self, template: str, headers: Headers = PUBLIC_PAGE, **facts: Any) -> CachedResponse:
        """Return a response with a rendered template, which is the same for all users."""
        return self.text(self.render(template, **facts), HTML, headers)

    def text(self, content: str, content_type: str, headers: Headers = PUBLIC_FILE) -> CachedResponse:
        """Return a response with a text, which is the same for all users."""
        return CachedResponse(gzip.compress(content.encode(), mtime=0), content_type, headers, self._cache_control)

    def page(self, make: Callable[[], CachedResponse]) -> CachedPage:
        """Return a resource for a page that does not depend on the origin of the request."""
        return CachedPage(make, reload=self._reload)

    def page_by_origin(self, make: Callable[[str], CachedResponse], origin: Origin) -> PageByOrigin:
        """Return a resource for a page that contains the origin to which the request was sent."""
        return PageByOrigin(make, origin, reload=self._reload)

    def daily_page(
        self, make: Callable[[str, date], CachedResponse], origin: Origin, today: Callable[[], date]
    ) -> DailyPage:
        """Return a resource for a page that contains the origin of the request and the current day."""
        return DailyPage(make, origin, today, reload=self._reload)

    def static_file(self, name: str, content_type: str) -> CachedPage:
        """Return a resource for a file in `static/`."""

        def read() -> str:
            return (self._static / name).read_text("utf-8")

        # It is read now, so that all files that the service sends are of the same version of the program.
        content = None if self._reload else read()
        return self.page(lambda: self.text(read() if content is None else content, content_type))


def compile_templates() -> None:
    """Compile the templates of all pages, unless they are. Call this before server processes are forked."""
    COMPILED.fill(_environment(API, reload=False))


def _environment(api: Path, reload: bool) -> Environment:
    environment = Environment(
        loader=PrefixLoader({room: FileSystemLoader(api / room / "templates") for room in ROOMS}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=reload,
        bytecode_cache=None if reload else COMPILED,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True  # Line breaks in a text are not part of it.
    environment.install_gettext_callables(translation, plural_translation, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= FILTERS
    environment.globals |= {
        "site_links": navigation.SITE,
        "footer_links": navigation.FOOTER,
        "login_path": navigation.LOGIN,
        "page_language": language,
        "languages": LANGUAGES,
        "window_days": CREDIT_WINDOW.days,
        "default_credit_limit": DEFAULT_CREDIT_LIMIT,
    }
    return environment
