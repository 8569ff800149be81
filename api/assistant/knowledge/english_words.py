"""English words by their meaning: each line lists a meaning and the other words that people use for it.

Endings such as `-s`, `-ed` and `-ing` need no entry. A word that is misspelt is corrected to a word of this file, so the
last part also holds words that have no meaning here, but are near to one that has.
"""

from __future__ import annotations

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
employee: employees staff worker workers colleague colleagues teammate
organization: organizations organisation organisations company companies org firm tenant tenants business
item: items line lines lineitem row rows
credit: credits quota quotas allowance
request: requests call calls hit hits
page: pages paging pagination paginate paginated
cursor: cursors nextcursor nexturl
document: documents doc docs
user: users person people member members
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
revoke: revoked revoking revokes revocation disable disabling block blocked deactivate
rotate: rotated rotating rotation rotates renew renewing regenerate
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
opened: opened
approved: sanctioned granted accepted
denied: rejected refused declined
cancelled: canceled withdrawn
pending: undecided unapproved awaiting
unpaid: unpayed unpaied outstanding owed owing owe owes unsettled
overdue: late delayed pastdue
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
cost: costs costing charge charged charges spend spends spending spent consume consumes eat
price: prices pricing plan plans fee fees
remaining: left remain remains remainder balance_of
reset: resets renewal refresh
window: rolling
duplicate: duplicates duplicated twice double
unique: uniqueness
same: identical equal
overlap: overlaps overlapping overlapped
overpayment: overpay overpaid overpaying
simultaneous: simultaneously concurrent concurrently concurrency parallel race races racing collide together conflict
version: versions etag etags
history: histories audit trail timeline
past: earlier_state looked
required: mandatory compulsory obligatory must optional
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
requiredscope keyscopes conflictingid lastfour presentedlastfour resetat fullyresetat windowdays windowstart lastusedat expiresat
"""
"""Fields and parameters of the API, in lower case."""

OTHERS = """
a about above across act actually after all almost along already always am among an and another any anybody anyone anything
api apis are around as ask at away back be because become becomes been before being below best better between beyond bigger
but by came care case come comes coming could day deal did do does doing done down during each easy either else end ends
enough even ever every everybody everyone everything exact exactly far few first for from further give given gives go goes
going gone good got great had happen happened happening happens has have having he hello help her here hi him his hold how
i if in inside instead into is it its itself job just keeps kind last later latest less let like likely little live long
lot lots me mine moment more my near nearly need needed needs new newest next nobody now of off often oh ok okay old older
oldest on once one ones onto or other others otherwise our ours out outside over part per perhaps please point possible
put puts putting quick quickly quite rather ready really right said same say says second seem seems seen set sets setting
shall she should side since single small so some somebody someone something somewhere soon sorry still stop stopped stops
such sure take takes taken taking team than thank thanks their them then there these they thing things think third this
those though three through till times to today together told tomorrow tonight took two under until up upon us use used user
uses using usual usually very via want wanted wants was way we week weeks went were what when where whether while will
wish within won word words work worked working works world would write writes writing written wrote yes yesterday yet you
your yours yourself rupees rupee dollar dollars euro euros yen pound pounds lakh crore weather whether hour plain price
gold stock poem rain moon capital city country film movie song recipe game cricket team law laws legal court
bank cheque cheques check card upi transfer firm sales invoice-number monday tuesday wednesday thursday friday saturday
sunday january february march april may june july august september october november december jan feb mar apr jun jul aug
sep sept oct nov dec sir madam bro bhai dear kindly maternity casual deal order orders crm hr meantime somebody stay plus
mobile phone laptop laptops food hotel flight train car house loan insurance interest account accounts accountant name names
named id ids change price tell start starts started begin begins began finish finished quarter half app apps tool tools
python node php go golang curl javascript java ruby rust swift kotlin typescript bash shell powershell zapier make
earliest earlier early maybe touch touching crash crashed books mode chair chairs desk table tables trading bigger run running runs
develop developing development develops build building built builds fire fired win wins won lose deploy verify signature
sell selling sold buy buying bought pickup ship shipping shipped food market shop store shops week weekend school college
casual maternity paternity national public private local global international indian french german chinese english hindi tamil
marathi gujarati direct directly separate separately together among hands head heads face open closed close closing news
paper papers book reams ream consulting service services product products goods design web site website page hosting rent
turnover mandatory law entitled msme factory garment textile traders trader brothers sons exports export stores enterprises
industries limited pvt ltd private co corporation trial demo simple example clear move question questions answer answers
difficult easy fast slow speed performance memory cache caching timeouts timeout network internet connection offline online
skip skips skipped skipping twice thrice whichever whatever however therefore because although unless whenever
able absolutely accidentally accordingly according action active actual add address afterwards against age agree agreed ahead
aim air allows alone alternative amazing apart appear appears apologize approach appropriate area argue arrive article aside
asked asking assign assigned assume attempt attempts attend available average aware bad based basic basically basis bear beat
behave behind belong belongs benefit bit bits black blue body boss box branch brand break breaks bring bringing brings broad
brought budget burst button buyer cannot careful carry catch cause causes central certain certainly chance channel chat
choice choose chose chosen clean click clicked clients clean colour color combine combined common complain complete concept
concern confused confusing confusion consider consists constant contain contains content continue continues control convert
copy core corner correct correctly couple cover create cron crossing cross cut cycle daily danger dangerous decide
decided decides decision deep degree delayed demand depend depends describe design desired detail details determine device
dig directory disappear discuss display distinguish divide doubt down drop dropped due duration earlier edge effect effects
eight eleven elsewhere empty encounter enforce engine engineer ensure enters entire equal especially etc evaluate event
eventually exist existing exists expect expected expects explain explains explanation express extra eye fact facts fair
familiar famous fault favourite feature features feel fetches few fifth figure fill filled finally find fine finger firstly
fit fits five fix flag flat flow fly folder follow followed following follows force form former forward found four freeze
fresh friend front full function functions future gap gather general generally give giving global goal grab grow guess guide
hack hand handle handled handles handling hang happy hardly hate head heard heavy hidden hide high highest history hit hold
holding holds home hope human hundred idea ideal identify ignore ignored imagine immediately impact implement important
impossible improve include included includes including increase increased independent index indicate individual info
information initial input inside install instance instant instead internal interval introduce invalid involve issue issues
itself join joined jump knew knock knows label language large late later latter lead leads learn leaves left legacy length
lesson letter level levels library lie lies lift light line lines list load local log logic longer loop loss loud low lower
lucky machine mainly maintain manage managed manager manages manual manually mapping mark marked marks mass match matches
matter matters member memo mention merge merged message messages method methods middle migrate mind minor minus mirror miss
misses missing mixed modern monday morning mostly mother move multiple multiply name nature near necessary negative neither
nervous never nice night nine nobody noise none normal normally notice noticed null object objects obvious occur occurs odd
offer office often onto opinion opposite option options order orders organise original otherwise ought outcome output over
overall own owns pair parent particular partner pass passed passes passing past paste pasted patient pause peak pending
perfect perform period permanent personal pick picked piece pieces place placed places plan play pleased pocket point points
poor pop popular position possible possibly post posted power practice prefer prepare present presented press pretty prevent
previous previously primary principle prior private probably proceed process produce production profile program progress
promise proof proper properly prove provide provided provides public purpose push pushed question quick quit quiet quoted
raise ran random range rarely reach reached react reader real realise reality reason receive received receives recent
recently recognise recommend red refer refers reflect regard regular reject relate related relation relative release relevant
rely remember remind remote repeat replace replaced replaces reply replied represent require required requires rest result
results return returned returns review rich rid right ring rise risk risky road role roll room root rough round row rule
rules rush sad safe sake sample scan scanner scenario scene scheme scope screen script seat section secure security seek
select selected selection self sell sense sentence separate sequence series serious seriously serve served service session
set settings setup seven several severe shall shape shared sheet shift short shorter shortly shoulder shown shows shut sign
significant silent similar simply single sit site situation six size skill sleep slightly slot small smart smooth soft
software sold solution solve somebody sometimes sound sounds source space spare special specific specify speed spell split
spot spread stable stack staff stage stand standard star stay step steps stick sticky stock storage store story straight
strange stream street strict strictly string strong structure stuck stuff style subject submit submitted succeed success
successful successfully such suddenly suggest suit suitable summary supply suppose supposed surely surprise suspect switch
symbol system tab table tail talk target task tasks taste teach technical temporary ten tend term terms thing thousand thread
thus tie tiny tip title touch toward track trade traditional transaction transactions transfer treat treated trigger
triggered trouble trust truth turn turned turning turns twelve type types typical unable uncertain understand understood
unexpected unfortunately unit united unknown unlikely upset urgent valid validate validated value variable various vast
verify view visible visit voice vote wait wake walk wall warn warning watch weak wear weird welcome whenever wherever
wide wild willing window wise wish wonder wondering worth worry worse worst wrap wrong zone
google slack razorpay tally telegram gmail outlook airtable notion power query keychain credential credentials inclusive exclusive seal sealed
tamper tampered granularity auditor auditors exporter exporters float floats planned future midnight real fake live true false null empty blank missing absent clear found title label tags tag
"""
