"""Topics about what the service does not have, and what to do instead, and about connecting it to other products."""

from __future__ import annotations

from api.assistant.topics.topic import topic

_PAGES = "lists#pages listInvoices python#lists google-sheets excel"

MISSING_TOPICS = (
    topic(
        "pdf\nprint | !key secret cgst",
        "The API **makes no PDF**: it returns the invoice as JSON, with items and totals. Fill a template of your own with it.",
        "getInvoice",
        "getInvoice",
    ),
    topic(
        """csv excel | !google_sheet_rows
        export | !poll
        google | excel | !many row
        download | all invoice data bill leave | !pdf""",
        "There is **no CSV or Excel export**: lists are JSON, up to 100 entries a page. Follow `nextUrl` and write the rows "
        "yourself, for example into a sheet.",
        _PAGES,
        "listInvoices",
    ),
    topic(
        """bulk
        many several multiple 10 20 50 100 500 1000 | invoice bill leave | one single same together once | request call | !day month minute credit cost
        create | many 50 100 | invoice bill leave | together simultaneous once
        import | invoice bill leave data""",
        "No, there is no bulk request: each request creates or changes one object. Send one POST for each, with an "
        "`Idempotency-Key` of its own.",
        "createInvoice retries",
    ),
    topic(
        """sandbox
        test | mode key environment data account organization | !work check valid connection not_credit without
        playground staging
        try | without real data risk""",
        "No, there is no sandbox and no test mode: every key is `sd_live_…` and works on real data. Try with drafts (they bill "
        "nobody; void them), or ask the administrator for a separate organization to test in.",
        "authentication quickstart",
    ),
    topic(
        """sdk
        client | npm pip composer install gem
        npm pip | install package
        official | client | python php node java""",
        "There is **no SDK** to install: a client can be generated from the OpenAPI document, and the Python guide has one small "
        "class that is enough.",
        "python#a-generated-client getOpenApi python",
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
    ),
    topic(
        """zapier | !limit task many price plan
        zapier | how connect can""",
        "Yes, Zapier works with Webhooks by Zapier, event Custom Request: method, URL, the header `Authorization: Bearer …` and the "
        "JSON body. The guide has each field.",
        "zapier",
    ),
    topic(
        "make.com integromat\nmake | scenario connect com | !invoice",
        "Yes, Make works with its HTTP module: the guide has each field, and a scenario to copy.",
        "make",
    ),
    topic(
        "n8n | !limit execution many",
        "Yes, n8n works with its HTTP Request node, with the header `Authorization: Bearer …`: the guide has a workflow to import.",
        "n8n",
    ),
    topic(
        """google | connect sync send pull row excel
        power automate
        pabbly ifttt airtable notion tally zoho quickbooks xero sap | connect sync integrate create import link with_your""",
        "There is no ready connection to it, but whatever can send HTTPS requests with a header can call the API: see the guides "
        "for Zapier, Make and n8n, which connect most products.",
        "zapier make n8n",
    ),
    topic(
        """recurring
        repeat every each month | invoice create automatically auto | !poll list see number credit pull
        schedule | invoice send create""",
        "No, there are no recurring invoices: let a schedule of your own (cron, Zapier, n8n) create each one, with an "
        "`Idempotency-Key` such as the client and the month.",
        "createInvoice retries",
    ),
    topic(
        """reminder
        remind | client payment overdue
        overdue | email send notify""",
        "No, the API sends no reminders and no e-mail: list what is overdue with `GET /invoices?overdue=true`, and let your tool "
        "write to the clients.",
        "listInvoices zapier",
        "listInvoices",
    ),
    topic(
        """attachment | !gstr
        file pdf image photo scan | attach upload add store
        upload""",
        "No, no files can be attached: keep the file elsewhere and its address in `metadata` or `notes`.",
        "metadata",
    ),
    topic(
        """logo template letterhead branding
        signature | invoice""",
        "No, there are no templates, logos or signatures: the API keeps the data of an invoice, and your tool prints it.",
        "getInvoice",
    ),
    topic(
        """gstin pan address | invoice field client | !ip url
        place | supply""",
        "No, there is no field for a GSTIN, a PAN or an address: keep them in `metadata` or `notes`, or in your own system under "
        "the `clientId`.",
        "metadata createInvoice",
    ),
    topic(
        """status page uptime sla down | service api your
        healthz readyz health
        up | api is service""",
        "`GET /readyz` says whether the service and its database work, and `GET /healthz` whether the process is up; both need "
        "no key. While the database is away the API answers 503 with `Retry-After`.",
        "errors#unavailable",
    ),
    topic(
        """module modules part parts | which what many api
        what | can do | api smartdhandha
        what | smartdhandha
        endpoint endpoints url | many which what list all exist | !free credit create client deny approve update send void invoice bill leave payment cancel""",
        "The API has six modules: Invoices, Bills, Leaves, Account, Events and the Assistant. The reference at `/docs` lists every "
        "endpoint.",
        "quickstart getOpenApi",
    ),
    topic(
        """start begin first quickstart | how where get | api request call you | !key number invoice leave page date
        get | started
        first | request""",
        "Make a key at `/login` under Settings → Developer, send it as `Authorization: Bearer …`, and draft an invoice with `POST "
        "/invoices`: the quickstart goes step by step.",
        "quickstart authentication",
        "createInvoice",
    ),
    topic(
        """mobile android ios app | sdk api call from use support | !number
        self-host selfhost host own | server
        open-source opensource""",
        "The API is plain HTTPS with JSON, so any program can call it; keep the key on a server of yours and not inside a mobile "
        "app, where it can be read.",
        "authentication#keeping-a-key-secret",
    ),
    topic(
        """versioning breaking deprecate deprecated changelog
        api | version | change break""",
        "The version is in the path (`/api/v1`); from 1.0 on, answers change only by addition, and codes and names stay.",
        "errors",
    ),
    topic(
        """account | how where get create open need make new register | !invoice bill leave key bank sandbox
        signup""",
        "The administrator of the service makes an account for you (`smartdhandha user create`) and sends you a link to set "
        "your password; nobody signs up alone. If you run the service yourself, its first start makes one for you.",
        "quickstart authentication",
    ),
    topic(
        """invite | user
        add create | user colleague member admin | organization console account | !bill invoice leave key
        user | manage role invite""",
        "The API has no endpoint for users: the administrator of the service adds people (`smartdhandha user create`), with the "
        "role owner, admin or member.",
        "authentication",
    ),
    topic(
        """report reports profit balance-sheet turnover revenue | !key scope
        total sum | unpaid sales month all revenue | see know get""",
        "There is no report with sums: list the documents (`GET /invoices?status=…`) and add up their amounts; the console shows "
        "totals on Home.",
        "listInvoices python#lists",
        "listInvoices",
    ),
)
