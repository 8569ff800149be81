"""No text of the console is written where it cannot be translated."""

import pytest

from tests.architecture.tree import ROOT
from tests.translations.bare_texts import bare_texts

API = ROOT / "api"
SHARED = ("base.html", "parts.html")
"""The templates of public pages whose texts pages of the console show, too."""
TEMPLATES = sorted(
    str(path.relative_to(API))
    for path in (
        *(API / "console" / "templates").rglob("*.html"),
        *(API / "pages" / "mails" / "templates").rglob("*.html"),
        *(API / "pages" / "mails" / "templates").rglob("*.txt"),
        *(API / "pages" / "templates" / name for name in SHARED),
    )
)
PUBLIC = ("Invoices", "The SmartDhandha API", "SmartDhandha API", "website", "Contact")
"""What only public pages show."""


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_text_of_a_template_can_be_translated(template):
    """Seen red: `<h1>Log in</h1>`, and a choice of two sentences in `{{ … }}`."""
    text = (API / template).read_text("utf-8")
    assert [each for each in bare_texts(text) if not each.startswith(PUBLIC)] == []


@pytest.mark.parametrize(
    ("template", "bare"),
    [
        ("<h1>Log in</h1>", ["Log in"]),
        ('<h1>{{ _("Log in") }}</h1><code>curl -sS</code>{# a note #}', []),
        ("<p>{% trans count=3 %}{{ count }} key{% pluralize %}{{ count }} keys{% endtrans %} there</p>", ["there"]),
        ('<nav aria-label="Pages" class="row">{{ links }}</nav>', ["Pages"]),
        ("<p class=\"{{ 'bad' if late else 'good' }}\">{{ 'It is late' if late else '' }}</p>", ["It is late"]),
    ],
)
def test_the_check_finds_bare_texts(template, bare):
    assert list(bare_texts(template)) == bare
