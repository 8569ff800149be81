"""Other words for the names and values of the API, as other products and people use them.

Each line has names that the API uses, a colon, and other words for them. A word can stand in several lines, because a
request accepts only some of the names. If a request accepts several meanings of a word, the first line counts.
"""

from __future__ import annotations

from domain.suggestions.names import OtherNames, read_other_names

FIELDS: OtherNames = read_other_names("""
clientId vendorId: client customer customerId buyer buyerId contact contactId party partyId account accountId
clientId vendorId: supplier supplierId vendor seller sellerId payee clientCode vendorCode customerCode
clientName vendorName: customerName supplierName buyerName sellerName contactName partyName companyName name
employeeId: employee staff staffId user userId person personId worker workerId empId
employeeName: staffName userName personName empName name
invoiceNumber billNumber: number invoiceNo billNo documentNumber docNumber invoiceNum billNum
invoiceDate billDate: date issueDate issuedOn issuedAt documentDate docDate
dueDate: due dueOn dueAt deadline payBy expiryDate
paidOn: date paymentDate paidAt paidDate receivedOn receivedAt
reversedOn: date reversalDate reversedAt
startDate: from fromDate dateFrom start startsOn begin beginDate firstDay date
endDate: to toDate dateTo end endsOn until lastDay
items: lines lineItems products entries rows positions
description: name title product service text details label particulars
quantity: qty units hours
unitPrice: price rate unitCost unitAmount cost amount pricePerUnit
taxRate: tax gst vat gstRate vatRate igst taxPercent taxPercentage gstPercent
hsnSac: hsn sac hsnCode sacCode
currency: currencyCode
notes reason note: memo comment comments remark remarks message description
metadata: meta customFields custom attributes extra externalId
amount: value total sum paid amountPaid paymentAmount price
method: mode paymentMethod paymentMode
reference: ref utr transactionId txnId chequeNumber referenceNumber notes note
kind type: paymentType leaveType category
dayPart: halfDay half session
status: state
""")
"""For each key of a word, the fields that the word can mean."""

PARAMETERS: OtherNames = {
    **FIELDS,
    **read_other_names("""
limit: perPage pageSize size count maxResults top take
cursor after: page pageNumber offset skip startingAfter pageToken nextCursor start
search: q query term text keyword find
sort order: orderBy sortBy ordering sortOrder direction
updatedSince after: since updatedAfter modifiedSince modifiedAfter lastModified updatedAt updatedFrom
updatedSince after: updatedAtFrom modifiedFrom modifiedAtFrom lastModifiedFrom lastUpdatedFrom
dateFrom: from fromDate start startDate dateAfter minDate invoiceDate billDate date created createdAt
dateFrom: createdFrom createdAtFrom issuedFrom issueDateFrom invoiceDateFrom billDateFrom startDateFrom endDateFrom
dateTo: to toDate end endDate until dateBefore maxDate
dateTo: createdTo createdAtTo issuedTo issueDateTo invoiceDateTo billDateTo startDateTo endDateTo
dueFrom: dueAfter dueDate due dueDateFrom
dueTo: dueBefore dueDateTo
overdue: isOverdue pastDue late
refundDue: toRefund owesRefund refundable isRefundDue
include: expand embed with populate fields
metadata[key]: metadata meta
type: types event eventType eventTypes
clientId vendorId: client customer customerId vendor supplier supplierId contactId
employeeId: employee staffId userId user
status: state statuses
asOf: at date
"""),
}
"""For each key of a word, the query parameters that the word can mean."""

SORTS: OtherNames = read_other_names("""
createdAt: created creation newest id
updatedAt: updated modified lastModified
invoiceDate billDate startDate: date
dueDate: due
totalAmount: total amount sum value
invoiceNumber billNumber: number
""")
"""For each key of a word, the sort fields that the word can mean."""

WORDS: OtherNames = read_other_names("""
sent open: issue issued send sending posted finalized finalised opened
void cancelled: cancel canceled delete deleted voided withdrawn annulled
partially_paid: partial partlyPaid partPaid halfPaid
paid: settled closed complete completed
draft pending: new created unsent requested waiting
approved: approve accept accepted granted
denied: deny reject rejected decline declined refuse refused
earned: annual vacation privilege
sick: medical illness ill
first_half: morning am half1 first
second_half: afternoon pm half2 second
full: fullDay whole wholeDay
payment: cash bank upi card cheque transfer neft
tds: withholding withheld
write_off: badDebt
round_off: rounding roundUp
true: yes y 1 on
false: no n 0 off
asc: ascending oldest
desc: descending newest latest
object: resource objects snapshot
items: lines lineItems payments
invoice.drafted: invoice.created invoice.new
invoice.sent: invoice.issued invoice.finalized invoice.opened
invoice.updated: invoice.changed invoice.edited
invoice.payment_recorded: invoice.payment invoice.partially_paid invoice.payment_received
invoice.payment_recorded: payment.created payment.received payment.recorded
invoice.payment_reversed: payment.reversed payment.refunded invoice.refunded
invoice.voided: invoice.void invoice.cancelled invoice.canceled invoice.deleted
bill.drafted: bill.created bill.new bill.received
bill.opened: bill.sent bill.open
bill.updated: bill.changed bill.edited
bill.payment_recorded: bill.payment bill.partially_paid
bill.voided: bill.void bill.cancelled bill.canceled bill.deleted
leave.requested: leave.created leave.new leave.pending
leave.denied: leave.rejected leave.declined
leave.approved: leave.accepted
""")
"""For each key of a word, the values (statuses, kinds, types of events) that the word can mean."""
