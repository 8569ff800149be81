"""Every link on the public pages and in the texts for programs works, including its anchor."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urldefrag, urljoin

import httpx
import pytest

from api.docs.guides import guides

PAGES = ["/", "/status", "/security", "/docs/guides", "/docs/guides/operators", *(guide.path for guide in guides())]
TEXTS = ["/llms.txt", *(f"{guide.path}.md" for guide in guides())]
_HTML, _MARKDOWN = re.compile(r'(?:href|src)="([^"]+)"'), re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def fetched(service):
    """Return a function that fetches an address of the service, once for each address."""
    with httpx.Client(trust_env=False) as client:
        yield cache(client.get)


def broken(fetched, service, path, pattern):
    here = f"{service.url}{path}"
    links = {urljoin(here, link) for link in pattern.findall(fetched(here).text)}
    return [link for link in links if not resolves(fetched, service, link)]


def resolves(fetched, service, link):
    address, anchor = urldefrag(link)
    if not address.startswith(f"{service.url}/"):
        return False
    response = fetched(address)
    made_by_script = address == f"{service.url}/docs"
    named = not anchor or made_by_script or f'id="{anchor}"' in response.text or address.endswith(".md")
    return response.status_code == 200 and named


@pytest.mark.parametrize("path", PAGES)
def test_every_link_on_a_page_works(fetched, service, path):
    assert broken(fetched, service, path, _HTML) == []


@pytest.mark.parametrize("path", TEXTS)
def test_every_link_in_a_text_works(fetched, service, path):
    assert broken(fetched, service, path, _MARKDOWN) == []


@pytest.mark.parametrize("link", ["/nowhere", "/docs/guides/errors#nowhere", "https://example.com/"])
def test_a_broken_link_would_be_found(fetched, service, link):
    assert not resolves(fetched, service, urljoin(service.url, link))


def test_the_landing_page_links_to_the_guides(fetched, service):
    links = set(_HTML.findall(fetched(f"{service.url}/").text))
    assert {guide.path for guide in guides() if not guide.is_for_operators} <= links
