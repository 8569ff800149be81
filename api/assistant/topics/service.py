"""Topics about the service as a whole: what it is, how to begin, accounts, its state."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from api.openapi.texts import TEXTS

_MODULES = f"{', '.join(list(TEXTS)[:-1])} and {list(TEXTS)[-1]}"

SERVICE_TOPICS = (
    topic(
        """status page uptime sla down | service api your
        healthz readyz health
        up | api is service""",
        "`GET /readyz` says whether the service and its database work, and `GET /healthz` whether the process is up; both need "
        "no key. While the database is away the API answers 503 with `Retry-After`.",
        "errors#unavailable",
        like="""is the API up
        is there a status page""",
    ),
    topic(
        """module modules part parts | which what many api
        what | can do | api smartdhandha
        what | smartdhandha | !seal verify history audit
        endpoint endpoints url | many which what list all exist | !free event credit create client deny approve update send void invoice bill leave payment cancel""",
        f"With the API a program keeps invoices, vendor bills, leave requests, parties and employees. Its modules are {_MODULES}. The reference at `/docs` lists every endpoint.",
        "quickstart getOpenApi",
        like="""what can the API do
        which modules and endpoints exist
        what is this API for
        what is SmartDhandha""",
    ),
    topic(
        """start begin first quickstart | how where get | api request call you | !key number invoice leave page date
        get | started
        first | request""",
        "Make a key at `/login` under Settings → Developer, send it as `Authorization: Bearer …`, and draft an invoice with `POST "
        "/invoices`: the quickstart goes step by step.",
        "quickstart authentication",
        "createInvoice",
        like="""how do I get started
        what do I need to call the API from my server
        where do I begin
        what do I do first""",
    ),
    topic(
        """phone mobile tablet android ios | app use console work browser is there
        app | phone mobile android ios""",
        "No, there is no app to install: the console at `/login` opens in the browser of a phone, and programs call the API over HTTPS.",
        "authentication#keeping-a-key-secret",
        like="""is there an app for my phone
        can I use it on my mobile""",
    ),
    topic(
        """mobile android ios app | sdk api call from use support | !number
        self-host selfhost host own | server
        open-source opensource""",
        "The API is plain HTTPS with JSON, so any program can call it; keep the key on a server of yours and not inside a mobile "
        "app, where it can be read.",
        "authentication#keeping-a-key-secret",
        like="""can I call it from a mobile app
        can I host it myself""",
    ),
    topic(
        """versioning breaking deprecate deprecated changelog
        api | version | change break""",
        "The version is in the path (`/api/v1`); from 1.0 on, answers change only by addition, and codes and names stay.",
        "errors",
        like="""how are breaking changes announced
        will the API change""",
    ),
    topic(
        """account | how where get create open need make new register | !invoice bill leave key bank sandbox
        signup""",
        "The administrator of the service makes an account for you (`smartdhandha user create`) and sends you a link to set "
        "your password; nobody signs up alone. If you run the service yourself, its first start makes one for you.",
        "quickstart authentication",
        like="""how do I sign up
        how do I get an account
        register an account""",
    ),
    topic(
        """invite | user
        add create | user colleague member admin | organization console account | !bill invoice leave key
        user colleague | password login access | own can have give another second also get | !key lost lose forgot scope only tool read
        user | manage role invite""",
        "Yes, several people can log in: the administrator of the service adds each one to the organization (`smartdhandha user create`), "
        "as owner, admin or member. The API has no endpoint for users.",
        "authentication",
        like="""how do I add a colleague to my organization
        can several people log in
        can more than one person use the console
        invite a user
        can my accountant have her own login
        give a colleague access to the console""",
    ),
    topic(
        """gstin pan address state profile lut composition legal | our my own us supplier seller company organization business | see read show get what which find legal state profile | !where_put enter change update client customer vendor invoice scope key branch several
        details | our own | company organization business""",
        "`GET /organization` returns what your documents say of you: legal and trade name, GSTIN with PAN and state, address and e-mail, "
        "LUT number, and whether you pay under the composition scheme. It is free. Owners and admins enter these in the console "
        "under Settings → Organization; nothing changes them through the API.",
        "getOrganization",
        "getOrganization",
        like="""where do I see the GSTIN of our own company
        what is the legal name of my organization""",
    ),
    topic(
        """assistant chatbot bot | you who ai human language hindi store question answer
        you | ai robot human bot
        you | understand speak answer | hindi hinglish english language
        ask | question | hindi hinglish english language
        language | understand speak answer ask talk
        question | store stored log saved""",
        "I am the assistant of the SmartDhandha API: I answer from its reference and guides, and store no "
        "question. I understand English, Hindi and Hinglish, and answer in English.",
        "quickstart",
        like="""are you a human or an AI
        do you understand Hindi
        can you answer in Hindi
        can I ask you questions in English
        can I ask in Marathi
        are my questions stored""",
    ),
    topic(
        """other another else competitor stranger outsider | company organization customer somebody person firm | see read access data know invoice look | !while two several both own my_two call
        other another | organization company | data""",
        "No, nobody of another organization can see your data: a key and a user belong to one organization, and for everybody else your "
        "objects are 404 `not_found`, exactly as if they did not exist.",
        "authentication#one-organization",
        like="""can another company see my data
        can somebody else read our invoices
        is our data visible to other customers of yours""",
    ),
    topic(
        """data | where stored store safe secure backup see privacy country server | your my our
        who | see access | my our | data""",
        "Your data is seen only by users of your organization whose role shows them and by keys with a read scope: a key of another organization gets 404. "
        "Where it is stored, the administrator of the service decides.",
        "authentication#one-organization",
        like="""where is my data stored
        who can see our data
        is my data safe""",
    ),
    topic(
        """reference documentation document | api where find read | !payment field openapi write_off
        where | documentation document guide""",
        "The API reference is at `/docs`, with every endpoint, its fields and errors, and the guides are at `/docs/guides`.",
        "quickstart getOpenApi",
        like="""where do I find the API reference
        where is the documentation""",
    ),
)
