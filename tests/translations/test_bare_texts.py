"""No text of the console is written where it cannot be translated."""

import pytest

from tests.architecture.tree import ROOT
from tests.support.cases import all_cases
from tests.translations.bare_strings import bare_strings
from tests.translations.bare_texts import bare_texts

API = ROOT / "api"
MESSAGES = {
    API / "console" / "forms" / f"{name}.py"
    for name in ("messages", "note_messages", "party_messages", "settings_messages", "tax_messages")
}
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
MODULES = sorted(
    str(path.relative_to(API))
    for path in (
        # Those in `sheets` write XML, and MESSAGES have patterns of the API's messages, which are English.
        *(path for path in (API / "console").rglob("*.py") if path.parent.name != "sheets" and path not in MESSAGES),
        *(API / "pages" / "mails").rglob("*.py"),
        *(API / "pages" / name for name in ("error_page.py", "formats.py")),
    )
)
NO_SENTENCES = {
    "Lax": "the value of an attribute of cookies",
    "Vary": "the name of a header",
    "Accept": "the name of a header",
    "csrf {} {}": "what a token is the hash of",
    "form {}": "the key of a retry",
    "a download of {} was broken off: {}": "a line of the program log",
    "yyyy-mm-dd hh:mm:ss": "the format of a cell in a spreadsheet",
    "its file is gone": "a part of this line",
    "its session has ended": "a part of this line",
    "the role is now {}": "a part of this line",
    "Bearer {}": "the value of a header",
    "curl -sS {}/api/v1/{}": "a command",
    "  -H 'Authorization: Bearer {}'": "an option of a command",
    "  -H 'Content-Type: application/json'": "an option of a command",
}
"""Strings in the code that look like sentences, but that nobody reads or that are the same in every language."""


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


@all_cases("module", MODULES)
def test_every_sentence_of_the_code_can_be_translated(module):
    """Seen red: the subjects of messages about fields, such as "The scopes", to which a function added the message."""
    assert {*bare_strings((API / module).read_text("utf-8"))} - NO_SENTENCES.keys() == set()


def test_every_exception_stands_in_the_code():
    code = {text for module in MODULES for text in bare_strings((API / module).read_text("utf-8"))}
    assert NO_SENTENCES.keys() - code == set()


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        ('show("Choose a role.")', ["Choose a role."]),
        ('LABELS = {"name": ("name", "The name")}', ["The name"]),
        ('title = f"Keys of {name}"', ["Keys of {}"]),
        ('show(_(f"Keys of {name}"))', ["Keys of {}"]),
        ('show(_("Keys of " + name))', ["Keys of "]),
        ('show(_("Keys of %(name)s", name=name or "No name"))', ["No name"]),
        ('LABEL = marked("Failed log-ins")', []),
        ('show(ngettext("One try is left.", "%(num)s tries are left.", left))', []),
        ('def show():\n    """Show the page."""\n    render("keys/new.html", base=PATH, kind="api_key")', []),
    ],
)
def test_the_check_finds_bare_strings(code, bare):
    assert list(bare_strings(code)) == bare
