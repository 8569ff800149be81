"""Topics about single steps in other products: spreadsheets, Zapier, Make, n8n, and programs."""

from __future__ import annotations

from api.assistant.topics.access.window import HOURLY
from api.assistant.topics.topic import topic

PRODUCT_TOPICS = (
    topic(
        """google | sheet sheets spreadsheet excel
        apps | script""",
        "Yes, an Apps Script in Google Sheets lists invoices, drafts one for each row, and collects payments: the guide has the "
        "script to paste. Store `SD_URL` and `SD_KEY` in its script properties, not in a cell.",
        "google-sheets google-sheets#2-paste-the-script",
        like="""how do I get invoices into Google Sheets
        can I draft invoices from rows of a spreadsheet
        connect Google Sheets""",
    ),
    topic(
        "google sheet sheets | hour day automatic automatically trigger schedule collect",
        "In the Apps Script editor, add a trigger (Triggers › Add Trigger): function `collectPayments`, time-driven, every hour. "
        f"Each invoice that became paid is then added to Google Sheets once; this costs {HOURLY} credits in 30 days.",
        "google-sheets#4-collect-payments-once-an-hour",
        like="""how do I let Google Sheets collect payments every hour
        update the spreadsheet automatically""",
    ),
    topic(
        """excel | load import get see invoice connect how can bring open refresh | !export google csv
        power | query""",
        "Yes, Power Query, which is part of Excel, loads your invoices into a table, and **Refresh All** loads them again. It only "
        "reads, so make a key with the scope `billing:read` alone.",
        "excel excel#2-paste-the-query",
        like="""can I load invoices into Excel
        how do I refresh invoices in Excel
        connect Excel with Power Query""",
    ),
    topic(
        """zapier | item list | send how
        zapier | post customrequest | why instead versus compare list item
        customrequest""",
        "Choose Custom Request, because the action POST of Zapier cannot send a list inside the body, and `items` is a list.",
        "zapier#draft-an-invoice-from-a-zap",
        like="""why Custom Request and not POST in Zapier
        which action event of Webhooks by Zapier""",
    ),
    topic(
        "zapier | poll trigger event paid notify slack react",
        "Start the Zap with Catch Hook of Webhooks by Zapier, and send its URL in `POST /webhooks` with the `types` that you want. If "
        "Zapier cannot be called, poll once an hour with Schedule by Zapier; do not use its own polling trigger, which cannot send the "
        "key and costs at least 2 880 requests in 30 days.",
        "zapier#react-to-what-happens-here zapier#poll-once-an-hour-instead createWebhook",
        "createWebhook",
        like="""how does my Zap notice that an invoice was paid
        trigger a Zap when something changes""",
    ),
    topic(
        """make.com integromat n8n | webhook paid event notice trigger react listen start notify immediately instant poll without
        make.com integromat n8n zapier | without | poll""",
        "Yes, without polling: copy the URL of the webhook trigger of Make (Custom webhook) or n8n (Webhook node) into `POST /webhooks`, with "
        "the `types` that you want, such as `invoice.paid`. Deliveries cost no credit.",
        "make#5-react-to-what-happens-here n8n#4-react-to-what-happens-here receiving-webhooks",
        "createWebhook",
        like="""can Make listen for paid invoices without polling
        start an n8n workflow when an invoice is paid
        trigger a scenario of Make by an event""",
    ),
    topic(
        "zapier | key header bearer where put store",
        "In the Custom Request of Zapier, write under Headers `Authorization` with the value `Bearer sd_live_…`; API by Zapier "
        "stores the key in a connection instead, where people who edit the Zap cannot read it.",
        "zapier#draft-an-invoice-from-a-zap zapier#with-api-by-zapier-instead",
        like="where do I put the key in Zapier",
    ),
    topic(
        """make.com integromat | key header bearer store parameter keychain where put authentication
        keychain""",
        "Make stores the key in a keychain of the type API key: Key `Bearer sd_live_…`, placement in the header, parameter name "
        "`Authorization`. Create it next to Credentials of the module HTTP › Make a request.",
        "make#1-put-the-key-into-a-keychain",
        like="""how do I store the key in Make
        keychain in Make, parameter name and value""",
    ),
    topic(
        "n8n | key header bearer store credential where put authentication",
        "In n8n, make a credential of the type Header Auth: Name `Authorization`, Value `Bearer sd_live_…`. Choose it in each HTTP "
        "Request node.",
        "n8n#1-make-the-credential",
        like="""where do I put the key in n8n
        which credential does the HTTP Request node need""",
    ),
    topic(
        """slack discord telegram | paid event notify tell message invoice bill leave
        tell inform message | slack team us me | paid approved overdue update""",
        "Let Zapier, Make or n8n write the message: send the URL of its webhook trigger in `POST /webhooks` with the `types` that you "
        "want, such as `invoice.paid`. Each delivery has number, client and amount in `data.object`, and costs no credit.",
        "zapier#react-to-what-happens-here make#5-react-to-what-happens-here createWebhook",
        "createWebhook",
        like="""post to Slack when an invoice is paid
        how can I be told when a leave is approved
        write a message to my team when something is overdue""",
    ),
    topic(
        """library package composer install | python php node javascript go java ruby | !docker
        need | library package | !sdk""",
        "You need no library: any language that can send HTTPS requests works. The guides have one small class for Python (with httpx), "
        "Node.js 18 and PHP 8.1, and types can be generated from the OpenAPI document.",
        "python node php getOpenApi",
        like="""do I need a package to call it from PHP
        which library for Node
        pip install""",
    ),
)
