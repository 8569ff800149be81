"""English words by their meaning: each line lists a meaning and the other words that people use for it.

Endings such as `-s`, `-ed` and `-ing` need no entry. A word that is misspelt is corrected to a word of this file, so the
last part also holds words that have no meaning here, but are near to one that has.
"""

from __future__ import annotations

from pathlib import Path

OBJECTS = """
invoice: invoices inv receivable receivables inovice
bill: bills payable payables purchase purchases
leave: leaves away vacation vacations holiday holidays absence absences pto timeoff
payment: payments paid pay pays paying repaid payed receipt receipts instalment instalments installment installments
payment: money cash collected collection remittance
key: keys apikey apikeys kee kye
event: events log logs changelog
webhook: webhooks callback callbacks push
client: clients customer customers buyer buyers debtor debtors payer
vendor: vendors supplier suppliers seller sellers creditor creditors
party: parties partys
gstin: gstins
employee: employees staff worker workers colleague colleagues teammate
organization: organizations organisation organisations company companies org firm tenant tenants business
item: items line lines lineitem row rows
credit: credits quota quotas allowance
request: requests call calls hit hits
page: pages paging pagination paginate paginated
cursor: cursors nextcursor nexturl
document: documents doc docs
user: users person people member members accountant bookkeeper partner boss
admin: admins administrator administrators
owner: owners
console: dashboard
"""

ACTIONS = """
see: show list listing listings view display see fetch get gets getting retrieve look looking lookup pull pulls browse
see: read reads reading check checking know
find: finding search searching searched query filter filters filtering locate
create: make makes making made add adding added generate raise raising new issue_new register insert
create: created creating creation
enter: entering entered entry
apply: applying applied applies application book booking
send: snd sned sending sends dispatch deliver delivering issue issuing emailing
record: recording records log_payment
approve: approving approves accept accepting grant granting sanction sanctioning approval confirm
deny: rejact denying denies reject rejecting rejects refuse refusing decline declining rejection turn_down
cancel: cancelling canceling cancels withdraw withdrawing cancellation
void: vod viod voiding voids annul annulling invalidate
open: opening opens
shorten: shortening shortened curtail truncate cutting
update: updating updates updated change changing changes changed edit editing edits edited modify modifying modified
update: correct correcting corrected amend amended adjust fix rename move moving moved
extend: extending extended postpone postponing prolong lengthen
delete: deleting deletes deleted deletion remove removing removed erase erased purge
reverse: reversing reversed reverses reversal refund refunds refunded refunding undo undone revert rollback chargeback
bounce: bounced bouncing dishonoured dishonored
settle: settled settling clear_off
archive: archiving archives
activate: activates activated activating reactivate unarchive
revoke: revoked revoking revokes revocation disable disabling block blocked deactivate
rotate: roate rotat rotated rotating rotation rotates renew renewing regenerate
expire: expires expired expiring expiry expiration validity lifetime
retry: rety retries retrying retried resend resending resent re-sent re-send repeat repeating repeated
poll: polling polls polled
test: testing tests try
compare: difference different differ versus vs
wait: waiting waits
lose: lost losing forgot forgotten misplaced
leak: leaked leaking exposed compromised stolen
store: stored stores storing keep keeps keeping kept save saved saving attach attached
export: exporting exported exports
download: downloading downloaded downloads
print: printing printed printable
import: importing imported upload uploaded uploading migrate
calculate: calculated calculation computed compute computation works_out
subscribe: subscription subscriptions subscribed
sync: syncing synchronise synchronize synced
connect: connecting connected connection integrate integrating integration link linking hook
"""

STATES = """
draft: drafts drafted drafting
sent: issued snt sented
void: voided
archived: unused
opened: opened
approved: sanctioned granted accepted
denied: rejected refused declined
cancelled: canceled withdrawn
pending: undecided unapproved awaiting
unpaid: unpayed unpaied outstanding owed owing owe owes unsettled
overdue: overdew late delayed pastdue
partially_paid: partially partly partial partpaid
fully: full whole entire complete completely
final: irrevocable
"""

FACTS = """
limit: limits limited cap caps capped ceiling restriction restrictions
maximum: max most longest largest biggest highest upto
minimum: min least shortest smallest lowest
length: long characters character chars size big large bytes digits lenght
format: formats formatted formatting pattern syntax shape structure
many: much number_of count
often: frequently frequency interval
timezone: timezones tz utc ist zone
time: times timestamp timestamps clock hour hours
date: dates
day: days daily
month: months monthly
week: weeks weekly
year: years yearly annual financial
minute: minutes second seconds
decimal: decimals precision fraction places
string: strings text texts quoted quotes
number: numbers numbering num numbr no_
currency: currencies
scope: scopes permission permissions privilege privileges access
role: roles
header: headers heder
bearer: authorization authentication authenticate authenticated authenticating auth login_key authentification
secret: secrets token tokens
free: gratis without_cost
cost: eaten ate costs costing charge charged charges spend spends spending spent consume consumes eat
price: prices pricing plan plans fee fees
remaining: left remain remains remainder balance_of
exhausted: finished depleted
reset: resets renewal refresh
window: rolling
duplicate: duplicates duplicated twice double
unique: uniqueness
same: identical equal
overlap: overlaps overlapping overlapped
overpayment: overpay overpaid overpaying
simultaneous: simultaneously concurrent concurrently concurrency parallel race races racing collide conflict
version: versions etag etags
history: histories audit trail timeline
past: earlier_state looked
required: mandatory compulsory obligatory must optional needed necessary
default: defaults
meaning: mean means meant
allow: allows allowed allowing permit permitted may_do
support: supports supported supporting supply offer offers offered
sort: sorting sorted ordering
metadata: meta
custom: own external
field: fields attribute attributes property properties column columns
reference: references utr
notes: note remark remarks comment comments
reason: reasons why_given
tax: taxes gst igst vat taxrate
cgst: sgst
tds: withheld withholding deducted deduction deducts
writeoff: write_off waive waived baddebt irrecoverable
roundoff: round_off rounding rounded rounds
discount: discounts rebate
hsn: hsnsac sac
quantity: quantities qty units
description: descriptions
unitprice: unit_price rate rates
total: totals sum amount amounts value
balance: balancedue balances
duedate: due deadline
half: halfday haf
morning: forenoon mornig first_half
afternoon: evening second_half noon
sick: medical ill illness sickness
earned: privilege_leave
weekend: weekends sunday sundays saturday saturdays
html: xml yaml
response: responses answer answers reply replies
json: body bodies payload payloads
url: urls address endpoint endpoints route routes path paths base
error: errors fail fails failed failing failure failures problem problems broken
code: codes snippet snippets sample samples example examples script scripts program
idempotency: idempotent idempotence idempotencykey idempotency_key
ifmatch: optimistic locking lock overwrite overwrites overwriting overwritten lost_update
zapier: zap zaps
make.com: integromat
n8n: n8n
sandbox: staging test_mode playground demo
sdk: sdks library libraries package
pdf: pdfs
csv: csvs
excel: xlsx xls spreadsheet spreadsheets sheet sheets
email: emails mail mails emailed mailed whatsapp sms
cors: browser browsers frontend react
bulk: batch batches mass
attachment: attachments file files
recurring: recurrence repeat_monthly
reminder: reminders dunning
phone: phones telephone phonenumber
lut: undertaking
adopt: adopts adopted adopting
placeofsupply: pos
openapi: swagger specification spec schema
postman: insomnia
graphql: soap grpc
ssl: tls https http
ip: ips allowlist whitelist
password: passwords login
status: statuses state states stage stages
mistake: mistakenly accidentally accident wrong wrongly mistyped incorrect incorrectly typo
server: servers machine machines
"""

GRAMMAR = """
not: n't no never without cannot cant dont doesnt isnt wont nothing none nor
also: too well both additionally
only: just solely
what: wht waht wat whats
which: whch wich
who: whom whose kon
hello: hi hey namaste
how: hw hwo howw
when: wen
where: whre
why: y
can: could may might
that: taht tht
the: teh
with: wth wid
does: dose duz
"""

FIELDS = """
invoicenumber billnumber clientid clientname vendorid vendorname employeeid employeename invoicedate billdate subtotal taxtotal
totalamount amountpaid amountsettled isoverdue sentat paidat voidedat openedat createdat updatedat availableactions paidon
recordedat reversedat reversedon reversalreason startdate enddate daypart startpart endpart decisionnote decidedat hasmore
nextafter nextbefore updatedsince datefrom dateto duefrom dueto asof resourcetype resourceid occurredat requestid docurl
gsttreatment externalid joinedon lefton supplytype documenttype statecode cessrate
requiredscope keyscopes conflictingid lastfour presentedlastfour resetat fullyresetat windowdays windowstart lastusedat expiresat
"""
"""Fields and parameters of the API, in lower case."""

OTHERS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
