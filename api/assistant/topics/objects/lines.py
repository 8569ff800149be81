"""Topics about the lines of a document: items, tax, rounding, totals, notes."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from commands.document import LineItems

_ITEMS = LineItems.max

LINE_TOPICS = (
    topic(
        """item | maximum many number limit most | invoice bill one single document | !page delete update cost credit total price
        many | item | can put have add""",
        f"An invoice or a bill has 1 to {_ITEMS} items (lines).",
        "createInvoice errors#payload_too_large",
        like="""how many line items can an invoice have
        maximum lines in one document""",
    ),
    topic(
        """without no zero empty | item | invoice bill
        minimum | item""",
        f"No, a document needs at least one item: `items` is a list of 1 to {_ITEMS}.",
        "createInvoice",
        like="""can I create an invoice without any line
        what is the minimum number of items""",
    ),
    topic(
        """tax | inclusive exclusive include included excluding before after | price unitprice total
        unitprice | tax include
        price | include tax""",
        "No, `unitPrice` is before tax: the tax of a line is added by `taxRate`, in percent. From a price with tax, send the "
        "price divided by (1 + rate / 100), with up to 4 decimals.",
        "createInvoice",
        like="""is the unit price before or after tax
        do prices include GST
        price inclusive of tax""",
    ),
    topic(
        """two several different multiple mixed each own | taxrate tax | invoice line item bill each | !cgst igst split sgst number organization
        tax taxrate | per each | line item""",
        "Yes, each line has a `taxRate` of its own: 5 for one and 18 for another is one invoice.",
        "createInvoice",
        like="""can one invoice have different tax rates
        two items with different GST on the same invoice""",
    ),
    topic(
        """cgst
        igst
        split | tax
        intra interstate inter-state | tax""",
        "Send their sum as `taxRate`, such as 18 for 9 + 9: once your organization has a GSTIN (Settings → Organization), lines and document "
        "show `cgst`, `sgst` and `igst`. `placeOfSupply`, else the State of the client's party, decides which of them.",
        "gst-invoices createInvoice",
        like="""how do I enter CGST and SGST separately
        is IGST a field of its own""",
    ),
    topic(
        """lut
        export exporter abroad foreign overseas sez | tax igst gst lut
        without | igst tax | invoice export""",
        "Enter the number of your LUT under Settings → Organization, and send `placeOfSupply` `96`, or name a client whose party is `overseas` or "
        "`sez`. The invoice is then zero-rated, whatever its `taxRate`; without a LUT it has IGST.",
        "gst-invoices createInvoice",
        like="""how do I write an export invoice under LUT
        invoice a client abroad without IGST
        where do I put the LUT number""",
    ),
    topic(
        "discount | after already open opened sent later | invoice bill",
        "Once a document is sent or open its lines are fixed: settle what need not be paid with a payment of the kind `write_off`, whose "
        "`reference` says that it is a discount. Or make it void and enter it anew with a lower `unitPrice`.",
        "payments#a-remainder-that-nobody-pays recordInvoicePayment",
        like="""my vendor gave me a discount after I opened the bill
        give a discount on an invoice that was sent""",
    ),
    topic(
        """discount
        percent | off | invoice bill""",
        'Send `discount`, on a line or on the whole document, before tax: `{"percent": 10}` or `{"amount": "500.00"}`. That of the document is spread '
        "over its lines by their value. `discountTotal` is the sum. A negative line is refused.",
        "gst-invoices#discounts-and-cess createInvoice",
        "createInvoice",
        like="""can I give a discount on an invoice
        how to apply 10 percent off""",
    ),
    topic(
        """negative minus | unitprice quantity total item price number
        shipping freight | item charge add""",
        "No, there are no negative lines: `quantity` is above 0 and `unitPrice` at least 0. A credit note lowers an invoice that "
        "was sent, and a payment of the kind `write_off` settles a remainder.",
        "createInvoice createCreditNote payments#a-remainder-that-nobody-pays",
        like="""can a line be negative
        how to add shipping charges""",
    ),
    topic(
        "creditnote credit_note | draft | update change affect lower invoice effect | !create make send",
        "No, a credit note that is a draft changes nothing: only when its `status` becomes `issued`, it gets its number and the invoice is lowered.",
        "updateCreditNote createCreditNote",
        like="does a draft of a credit note change the invoice",
    ),
    topic(
        "creditnote credit_note | delete cancel void undo | can how whether issued",
        "No, a credit note is not deleted: PATCH its `status` to `void`, and the invoice is as it would be without it. Its number stays taken. One of "
        "which something was refunded cannot become void before the refund is reversed.",
        "updateCreditNote",
        "updateCreditNote",
        like="can a credit note be deleted",
    ),
    topic(
        """creditnote | is there what how can do does why | !list see find get show event history read
        return returned | goods item client customer | invoice sent paid money refund credit_note
        reduce lower | sent issued already paid | invoice | !price discount leave key limit
        return returned | client bill goods | bill billed invoice""",
        "Yes: `POST /credit-notes` with the `invoiceId` and a `reason` makes a draft, for parts of its lines (`items`), an `amount`, or "
        "all that is left. A PATCH with the status `issued` gives it its number and lowers the invoice: `amountCredited`, and the "
        "taxes in the same proportion. What exceeds the balance is `refundDue`.",
        "createCreditNote updateCreditNote",
        "createCreditNote",
        like="""can I create a credit note
        a customer returned goods, is there a credit note""",
    ),
    topic(
        """debitnote | is there what how can do does why | !list see find get show event history read
        raise increase more | sent issued already | invoice | !payment price discount""",
        "Yes: `POST /debit-notes` with the `invoiceId`, a `reason`, and `items` (how much more of which line) or an `amount` makes a "
        "draft. A PATCH with the status `issued` gives it its number and raises the invoice: `amountDebited`, with taxes at the "
        "rates of its lines. A paid invoice is owed again.",
        "createDebitNote updateDebitNote",
        "createDebitNote",
        like="""can I create a debit note
        we charged too little, is there a debit note""",
    ),
    topic(
        "vendorcredit | is there what how can do does why | !list see find get show event history read",
        "Yes: `POST /vendor-credits` with the `billId`, the vendor's `number` and a `reason` enters a vendor's credit note as a draft. A "
        "PATCH with the status `issued` lowers the bill: `amountCredited`. What exceeds the balance is `refundDue`; record what the "
        "vendor gives back with a refund.",
        "createVendorCredit updateVendorCredit",
        "createVendorCredit",
        like="""can I enter a vendor credit
        a supplier sent us a credit note, where do I enter it""",
    ),
    topic(
        """roundoff | how total calculate tax half up line rule why amount | !record payment settle rest remaining
        total tax | calculate how | !balance delete record show cgst print find
        calculate | tax total invoice amount | !balance leave
        round | tax total
        rounding""",
        "Each line's `amount` is quantity × unitPrice, rounded half up to the currency's minor unit; its `taxAmount` is that "
        "amount, less discounts, × taxRate / 100, rounded half up too (CGST and SGST each). The totals are the sums of the lines: 20 × 3500.00 at 18 % is 82600.00.",
        "createInvoice",
        like="""how is the tax of a line rounded
        is tax computed per line or on the total
        how are the totals calculated
        what is the rule for rounding half a paisa""",
    ),
    topic(
        """total subtotal taxtotal totalamount | send set give own myself override | !payment number string comma search
        set | total""",
        "No, the server computes `subTotal`, `taxTotal` and `totalAmount`; sending one is refused with 422 `read_only_field`.",
        "errors#read_only_field createInvoice",
        like="""can I send the total amount myself
        may I set subTotal or taxTotal
        in which fields is the total of an invoice""",
    ),
    topic(
        """tax taxrate | maximum limit valid allow decimal zero range can | rate taxrate unitprice | !two several different multiple mixed
        taxrate | what
        zero exempt nil | tax""",
        "`taxRate` is a percentage from 0 to 100 with up to 3 decimals, such as `18` or `9.975`; 0 is allowed. The API takes "
        "the rate that you send and knows no tax law.",
        "createInvoice",
        like="""which tax rates are allowed
        how many decimals may taxRate have
        can the tax rate be zero
        highest tax percentage""",
    ),
    topic(
        "hsn",
        '`hsnSac` is an optional field of an item: 4, 6 or 8 digits, as a string, such as `"9983"`.',
        "createInvoice",
        like="""how many digits has an HSN code
        where do I put the SAC code""",
    ),
    topic(
        """quantity | decimal fraction maximum half kg
        quantity | decimal places many""",
        "A `quantity` is above 0, below 10^12, and has up to 3 decimals, such as `2.125`.",
        "createInvoice",
        like="""can the quantity be a fraction such as 2.5 hours
        how many decimals can a quantity have""",
    ),
    topic(
        "unitprice | decimal maximum places minimum zero free | !tax",
        "A `unitPrice` is 0 or more, below 10^12, and has up to 4 decimals; it is before tax.",
        "createInvoice",
        like="""how many decimals may a unit price have
        can the unit price be zero""",
    ),
    topic(
        """same | client | two currency different
        notes | maximum length long character""",
        "`notes` hold up to 5000 characters of free text.",
        "createInvoice",
        like="""how long can the notes be
        maximum length of notes""",
    ),
    topic(
        "description | maximum length long character item",
        "A `description` has 1 to 500 characters.",
        "createInvoice",
        like="how long may the description of a line be",
    ),
)
