"""The tabs of a command: which commands have them, and what the other languages send."""

import json

import pytest

from api.docs.guide_commands import Export, exports_of, request_of
from api.docs.guide_flow import render_flow
from api.docs.guide_tabs import tabs_of
from api.docs.guides import guides
from api.pages.markdown import parser
from tests.support.cases import all_cases

KEY = '-H "Authorization: Bearer $SD_KEY"'
JSON = '-H "Content-Type: application/json"'
URL = '"$SD_URL/api/v1/bills"'


def test_a_request_with_a_body_and_variables_is_read():
    request = request_of(
        f'curl -sS -X PATCH "$SD_URL/api/v1/bills/$BILL" \\\n  {KEY} {JSON} \\\n'
        f'  -H "Idempotency-Key: pay-$RUN" -H \'If-Match: "7"\' \\\n'
        '  -d @- <<BODY\n{"notes": "n-$NOTE", "x": 1.50}\nBODY\n'
    )
    assert request is not None
    assert (request.method, request.url) == ("PATCH", "$SD_URL/api/v1/bills/$BILL")
    assert (request.idempotency_key, dict(request.more_headers)) == ("pay-$RUN", {"if-match": '"7"'})
    assert request.body == {"notes": "n-$NOTE", "x": 1.5}
    assert set(request.variables) == {"SD_URL", "BILL", "RUN", "NOTE"}


def test_the_query_is_read_from_the_address_and_from_data_urlencode():
    request = request_of(f'curl -sS -G "$SD_URL/api/v1/bills?limit=2" {KEY} --data-urlencode "metadata[a]=b c&d"')
    assert request is not None
    assert request.query == {"limit": "2", "metadata[a]": "b c&d"}
    assert request.needs_key and request.method == "GET"


@all_cases(
    "command",
    [
        f"curl -sS {URL} {KEY} | jq",
        f"curl -sS {URL} {KEY} > bills.json",
        f"curl -sS {URL} {KEY} && echo done",
        f"curl -sS {URL} {KEY}\ncurl -sS {URL} {KEY}",
        f"curl -sS -o /dev/null {URL} {KEY}",
        f"curl -K smartdhandha.curl {URL}",
        f'curl -sS "$SD_URL/api/v1/bills?search=$(date)" {KEY}',
        f"curl -sS \"$SD_URL/api/v1/bills\" {KEY} -H 'X-Note: $HOME'",
        f"curl -sS {URL} {KEY} -d '{{}}'",
        f"curl -sS {URL} {KEY} {JSON} -d '{{'",
        f'curl -sS {URL} -H "Authorization: Bearer sd_live_mistyped"',
        "curl -sS https://example.com/ -I",
        "echo hello",
        "",
    ],
)
def test_a_command_that_does_more_or_something_else_has_no_tabs(command):
    assert request_of(command) is None
    assert tabs_of(command) is None


def test_variables_have_a_tab_for_powershell():
    block = "export SD_KEY=sd_live_…\nexport ORDER=order-$(date +%s)\nexport RUN=$(date +%s)\n"
    assert exports_of(block) == [
        Export("SD_KEY", "sd_live_…", False), Export("ORDER", "order-", True), Export("RUN", "", True)
    ]  # fmt: skip
    choice, (shell, powershell) = tabs_of(block) or ("", [])
    assert (choice, shell.source) == ("shell", block)
    assert powershell.source == (
        '$env:SD_KEY = "sd_live_…"\n'
        '$env:ORDER = "order-$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds())"\n'
        "$env:RUN = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()\n"
    )


@pytest.mark.parametrize("block", ["export A=$(curl x)", "export A=b; rm -r c", "export A=$B", "export A=b\necho $A"])
def test_a_block_that_does_more_than_set_variables_has_no_tab_for_powershell(block):
    assert exports_of(block) is None


def test_most_commands_of_the_guides_have_tabs_and_the_first_one_is_the_guides_own():
    blocks = [
        token.content
        for guide in guides()
        for token in parser().parse(guide.markdown)
        if token.type == "fence" and token.info == "sh"
    ]
    with_tabs = [(block, tabs[1]) for block in blocks if (tabs := tabs_of(block))]
    assert len(with_tabs) > len(blocks) * 3 / 4
    assert all(tabs[0].source == block for block, tabs in with_tabs)
    labels = {tuple(tab.label for tab in tabs) for _, tabs in with_tabs}
    assert labels == {("macOS, Linux", "PowerShell"), ("curl", "Python", "Node.js", "PHP", "PowerShell")}


@pytest.mark.parametrize("slug", ["zapier", "make"])
def test_the_body_to_copy_is_the_body_that_the_command_sends(slug):
    guide = next(guide for guide in guides() if guide.slug == slug)
    fences = [token for token in parser().parse(guide.markdown) if token.type == "fence"]
    shown = next(json.loads(fence.content) for fence in fences if fence.content.startswith('{\n  "clientId"'))
    sent = [request.body for fence in fences if fence.info == "sh" and (request := request_of(fence.content))]
    assert shown in sent


def test_a_flow_is_a_list_of_steps_in_which_texts_stay_texts():
    html = render_flow("Your app: a <b>\nSmartDhandha: drafts it\n")
    assert html.count("<li") == 2 and html.count("<svg") == 1
    assert "a &lt;b&gt;" in html and "<li class=ours><svg" in html
