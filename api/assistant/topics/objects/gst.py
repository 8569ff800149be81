"""Topics about GST on documents: whose GSTIN, which tax, reverse charge, bills of supply. Also the PDF of an invoice."""

from __future__ import annotations

from api.assistant.topics.topic import topic

GST_TOPICS = (
    topic(
        """gstin | required need must without whether | invoice bill organization use account we have | !treatment which where check update add enter
        gstin | required""",
        "No, nothing needs a GSTIN: without that of your organization, invoices have no GST apart, only the `taxRate` of each line; and a client "
        "without one is `unregistered`.",
        "gst-invoices parties#add-a-client",
        like="""is a GSTIN required
        can I use this without a GSTIN
        does an invoice need a GSTIN""",
    ),
    topic(
        """gstin pan lut | our own my us company organization business firm | where put enter set add change store how update fill | !client customer vendor party invoice bill registration
        address logo | our own my us company organization business firm | where put enter set add change how update import | !client customer vendor party ip network webhook field endpoint api
        gstin | settings console""",
        "In the console, under Settings → Organization: an owner or admin enters your GSTIN, address and LUT number there. From then on, every new "
        "invoice has its taxes apart. `GET /organization` shows what invoices say of you.",
        "gst-invoices#before-you-begin getOrganization",
        like="""where do I enter our own GSTIN
        where do I put the GST number of my company
        how do I set our address on invoices
        apna GST number kahan dale""",
    ),
    topic(
        """organization company | update change set write edit put | api endpoint request patch post program through | !key currency timezone budget limit
        organization company | profile address name gstin | update change edit | api can program""",
        "No, the profile of your organization is changed in the console only, under Settings → Organization, by an owner or admin. "
        "`GET /organization` reads it.",
        "gst-invoices#before-you-begin getOrganization",
        like="""can I change my organization's address with the API
        is there a request that updates the organization""",
        is_firm=True,
    ),
    topic(
        """annualreturn
        gstr9
        annual | return gst file filed tax day date | !leave privilege vacation maintenance
        return filed | gst tax annual year day date | !goods come came invoice""",
        "An owner or admin enters the day on which you filed the annual return of a financial year in the console, under Settings → "
        "Organization → Change the profile. After it, a credit note for an invoice of that year is about money alone (`taxAdjustment` "
        "false); without it, that is so after 30 November following the year. `GET /organization` shows the days in `annualReturns`.",
        "credit-notes#when-it-is-too-late-for-the-tax",
        "getOrganization",
        like="""where do I record that we filed our annual return
        we have filed GSTR-9, what about credit notes
        what is annualReturns of the organization
        annual return kahan dale""",
    ),
    topic(
        """placeofsupply | what how who which where decide default choose | !lut sez export
        igst | cgst sgst or when which decide how who | !split sum enter field separate without lut
        igst cgst sgst | state outside inside other when interstate intrastate | !lut
        decide which | igst cgst
        utgst
        igst | when apply applied charge cost""",
        "The place of supply decides: in your own State there is CGST and SGST (in some union territories UTGST), each of half the rate; in "
        "another State there is IGST. It is `placeOfSupply` if you send it, else the State of the client's party, else yours. This needs your "
        "GSTIN under Settings → Organization.",
        "gst-invoices#within-your-state-and-to-another-one",
        like="""when is it IGST and when CGST and SGST
        how does the API choose between IGST and CGST
        what is the place of supply
        customer in another state, which tax
        dusre rajya ke client par kaun sa tax""",
    ),
    topic(
        """reversecharge | !sez
        rcm""",
        'Send `"reverseCharge": true`: the recipient pays the tax to the government, so the taxes in the total are 0, and '
        "`taxPayableByRecipient` has the tax. It needs your organization's GSTIN, and works for bills, too.",
        "gst-invoices#reverse-charge",
        "createInvoice",
        like="""how does reverse charge work
        make an invoice under reverse charge
        the client pays the tax under RCM""",
    ),
    topic(
        """wholerupees | !payment paid
        roundoff | total invoice bill field automatically | field nearest whole send how | !payment paid remaining bank writeoff kind settle record tax line calculate""",
        'Send `"roundOff": "nearest"` with the invoice or bill: the total is rounded to whole rupees, and `roundOff` in the answer says by how much.',
        "gst-invoices#within-your-state-and-to-another-one",
        "createInvoice",
        like="""round the invoice total to whole rupees
        how do I get a total without paise""",
    ),
    topic(
        """billofsupply
        composition | invoice tax levy scheme | we our my dealer what | !party client vendor""",
        "An invoice is a bill of supply (`documentType` `bill_of_supply`) if you pay under the composition scheme, or if every rate is 0 because the "
        "supply is wholly exempt. It has no taxes then; under the composition scheme, a `taxRate` above 0 is refused.",
        "gst-invoices#within-your-state-and-to-another-one",
        like="""when is an invoice a bill of supply
        what is a bill of supply
        we are under the composition scheme""",
    ),
    topic(
        """warnings warning | invoice tax rule missing gst
        missing lacks incomplete valid | tax invoice gst | rule law field what | !required error""",
        "`warnings` of an invoice that was sent names what rule 46 of the CGST Rules wants and it lacks. Nothing is refused because of it.",
        "gst-invoices#send-it",
        like="""where do I see what is missing for a valid tax invoice
        what are warnings on an invoice""",
    ),
    topic(
        "cess",
        "Send `cessRate`, a percentage of the taxable amount, in a line; the document has the sum as `cess`. It needs your organization's GSTIN.",
        "gst-invoices#discounts-and-cess",
        like="how do I add cess to a line",
    ),
    topic(
        """supplier recipient | invoice bill what field mean
        snapshot""",
        "`supplier` and `recipient` say who supplied whom, as it was when the invoice was sent or the bill opened; a draft has neither.",
        "gst-invoices#send-it",
        like="what are supplier and recipient of an invoice",
    ),
    topic(
        """pdf | update change later same differ identical again kept | !key secret
        pdf | version past history old earlier draft""",
        "The PDF of an invoice that was sent stays the same file: it is printed once for each version and kept. Only a change of the invoice, such "
        "as of its notes, makes a new version; `?version=` and `?asOf=` give the earlier ones. A draft is printed anew each time.",
        "getInvoicePdf",
        like="""does the PDF of an invoice change later
        is the PDF always the same file
        can I get the PDF of an older version""",
    ),
    topic(
        "pdf | bill leave party employee list many all report | !invoice supply",
        "No, only invoices, credit notes and debit notes have a PDF, one in each request: `GET /invoices/{id}/pdf`.",
        "getInvoicePdf",
        like="""can I download a bill as a PDF
        is there a PDF of a vendor's bill
        can I get a PDF of a list""",
        is_firm=True,
    ),
    topic(
        "pdf | word words amount written logo contain",
        "Yes, the PDF has the amount in words, the logo of your organization and its GST details; a draft and a void invoice are marked as such.",
        "getInvoicePdf",
        like="""does the PDF show the amount in words
        what is on the PDF""",
    ),
)
