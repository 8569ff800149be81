"""Topics about what the service does not have, and what to do instead."""

from __future__ import annotations

from api.assistant.topics.topic import topic

_PAGES = "lists#pages listInvoices python#lists google-sheets excel"

MISSING_TOPICS = (
    topic(
        "pdf\nprint | !key secret cgst",
        "Yes, each invoice has a PDF: `GET /invoices/{id}/pdf` returns it, as it is or with `version` as it was. It costs one credit. "
        "In the console, open the invoice and press **Download PDF**. The service sends it to nobody: send the file yourself. "
        "Bills and leaves have no PDF.",
        "getInvoicePdf",
        "getInvoicePdf",
        like="""can I download the invoice as a PDF
        does my customer get a PDF
        how do I print an invoice""",
    ),
    topic(
        """csv excel | !google_sheet_rows import
        export | !poll load import once
        google | excel | !many row
        download | all invoice data bill leave | !pdf""",
        "In the console, each list (invoices, bills, leaves, parties, employees) has a download of **all its rows as CSV**, with the filters of the "
        "page. The API has **no CSV or Excel export**: lists are JSON, up to 100 entries a page. Follow `nextUrl` and write the "
        "rows yourself, for example into a sheet.",
        _PAGES,
        "listInvoices",
        like="""can I export to CSV
        download all my data""",
    ),
    topic(
        """bulk
        many several multiple 10 20 50 100 500 1000 | invoice bill leave | one single same together once | request call | !day month minute credit cost
        create | invoice bill leave | together simultaneous once | can whether hundred many
        approve deny send void cancel update | all several many 10 50 | together simultaneous
        create | many 50 100 | invoice bill leave | together simultaneous once
        import load | invoice bill leave data together | !excel google sheet power""",
        "No, there is no bulk request: each request creates or changes one object. Send one request for each, with "
        "an `Idempotency-Key` of its own.",
        "createInvoice retries",
        like="""can I create many invoices in one request
        bulk upload""",
    ),
    topic(
        """sandbox test | reset empty clear delete clean | !clock webhook
        sandbox test | data log | empty reset clear clean delete again over""",
        "Yes: `POST /test/reset` begins a new test log: all objects, events, numbers and webhooks of test mode are gone, and its clock is right again. "
        "The keys stay. It needs a key `sd_test_…`, and cannot be undone.",
        "test-mode#beginning-again",
        "resetTestMode",
        like="""how do I reset the sandbox
        delete all test data and begin again
        test data kaise saaf kare""",
    ),
    topic(
        """sandbox | clock advance future
        test | clock""",
        "Yes: in test mode `POST /test/clock` moves the clock forwards, so that documents become overdue, keys expire and a new "
        "financial year begins; `POST /test/reset` empties the test log and puts the clock right. Both need a key `sd_test_…`.",
        "test-mode#moving-the-clock test-mode#beginning-again",
        like="can I move the clock in test mode",
    ),
    topic(
        """sandbox
        test | mode key environment data account organization | !work check valid connection not_credit without
        playground staging
        try | without real data risk""",
        "Yes, there is a test mode: a key `sd_test_…` acts on test data only, with numbers, credits, events and webhooks of their own. "
        "Nothing of it reaches live data. Switch to test mode in the console and make a key under Settings → Developer.",
        "test-mode authentication#test-mode",
        like="""is there a sandbox
        is there a test mode or a test key
        try it without touching real data""",
    ),
    topic(
        """recurring
        repeat every automatic automatically auto | invoice | month monthly week create | !poll list see number credit pull
        schedule | invoice send create""",
        "No, there are no recurring invoices: let a schedule of your own (cron, Zapier, n8n) create each one, with an "
        "`Idempotency-Key` such as the client and the month.",
        "createInvoice retries",
        like="""can invoices repeat every month
        recurring invoice""",
    ),
    topic(
        """reminder
        remind | client payment overdue
        overdue | email send notify""",
        "No, the API sends no reminders and no e-mail: list what is overdue with `GET /invoices?overdue=true`, and let your tool "
        "write to the clients.",
        "listInvoices zapier",
        "listInvoices",
        like="do you send payment reminders",
    ),
    topic(
        """attachment | !gstr excel csv export
        file pdf image photo scan | attach upload add store
        upload""",
        "No, no files can be attached: keep the file elsewhere and its address in `metadata` or `notes`.",
        "metadata",
        like="can I attach a file to an invoice",
    ),
    topic(
        """logo template letterhead branding font layout | !for_work
        colour | invoice bill
        design | invoice bill template
        signature | invoice""",
        "No, there is one layout for all: the PDF of an invoice has the logo of your organization and a line for the signature, and no template can be chosen.",
        "getInvoice",
        like="""can I put my logo on the invoice
        choose a template""",
    ),
    topic(
        """report reports profit balance-sheet turnover revenue | !key scope sort
        total sum | unpaid sales month all revenue | see know get | !sort greater""",
        "There is no report with sums: list the documents (`GET /invoices?status=…`) and add up their amounts; the console shows "
        "totals on Home.",
        "listInvoices python#lists",
        "listInvoices",
        like="""is there a report of total sales
        how much revenue this month
        sum of all unpaid invoices""",
    ),
    topic(
        """department departments branch branches location team_only | leave employee invoice bill | see list filter only one by of
        project cost_center costcentre | invoice bill""",
        "No, the API has no departments, teams or branches: keep yours in `metadata`, and filter by it (`metadata[department]=sales`), or ask "
        "for each `employeeId` alone.",
        "metadata#finding-by-it listLeaves",
        like="""can I see the leaves of one department
        filter invoices by branch""",
    ),
    topic(
        """portal self-service customer_page
        client vendor employee | login see view open access | page web link portal website online own their | !api key sheet
        client | pay approve accept | page link portal online""",
        "No, there are no pages for your clients, vendors or employees: send the invoice yourself, and let people look at their leaves in a "
        "tool of your own that calls the API.",
        "zapier updateInvoice",
        like="""can customers see their invoices on a web page
        is there a customer portal
        can an employee log in and request leave himself""",
    ),
)
