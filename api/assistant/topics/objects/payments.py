"""Topics about payments: part payments, withheld tax, remainders, reversals, the balance."""

from __future__ import annotations

from api.assistant.topics.topic import topic

_TAKE_BACK = "payments#take-a-payment-back"

PAYMENT_TOPICS = (
    topic(
        """balance balancedue | calculate how what meaning formula due computed | !leave credit usage zero employee
        balancedue
        balance | duedate calculate
        amountpaid amountsettled | compare what meaning""",
        "`balanceDue` = `totalAmount` − `amountPaid` − `amountSettled`: the total less the payments in money, less what was "
        "settled without money (TDS, written off, rounded off).",
        "payments#the-balance",
        like="""how is balanceDue calculated
        what is the difference between amountPaid and amountSettled""",
    ),
    topic(
        """more over excess exceed greater extra overpay overpaid overpayment advance | payment balance | !credit page
        payment | more | balance total invoice
        overpayment advance""",
        "No more than the `balanceDue` can be paid: a larger payment is refused with 422 `amount_exceeds_balance`. There are no advances and "
        "no credit balances: money is recorded for a document that is sent (a bill: open).",
        "errors#amount_exceeds_balance payments#the-balance",
        like="""a client paid more than the invoice
        can I record an overpayment
        can I record an advance""",
    ),
    topic(
        """partial partially_paid part instalment some half | payment invoice bill | can how what happen status several record support | !list see day leave which page find
        installment instalment installments instalments
        several multiple two | payment | invoice bill one | !duplicate same reverse currency
        advance partial | payment""",
        "Yes, record each part as a payment of its own of the invoice: until the balance is 0 the status is `partially_paid`, then `paid`.",
        "recordInvoicePayment payments#the-balance",
        "recordInvoicePayment",
        like="""can an invoice be paid in parts
        how many payments can one invoice have
        how do I record instalments""",
    ),
    topic(
        """future tomorrow kal | payment paidon date | can !record
        paidon | future today after
        payment | future""",
        "No, `paidOn` must not be after today (the organization's day).",
        "recordInvoicePayment errors#validation_failed",
        like="can a payment have a date in the future",
    ),
    topic(
        """past yesterday old earlier previous last backdate backdated back-date | payment paidon | can date record enter allow | !future list see find cheque reverse received
        payment | date day | which what can allow | !reverse reversal invoice_date due find see""",
        "Yes, `paidOn` may be any day up to today, also one before the invoice was sent; a day in the future is refused.",
        "recordInvoicePayment",
        like="""can I record a payment of yesterday
        the money came last week, which date do I enter
        can a payment lie before the invoice date""",
    ),
    topic(
        """writeoff roundoff tds | amountpaid amountsettled
        writeoff tds roundoff | count counted include change | paid total balance""",
        "No, only money counts in `amountPaid`; `tds`, `write_off` and `round_off` count in `amountSettled`. Both lower the `balanceDue`.",
        "payments#the-balance",
        like="""does a write-off change amountPaid
        is TDS part of amountPaid""",
    ),
    topic(
        "writeoff | roundoff | compare versus or when which",
        "Both settle a remainder without money: `write_off` is an amount that you give up, `round_off` a difference from rounding. Both need "
        "a `reference` that says why.",
        "payments#a-remainder-that-nobody-pays",
        like="what is the difference between a write-off and a round-off",
    ),
    topic(
        """draft | payment | record can receive
        payment | draft | !create reverse""",
        "No, a payment is recorded only for a document that is `sent` (a bill: `open`) or `partially_paid`: send the draft "
        "first.",
        "recordInvoicePayment errors#invalid_transition",
        like="can I record a payment on a draft",
    ),
    topic(
        """paid | status patch set mark directly | can why not patch | !list since who customer_sent
        patch | paid
        status=paid
        how | become | paid
        mark set | paid | how can""",
        "No status is set to `paid` by hand: record the payment, and when the balance is 0 the invoice becomes `paid` by itself.",
        "recordInvoicePayment payments#the-balance",
        "recordInvoicePayment",
        like="""can I set the status to paid
        how does an invoice become paid
        the whole invoice is paid, what do I do now
        mark an invoice as paid""",
    ),
    topic(
        """tds | how record what kind enter | bill vendor
        tds | bill vendor""",
        "Tax that was withheld is recorded **as a payment of the kind** `tds`: the balance goes down by its amount, and when "
        "nothing is due the status becomes `paid`. Record the money as another payment.",
        "recordBillPayment payments#tax-that-the-client-withheld",
        "recordBillPayment",
        like="how do I record TDS on a bill",
        is_firm=True,
    ),
    topic(
        "tds | !rate section law percent reverse mistake amountsettled",
        "Tax that was withheld is recorded **as a payment of the kind** `tds`: the balance goes down by its amount, and when "
        "nothing is due the status becomes `paid`. Record the money that came as another payment.",
        "recordInvoicePayment recordBillPayment payments#tax-that-the-client-withheld",
        "recordInvoicePayment",
        like="""the client deducted TDS
        how do I record withheld tax""",
        is_firm=True,
    ),
    topic(
        """kind | payment | which what all
        kinds | payment
        payment | types type kinds""",
        "A payment has one of four kinds: `payment` (money, the default), `tds` (tax that the payer withheld), `write_off` and "
        "`round_off` (a remainder that nobody pays; `reference` says why).",
        "payments#the-balance",
        like="""which kinds of payments are there
        when do I use write_off and when round_off""",
    ),
    topic(
        """method | payment | which allowed values what list upi
        payment | methods""",
        "`method` is free text of up to 50 characters, such as `upi`, `bank`, `cash` or `cheque`; it is optional.",
        "recordInvoicePayment",
        like="which payment methods are allowed",
    ),
    topic(
        """reference reason | required optional must need | payment writeoff roundoff write_off
        reference | length maximum""",
        "`reference` is required for `write_off` and `round_off`, where it says why nobody pays the amount; it is optional for "
        "money and `tds`, up to 200 characters.",
        "recordInvoicePayment payments#a-remainder-that-nobody-pays",
        like="is the reference of a payment required",
    ),
    topic(
        """payment | duplicate twice double again retry same two | !bill_twice reverse mistake wrong galti paid_the send_request network idempotency
        payment | twice | can recorded
        duplicate_payment
        network timeout | payment""",
        "No, not if you send an `Idempotency-Key`: the repeated request takes effect once and gets the same response. Besides, "
        "the same `reference`, kind, amount and day once more is refused with 409 `duplicate_payment`.",
        "payments#nothing-is-recorded-twice retries",
        like="""what if the same payment is recorded twice
        is a double payment noticed""",
    ),
    topic(
        """payment | delete undo reverse remove cancel edit update correct mistake wrong | bill vendor
        reverse refund bounce | bill vendor""",
        "A payment is never changed or deleted: **reverse** it with a reversal and its `reason`. The payment stays in the list and no longer counts, and the balance "
        "and the status follow. Nothing is deleted, and the API moves no money.",
        f"reverseBillPayment {_TAKE_BACK}",
        "reverseBillPayment",
        like="take a payment of a bill back",
        is_firm=True,
    ),
    topic(
        """payment | delete undo reverse remove cancel edit update correct mistake wrong | !overdue duplicate since status why already_reversed
        refund chargeback | !who creditnote credit_note vendorcredit vendor_credit
        bounce
        reverse | payment cheque
        mistake | payment""",
        "A payment is never changed or deleted: **reverse** it with a reversal and its `reason`. The payment stays in the list and no longer counts, and the balance "
        "and the status follow. Nothing is deleted, and the API moves no money: send a refund from your bank.",
        f"reverseInvoicePayment reverseBillPayment {_TAKE_BACK}",
        "reverseInvoicePayment",
        like="""can a payment be changed or deleted
        the cheque bounced
        a payment was entered wrongly
        refund a payment""",
        is_firm=True,
    ),
    topic(
        """reverse reversal | what happen after status | payment | !how
        reversal | after happen effect twice again""",
        "After a reversal the payment no longer counts: `balanceDue` rises, `paidAt` is null, and with nothing paid the invoice is "
        "`sent` again (a bill `open`) and can be made void. A second reversal is 409 `already_reversed`.",
        _TAKE_BACK,
        like="""what happens after a payment is reversed
        can a payment be reversed a second time
        is a reversed payment removed from the list
        status after a reversal""",
    ),
    topic(
        """void cancel cancelled | paid partially_paid payment money | invoice bill can sent | !list which number bill_number reverse record
        void cancel | payment paid
        paid | void cancel""",
        "No, a document with a payment cannot become void: first reverse each payment (`POST …/payments/{paymentId}/reversal`), "
        "then it is `sent` again (a bill `open`) and can be made void.",
        f"{_TAKE_BACK} errors#invalid_transition",
        like="""can I void a paid invoice
        cancel an invoice that has a payment
        can I cancel an invoice if half of it has been paid
        what if part of the money has already come, can it be void""",
    ),
    topic(
        """zero 0 | total invoice | paid send status happen can have
        free | invoice | zero""",
        "An invoice with a total of zero becomes `paid` when it is sent, without a payment.",
        "payments#the-balance",
        like="what happens with an invoice of zero",
    ),
    topic(
        """collect gateway link online razorpay upi | payment | link collect accept customer online process
        payment | gateway link
        qr | payment
        payment | send transfer | upi bank account how | !invoice bill record reminder receipt leave enter create""",
        "No, the API moves no money and makes no payment links: it records payments that came another way.",
        "recordInvoicePayment",
        like="""can customers pay online
        do you collect money
        is there a payment link""",
    ),
    topic(
        """second twice again | reverse reversal | can whether time | !paid bill duplicate
        already_reversed""",
        "No, a second reversal is refused with 409 `already_reversed`: the payment was taken back before and does not count. To count "
        "it again, record a new payment.",
        f"errors#already_reversed {_TAKE_BACK}",
        like="""can a payment be reversed twice
        reverse it a second time""",
    ),
    topic(
        """reverse reversed | payment | list remove removed stay see shown gone disappear | !how
        reverse | payment | day date when | see show which where find
        reversedon reversedat reversalreason""",
        "No, a reversed payment stays in `payments` of the document, with `reversedAt`, `reversedOn` and `reversalReason`; it only no "
        "longer counts.",
        f"{_TAKE_BACK} getInvoice",
        like="""is a reversed payment removed from the invoice
        where do I see the day on which a payment was taken back""",
    ),
    topic(
        "payment | id where find get | paymentid id which",
        "The id of a payment (`pay_…`) is in `payments` of its document: `GET /invoices/{id}`.",
        f"{_TAKE_BACK} getInvoice",
        "getInvoice",
        like="where do I find the id of a payment",
    ),
    topic(
        """reversedon | what which date day can future before limit
        reverse reversal | date day | which what can past before own have does""",
        "Yes, a reversal has a day of its own: `reversedOn` lies between the payment's `paidOn` and today; it is today when you leave it out.",
        f"{_TAKE_BACK} reverseInvoicePayment",
        like="""which day can a reversal have
        does a reversal have its own date""",
    ),
)
