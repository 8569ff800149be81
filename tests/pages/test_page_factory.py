"""Pages and static files: read once in production, and again after each change in reload mode."""

import os
import shutil
from pathlib import Path

import falcon
import falcon.testing
import httpx
import pytest
from jinja2 import UndefinedError

from api.docs import guides
from api.docs.guide_pages import guide_routes
from api.docs.reference.routes import reference_routes
from api.pages.factory import API, ROOMS, PageFactory
from api.pages.responses import CSS
from tests.support.service import Service

GUIDE = "/docs/guides/credits"


@pytest.fixture
def api(tmp_path, monkeypatch):
    """A copy of the templates, the static files and the guides for a test that changes them."""
    for folder in [f"{room}/templates" for room in ROOMS] + ["pages/static"]:
        shutil.copytree(API / folder, tmp_path / folder)
    shutil.copytree(guides.FOLDER, tmp_path / "guides")
    monkeypatch.setattr(guides, "FOLDER", tmp_path / "guides")
    return tmp_path


def client_of(api, *, reload):
    """Return a client of the guides, the reference and a style sheet, made from that copy."""
    pages = PageFactory(reload=reload, api=api)
    app = falcon.App()
    reference = reference_routes(pages, None, None, list, [], lambda _: "http://localhost")
    routes = [*guide_routes(pages, lambda _: "http://localhost"), *reference]
    for path, resource in [*routes, ("/static/site.css", pages.static_file("site.css", CSS))]:
        app.add_route(path, resource)
    return falcon.testing.TestClient(app)


def change(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, and set a later modification time, also where the file system's clock is coarse."""
    text = path.read_text("utf-8")
    assert old in text
    changed_at = path.stat().st_mtime_ns + 10**9
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(changed_at, changed_at))


CHANGES = {
    "the page's template": (
        "docs/templates/reference/page.html",
        "SmartDhandha API reference",
        "Another title",
        "/docs",
    ),
    "the base page": ("pages/templates/base.html", '<html lang="{{ page_language() }}">', '<html lang="hi">', "/docs"),
    "a part": ("pages/templates/parts.html", 'class="brand"', 'class="mark"', GUIDE),
    "a static file": ("pages/static/site.css", "text-wrap: balance", "text-wrap: pretty", "/static/site.css"),
    "a guide": ("guides/credits.md", "# The credit window", "# Credits and limits", GUIDE),
}


@pytest.mark.parametrize("what", CHANGES)
def test_in_reload_mode_a_change_shows_in_the_next_response(api, what):
    file, old, new, path = CHANGES[what]
    client = client_of(api, reload=True)
    before = client.simulate_get(path)
    change(api / file, old, new)
    after = client.simulate_get(path)
    assert new.removeprefix("# ") in after.text and new.removeprefix("# ") not in before.text
    assert before.headers["ETag"] != after.headers["ETag"]


@pytest.mark.parametrize("what", CHANGES)
def test_in_production_a_page_does_not_change(api, what):
    file, old, new, path = CHANGES[what]
    client = client_of(api, reload=False)
    before = client.simulate_get(path).text
    change(api / file, old, new)
    assert client.simulate_get(path).text == before


@pytest.mark.parametrize(("reload", "cache"), [(True, "no-cache"), (False, "public, max-age=300")])
def test_browsers_cache_nothing_in_reload_mode(api, reload, cache):
    client = client_of(api, reload=reload)
    for path in (GUIDE, "/docs", "/static/site.css"):
        assert client.simulate_get(path).headers["Cache-Control"] == cache


def test_the_setting_turns_reload_mode_on(shared_database):
    with Service(shared_database, SMARTDHANDHA_RELOAD="true") as service:
        response = httpx.get(f"{service.url}/static/site.css", trust_env=False)
    assert response.headers["Cache-Control"] == "no-cache"


def test_a_template_with_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError, match="source"):
        PageFactory().render("docs/reference/page.html", path="/docs", integrity="")


def test_values_are_escaped():
    html = PageFactory().render("assistant/problem.html", problem="<script>alert(1)</script>")
    assert "<script>" not in html and "&lt;script&gt;alert(1)" in html


def test_only_the_base_page_has_an_html_head():
    templates = [path for room in ROOMS for path in (API / room / "templates").rglob("*.html")]
    frames = [path for path in templates if "<!doctype" in path.read_text("utf-8").lower()]
    assert frames == [API / "pages" / "templates" / "base.html"]


def test_jinja_is_the_only_template_engine():
    modules = [path for path in API.rglob("*.py") if "from string import Template" in path.read_text("utf-8")]
    assert modules == []
