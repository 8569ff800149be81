"""The workflows for n8n. Their expressions and their code run in Node.js with real requests: n8n is not installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import pairwise

import httpx
import pytest

from api.docs.guide_pages import WORKFLOWS
from api.docs.guides import guides
from api.pages.markdown import parser
from api.samples.placeholders import today
from tests.support.client import data_of
from tests.support.scenarios import paid_invoice

N8N = """
const { expression, code, json, today, items } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const $json = json, kept = {}, $getWorkflowStaticData = () => kept, $input = { all: () => items };
const days = (count) => ({
  toFormat: () => new Date(Date.parse(today) + count * 86400000).toISOString().slice(0, 10),
  plus: ({ days: more }) => days(count + more),
});
const $today = days(0);
const result = expression
  ? expression.replace(/\\{\\{([^]*?)\\}\\}/g, (_, inner) => eval(inner))
  : { items: new Function("$input", "$getWorkflowStaticData", code)($input, $getWorkflowStaticData), kept };
console.log(JSON.stringify(result));
"""


@pytest.fixture(params=WORKFLOWS)
def name(request):
    return request.param


@pytest.fixture
def workflow(service):
    """Return a function that fetches a workflow and returns its nodes by name."""

    def fetch(name):
        served = httpx.get(f"{service.url}/docs/guides/{name}", trust_env=False).json()
        return served, {node["name"]: node["parameters"] for node in served["nodes"]}

    return fetch


def evaluate(**given):
    """Return the value of an expression of n8n (after its `=`), or what a Code node returns."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed here")
    given = {"today": today().isoformat(), "json": {}, **given}
    ran = subprocess.run(["node", "-e", N8N], input=json.dumps(given), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_workflow_is_one_chain_of_nodes(workflow, name):
    served, nodes = workflow(name)
    chain = {start: end["main"][0][0]["node"] for start, end in served["connections"].items()}
    assert chain == dict(pairwise(nodes))
    assert len({node["id"] for node in served["nodes"]}) == len(nodes)


def test_its_requests_go_to_this_service_with_the_credential(workflow, name, service):
    _, nodes = workflow(name)
    requests = [each for each in nodes.values() if "url" in each]
    assert all(each["url"].lstrip("=").startswith(f"{service.url}/api/v1/") for each in requests)
    assert all(each["genericAuthType"] == "httpHeaderAuth" for each in requests)


@pytest.mark.process
def test_the_workflow_drafts_and_sends_an_invoice(workflow, api):
    _, nodes = workflow("n8n-draft-invoice.json")
    (order,) = evaluate(code=nodes["An order"]["jsCode"])["items"]
    draft, send = nodes["Draft the invoice"], nodes["Send it"]
    (header,) = draft["headerParameters"]["parameters"]
    key = evaluate(expression=header["value"].removeprefix("="), **order)
    body = json.loads(evaluate(expression=draft["jsonBody"].removeprefix("="), **order))
    answer = api.request(draft["method"], draft["url"], json=body, headers={header["name"]: key})
    assert (key, data_of(answer, 201)["totalAmount"]) == ("n8n-order-1207", "82600.00")

    url = evaluate(expression=send["url"].removeprefix("="), json=answer.json())
    assert data_of(api.request(send["method"], url, json=json.loads(send["jsonBody"])), 200)["status"] == "sent"


def test_the_expression_in_the_guide_is_that_of_the_workflow(workflow):
    _, nodes = workflow("n8n-draft-invoice.json")
    guide = next(guide for guide in guides() if guide.slug == "n8n")
    (shown,) = [token.content.rstrip() for token in parser().parse(guide.markdown) if token.info == "n8n"]
    assert f"={shown}" == nodes["Draft the invoice"]["jsonBody"]


@pytest.mark.process
def test_the_workflow_returns_each_paid_invoice_and_remembers_the_position(workflow, api):
    invoice = paid_invoice(api)
    _, nodes = workflow("n8n-workflow.json")
    (start,) = evaluate(code=nodes["Where we were"]["jsCode"])["items"]
    page = api.get(evaluate(expression=nodes["Events since"]["url"].removeprefix("="), **start)).json()

    result = evaluate(code=nodes["Paid invoices"]["jsCode"], items=[{"json": page}])

    (paid,) = [item["json"] for item in result["items"]]
    assert paid | {"paidAt": None} == {
        "invoiceNumber": invoice["invoiceNumber"],
        "clientName": "Acme Traders",
        "totalAmount": "82600.00",
        "currency": "INR",
        "paidAt": None,
    }
    assert result["kept"]["after"] == page["pagination"]["nextAfter"]
