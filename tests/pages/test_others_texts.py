"""What other people wrote, on the pages: its direction ends where the text ends, in every place of every page."""

import html
import re

import pytest
from jinja2 import Environment, nodes
from playwright.sync_api import expect

from api.pages.factory import API
from api.pages.filters import FILTERS
from api.pages.others_texts import bdi, isolated
from infra.identity.keys import create_key
from tests.support.cases import all_cases
from tests.support.console import new_user
from tests.support.scenarios import invoice_body, pay_invoice, pending_leave

TURNED = "\u202eACME\u2069\u2067"
"""It turns round what follows, closes an isolation that it did not open, and opens one that it does not close."""
TURNING = (TURNED, "\u2067", "\u2069", "a\u2029\u202eb", "\u2066\u2066\u2069x", "\x85\u202e", "שלום")
PAGES = ("/home", "/activity", "/settings/developer", "/logout")
SHOWN_BY = frozenset({"bdi", "isolated", "printable", "time", "second", "number", "breakable"})
TEMPLATES = sorted(API.glob("*/templates/**/*.html"))
OWN_WORDS = """
zone max_name all_guides done form.wrong_fields field.attributes part.first part.last payment.id parameter rows.part
rows.total row.following reversal.name group.first group.last wrong.id wrong.line status_label decide_label
action after.path after.title anchor answer answer.address article attempt.duration_ms attempt.status bar.height
bar.label bar.value bar.width bar.x base before.path before.title change.label chart.bars chart.peak chart.title
chart.total chart.unit code console_links contact count csrf curl currencies default_credit_limit delivery.event_id
delivery.id delivery.origin delivery.status delivery.type each.alternative each.picture each.text each.access
each.diagram each.href each.method each.path each.summary each.title entry.context entry.id entry.kind entry.path
entry.position entry.summary entry.title failure file.asked_at file.download file.id file.list_href file.state
file.title files_path field figure.label figures first form form_token group
group.description group.tag guide.path guide.summary guide.title heading here hint hours icon_size id integrity
key.allowed_cidrs key.expires_at key.id key.last_four key.lastFour key.limit key.revoked_at key.scopes key.state
key.used key.version kind label LANGUAGE_NAMES lead leave.days leave.id leave.length leave.type leave_days line.age
line.amount link.path link.title login_path loop.first loop.index loop.last member.key_prefix member.role_name
year member.time_zone min_characters mode name newest notice noun older operation.address operation.anchor
operation.description operation.example operation.keys operation.method operation.path operation.samples operation.scope
operation.status operation.summary operation.title origin other_languages page page_title path phrase
picture.alternative picture.text picture.title place product raw replay.id replay.status request_id requests response
results route row.example row.meaning row.name row.text row.type run sample.code sample.curl sample.description
sample.label scope scopes secret secret.last_four sentence.actor sentence.after sentence.before sentence.object
side.drafts side.id side.issued_word side.kind side.more side.status side.title source status step.actor step.title
step.version tab.code tab.id tab.label table.currency table.documents table.overdue table.total tag tags days terms_url
entry.cause entry.doc_path entry.request max_id requests_path target text theme title today type value webhook.id
webhook.scopes webhook.status window_days bar.answered bar.refused bar.limited chart.answered chart.refused
chart.limited part.name part.y part.height part.id part.threshold version settings.id settings.new_time_zone
settings.series_prefix settings.version max_name max_prefix zone next_number alternative creation factor.id first_page
kinds picture request sealed other.id person.id person.status person.role role_names live_mode_only link
session.id session.browser sentence factors_path _trans closed earlier_secrets home.behind key.earlier_secrets
left progress.behind state.codes_left used
side.refunds
object_path side.outstanding side.path each.day each.others earlier later leave.employee month path_of_list line.code
line.description line.quantity line.tax line.tax_rate line.total line.unit_price payment.amount payment.day payment.kind
payment.method payment.reference payment.reversal reversal.label each.detail group.id group.more group.title guides
max_characters back field.label field.max_length field.name kind.title number action.label action.name cell download
field.widget heading.href heading.order heading.title headings kind.empty kind.new kind.path following row.id
sum.balance sum.total wrong action.effect path_of payment versions who_may_write described field.hint hint_id problem_id
tag.text tag.tone weekdays back_title row.version view.href view.id views_path href words new_view.max_name
all shown away.others each.days each.employee each.id each.type present
fact.label field.autocomplete change.actor change.fields most side
row.title row.until row.why row.erased request.id request.title request.state request.problem stay rule worker_problem
subject.kind kind.lead each.new each.parameter refund.day refund.amount refund.method refund.reference refund.id
each.noun
each.number each.at each.state each.amount each.applied line.line line.taxable part.line part.description part.left
kind.kind line_label code_label quantity_label taxable_label rate_label tax_label total_label left_label everything
form.group
"""
"""Names in the templates that hold words of this service, or HTML that it made. Anything else is shown by a filter."""
OWN_INPUTS = """
own_email own_name form.organization form.time_zone form.email
email part.texts filters.from filters.object filters.requestId filters.to form.burst form.expires form.limit form.name
form.networks form.series_prefix form.time_zone link.email member.email
typed.id typed.left
new_view.query new_view.typed view.typed new.description new.url next query question search since field.value line.texts
"""
"""What a user has entered: it stands in the field again, as it was, and nowhere else."""
FIELD = 'value="{{ X }}">{{ X }}</button>|value="{{ X }}"|>{{ X }}</textarea>'
"""Where such an input may stand. A suggested question of the assistant is also the text of its button."""


def shown(node):
    """Yield the name of each value that an expression shows without a filter for texts of others."""
    match node:
        case nodes.Filter(name=name) if name in SHOWN_BY:
            return
        case nodes.Call():  # a macro, whose own expressions are looked at
            return
        case nodes.CondExpr():
            yield from shown(node.expr1)
            yield from shown(node.expr2)
        case nodes.Getattr() | nodes.Getitem() | nodes.Name():
            yield name_of(node)
        case _:
            for child in node.iter_child_nodes():
                yield from shown(child)


def name_of(node):
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return name_of(node.node) if isinstance(node, nodes.Getattr | nodes.Getitem) else node.name


def unguarded(source):
    """Return the names in a template that may hold a text of others, and are shown as they are."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.filters |= FILTERS
    outputs = (node for output in environment.parse(source).find_all(nodes.Output) for node in output.nodes)
    names = {name for node in outputs if not isinstance(node, nodes.TemplateData) for name in shown(node)}
    return {
        name
        for name in names - {*OWN_WORDS.split()}
        if name not in OWN_INPUTS.split() or not stands_in_fields(source, name)
    }


def stands_in_fields(source, name):
    elsewhere = re.sub(FIELD.replace("{{ X }}", re.escape(f"{{{{ {name} }}}}")), "", source)
    return f"{{{{ {name} }}}}" not in elsewhere


@all_cases("path", TEMPLATES, ids=lambda path: path.relative_to(API).as_posix())
def test_a_template_shows_texts_of_others_by_a_filter(path):
    assert unguarded(path.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        "<h1>{{ key.name }}</h1>",
        "<p>{{ 'Your key ' + key.name }}</p>",
        "{{ key.name if key.name else 'none' }}",
        "{{ invoice.notes|upper }}",
        "<p>{{ email }}</p>",
        "{% for line in lines %}{{ line }}{% endfor %}",
    ],
)
def test_the_search_finds_a_text_without_a_filter(source):
    assert unguarded(source)


@all_cases("text", TURNING)
def test_the_direction_of_a_text_ends_in_its_element(text):
    inner = html.unescape(str(bdi(text)).removeprefix("<bdi>").removesuffix("</bdi>"))
    depth = 0
    for each in inner:
        depth += (each in "\u2066\u2067\u2068") - (each == "\u2069")
        assert depth >= 0 and each not in "\u2028\u2029\x85"
    assert depth == 0
    assert re.fullmatch(r"[^\u202a-\u202e\u2066-\u2069]*|\u2068[^\u202a-\u202e\u2066-\u2069]*\u2069", isolated(text))


def test_markup_in_a_text_is_shown():
    assert bdi("<b>&") == "<bdi>&lt;b&gt;&amp;</bdi>"


@pytest.fixture
def pages(api, organization, owner, console):
    """The pages of an organization in which everything that somebody can write turns the text round."""
    invoice = api.create("invoices", invoice_body(clientName=TURNED, notes=TURNED))
    invoice = api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    pay_invoice(api, invoice, "1.00")
    pending_leave(api, employeeName=TURNED)
    key_id = create_key(owner, organization.id, TURNED, ("billing:read",), 10, None).row["id"]
    owner.execute("UPDATE organizations SET name = %s WHERE org_id = %s", (TURNED, organization.id))
    key = f"/settings/developer/keys/{key_id}"
    objects = [f"/activity/{id}" for id in (invoice["id"], key_id)]
    signed_in, visitor = console("owner"), console(None)
    visited = {path: signed_in.get(path) for path in (*PAGES, *objects, key, f"{key}/rotate", f"{key}/revoke")}
    new_key = {"name": TURNED, "scope": "billing:read", "limit": "9"}
    visited["a new key"] = signed_in.fill("/settings/developer/new", new_key)
    visited["an unknown key"] = signed_in.get(f"/settings/developer/keys/{TURNED}")
    visited["a password"] = visitor.get(new_user(owner, organization.id).path)
    visited["a question"] = visitor.post("/assistant", data={"question": f"how {TURNED}"})
    return {path: page.text for path, page in visited.items()}


def test_no_page_shows_a_text_that_turns_round_what_follows(pages):
    for path, page in pages.items():
        assert "ACME" in page, path
        outside = re.sub(r"<bdi>[^<]*</bdi>|value=\"[^\"]*\"|<textarea.*?</textarea>", "", page, flags=re.DOTALL)
        assert not re.search("[\u202a-\u202e\u2066\u2067\u2069]", outside), path


def test_in_a_browser_the_sentence_around_a_turning_name_stays_in_order(api, organization, signed_in):
    """Each word of ours begins to the right of the one before it, also behind the name that turns round."""
    api.create("invoices", invoice_body(clientName=TURNED, invoiceNumber="A/1"))
    page = signed_in()
    page.goto(f"{organization.url}/activity")
    entry = page.locator(".log li p:not(.soft)").filter(has_not_text="the people of").first
    expect(entry).to_contain_text("ACME")
    lefts = entry.evaluate(LEFTS)
    assert len(lefts) > 4 and lefts == sorted(lefts), lefts


LEFTS = """(entry) => {
  const walker = document.createTreeWalker(entry, NodeFilter.SHOW_TEXT);
  const lefts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim() || walker.currentNode.parentElement.closest("bdi")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    lefts.push(range.getBoundingClientRect().left);
  }
  return lefts;
}"""
"""Where the words of this service begin, in the order of the source."""
