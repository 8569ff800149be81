"""Topics about connecting the service to other products and programs."""

from __future__ import annotations

from api.assistant.topics.topic import topic

CONNECTION_TOPICS = (
    topic(
        """sdk
        client | npm pip composer install gem
        npm pip | install package
        official | client | python php node java""",
        "There is **no SDK** to install: a client can be generated from the OpenAPI document, and the Python guide has one small "
        "class that is enough.",
        "python#a-generated-client getOpenApi python",
        like="""is there an SDK or a client library
        which package do I install
        do I need a library""",
    ),
    topic(
        """openapi
        document | openapi api machine
        generate | client code | !number
        postman""",
        "The OpenAPI 3.1 document is at `GET /api/v1/openapi.json`, without a key; there is a Postman collection at "
        "`/docs/postman.json` too.",
        "getOpenApi python#a-generated-client",
        "getOpenApi",
        like="""where is the OpenAPI document
        a machine readable description of the API
        is there a Postman collection
        generate types from the specification""",
    ),
    topic(
        """zapier | !limit task many price plan
        zapier | how connect can""",
        "Yes, Zapier works with Webhooks by Zapier, event Custom Request: method, URL, the header `Authorization: Bearer …` and the "
        "JSON body. The guide has each field.",
        "zapier",
        like="""how do I connect Zapier
        which Zapier app and action do I choose""",
    ),
    topic(
        "make.com integromat\nmake | scenario connect com | !invoice",
        "Yes, Make works with its HTTP module: the guide has each field, and a scenario to copy.",
        "make",
        like="how do I connect Make",
    ),
    topic(
        "n8n | !limit execution many",
        "Yes, n8n works with its HTTP Request node, with the header `Authorization: Bearer …`: the guide has a workflow to import.",
        "n8n",
        like="""how do I connect n8n
        is there a ready workflow for n8n""",
    ),
    topic(
        """google | connect sync send pull row excel
        power automate | !url
        pabbly ifttt airtable notion tally zoho quickbooks xero sap | connect sync integrate create import link with_your""",
        "There is no ready connection to it, but whatever can send HTTPS requests with a header can call the API: see the guides "
        "for Zapier, Make and n8n, which connect most products.",
        "zapier make n8n",
        like="""can I connect Tally or Zoho
        is there an integration with QuickBooks""",
    ),
)
