"""Words that show that a question is not about this service: other subjects, and features that it does not have."""

from __future__ import annotations

import re
from typing import NamedTuple

_OURS = """
429 api approve balance bearer bill client credit cursor draft employee error event header idempotency invoice key
leave limit metadata overdue page payment poll request retry scope sdk smartdhandha status tds unpaid vendor void
webhook
"""
_OURS_IN_PROSE = """
admin attachment balancedue browser bulk cgst cheque console cors csv currency date decimal discount duedate email field file gstin pan party archived archive adopt igst placeofsupply reversecharge billofsupply lut cess roundoff wholerupees phone gsttreatment activate logo
format hsn ifmatch item json n8n number openapi owner pdf postman recurring revoke rotate roundoff sandbox search
signup quantity description notes reference deny reverse reversal shorten overlap half sick earned tax timezone type user writeoff zapier login secret auditor role usage idempotent response midnight history version weekend url uri
"""
_OURS_IN_CODE = """
authorization currency decimal deny float me remaining signature string tax timezone total usage
"""
ANCHORS = frozenset(f"{_OURS} {_OURS_IN_PROSE}".split())
"""Words that are about the service. A question without one of them, but with a foreign word, is about something else."""
CODE_ANCHORS = frozenset(f"{_OURS} {_OURS_IN_CODE}".split())
"""Words with which a question about code is about the API."""
_WEAK = "error header status browser file format user type version login number description search url"
WEAK_ANCHORS = frozenset(_WEAK.split())
"""Words that are about the service only in a question without a foreign word."""
_FOREIGN = """
capital car chinese city college country court cricket film flight food french game german gold hotel
house insurance interest joke lease furniture laptop laptops law legal loan monsoon moon movie msme poem product rain
recipe rent school sell song stock train turnover weather world
"""
FOREIGN = frozenset(_FOREIGN.split())
LIMITS = frozenset(["limit", "maximum", "many", "often", "rate", "price", "cost", "request", "credit", "free"])
OURS = re.compile(r"\b(?:our|ours|your|yours|smartdhandha|you)\b|smartdhandha")

_SUBJECTS: tuple[tuple[str, str], ...] = (
    ("tax law: it takes the `taxRate` that you send", r"""
        gst\s*(?:rate|slab|percent|return|number apply|council|ki dar)|(?:rate|slab|dar|percent\w*)\s+(?:of|ki|ka)?\s*gst
        |\bgst\s+(?:\w+\s+){0,3}(?:lagta|lagega|lagti|applies|applicable|apply|exempt|kitna|kitni)|जीएसटी.{0,30}(?:दर|कितन|लगता|लगेगा|रेट|रिटर्न|भर)
        |(?:how much|what|which|kitna|kitne|kitni)\s+(?:\w+\s+){0,2}(?:gst|tax)\b(?!.{0,30}(?:field|rate on|invoice|line|item|total))
        |\bgstr?-?\s?[0-9]\w?\b|\bgstr\b|gst\s+(?:number|no\.?|registration)\s+(?:kaise|kahan|mil\w*|apply|lena|banwa\w*)|how.{0,20}(?:get|apply).{0,15}\bgst\b|जीएसटी\s+(?:नंबर|रजिस्ट्रेशन|पंजीकरण)|gst (?:portal|filing|registration|refund|late fee)|file\w* (?:my |the |a )?(?:gst|return|itr|tds)
        |gst\s*(?:रिटर्न|दर|रेट|नंबर|पंजीकरण)|(?:regist\w*|enrol\w*|sign up)\b.{0,30}\b(?:for|under|in|with) (?:gst|vat)\b|composition scheme.{0,40}(?:turnover|limit|eligib\w+|join|opt)|turnover.{0,40}composition|(?:which|list of|what) (?:\w+ )?(?:services|goods|supplies)\b.{0,40}reverse charge|reverse charge.{0,40}(?:applicab\w+|list of|notified|section)|input tax credit|\bitc\b|income tax|\bitr\b|tax return|आयकर|आय कर|इनकम टैक्स|a+y ?kar|\btds\b.{0,12}\b(?:rate|dar|section|limit|percent)\b|section\s+\d{2,3}\w?\b
        |(?:rate|percent\w*|section|dar)\s+(?:of|for|ki)?\s*tds|tds\s+(?:kitna|kitne)|tds.{0,30}(?:threshold|due date|kitna kat|lagta)|advance tax|(?:corporate|property|wealth|capital gains?) tax|hsn\s+code\s+(?:of|for|ka|kya)|hsn.{0,12}\b(?:kya hai|for (?!an item|a line))
        |\be-?\s?invoic\w+\s*(?:\w+\s+){0,3}(?:mandatory|turnover|limit|applicab\w+|threshold|zaroori|required|compulsory)|turnover.{0,40}e-?invoic|ई-?इनवॉइस
        |einvoic\w+.{0,30}(?:mandatory|limit)|(?:penalty|fine|interest|punish\w*)\b.{0,50}\b(?:tds|gst|tax|pf|esi|itr)\b|tax (?:slab|law|audit|saving)|professional tax|customs duty|stamp duty|80c\b"""),
    ("law", r"""
        \bby law\b|\blegal(?:ly)?\b|\blaws?\b|labou?r (?:law|code|act)|\bact\b.{0,20}(?:19|20)\d\d|msme.{0,60}(?:interest|payment|days|act)|interest.{0,60}msme|statutory|kanoon|kanun|कानून
        |minimum wage|gratuity|provident fund|\bpf\b|private limited|\bllp\b|\besi\b|\bepf\b|\besic?\b|maternity benefit|shops? and establishment|notice period|bonus act|factories act
        |register (?:a|my) company|penalty for late|how many .{0,30}(?:entitled|hakdar)|factory act"""),
    ("the weather", r"weather|\brain(?:s|ing|y)?\b|temperature|forecast|mausam|मौसम|barish|बारिश|monsoon"),
    ("the world", r"""
        \bpoem\b|\bkavita\b|कविता|\bjoke\b|chutkula|चुटकुल|\bstory\b|\bsong\b|gaana|\bmovie|\bfilm\b|cricket|\bipl\b|football|world cup|match (?:kab|score)
        |capital of|president|prime minister|pradhan mantri|प्रधानमंत्री|राजधानी|population|who (?:won|is the|was)|translate|anuvad|अनुवाद|recipe|horoscope|rashifal
        |gold (?:price|rate)|price of (?:gold|silver|petrol)|sone ka bhav|सोने का|petrol|diesel|share (?:price|market)|sensex|nifty|bitcoin|crypto|stock (?:market|price|to buy)|mutual fund
        |exchange rate|dollar (?:rate|ka (?:rate|bhav))|usd to inr|loan|emi\b|insurance|restaurant|hotel|flight|train (?:ticket|time)|near me|near \w+\?|doctor|medicine|diet|weight
        |accountant (?:near|in)|recommend a|\bgame\b|who are you|your name|meaning of life|capital city|valentine|birthday|love letter|essay|resume|cover letter|competitors?\b|alternatives? to|\b(?:suggest|recommend)\b|\b(?:zapier|make|n8n|tally|zoho)\b.{0,12}\b(?:better|worse|cheaper|vs|versus)\b.{0,12}\b(?:zapier|make|n8n|tally|zoho)\b|write (?:me |us )?(?:a|an|the|my) (?:\w+ ){0,3}(?:letter|e-?mail|speech|policy|contract|blog|post|ad)\b"""),
    ("programming in general", r"""
        \bregex\b|regular expression|\bdocker\b|kubernetes|\bk8s\b|\bgit\b|\bgithub actions|\bcss\b|\bhtml\b.{0,20}(?:center|div|form)|center a div|reverse a (?:string|list)|palindrome|fibonacci|leetcode
        |sort an? (?:array|list) in|\bsql\b.{0,25}(?:join|query|select)|\bjoin\b.{0,20}\btables?\b|list comprehension|\bpandas\b|numpy|vlookup|excel formula|merge (?:of )?cells|cells? (?:colou?r|format)|pivot table|linux command|\bnginx\b|apache
        |async.?await|promise vs|useeffect|react hook|machine learning|neural network|merge sort|binary search|install (?:python|node|php|go)\b|\bvirtualenv\b|read a csv|parse (?:a )?csv|flexbox|typescript generic"""),
)  # fmt: skip
_MISSING: tuple[tuple[str, str], ...] = (
    ("attendance or time tracking", r"attendance|haazri|hazri|hajri|हाज़िरी|हाजिरी|उपस्थिति|clock(?:s|ing|ed)? (?:in|out)\b(?! test)|punch (?:in|out)|timesheet|time ?tracking|biometric|shift roster|overtime"),
    ("payroll", r"payroll|salary|salaries|tankhwah|tankha|vetan|वेतन|सैलरी|तनख्वाह|payslip|pay slip|wages|reimburse"),
    ("inventory", r"inventory|\bstock\b|godown|warehouse|maal kitna|स्टॉक|गोदाम|barcode|\bsku\b|batch number|reorder level|stock level"),
    ("e-way bills", r"e-?\s?way ?bill|\beway\b|ई-?वे|transport(?:er)? (?:id|details)|lorry|vehicle number"),
    ("e-invoices with an IRN", r"\birn\b|\birp\b|e-?invoice|einvoice|signed qr"),
    ("quotations, estimates and orders", r"quotation|\bquotes?\b(?! marks)|estimate|pro-?forma|purchase orders?|sales orders?|delivery (?:note|challan)|कोटेशन|kotation"),
    ("expense claims", r"expense (?:claim|report)|expenses?\b|petty cash|travel claim|kharche? (?:ki|ka|ke) (?:claim|report|hisab)|mileage"),
    ("tracking of parcels", r"\bparcels?\b|courier|shipments?\b|track\w* (?:\w+ ){0,2}deliver"),
    ("bookkeeping: no ledgers and no bank accounts", r"debit and credit|credit and debit|double[ -]entry|bank reconcil\w+|bank feeds?|(?:connect|link|add)\w* (?:\w+ ){0,2}bank (?:account|statement)|reconcile|ledger entr\w+|\bledgers?\b|balance sheet|trial balance|profit (?:and|&) loss|\bp&l\b|chart of accounts|journal entr\w+|bank statement|khata bahi|depreciation|fixed asset"),
    ("leads and deals", r"\bleads?\b|sales pipeline|opportunit(?:y|ies)|marketing campaign|newsletter"),
    ("tickets, tasks and projects", r"support tickets?|\bticket\b|\bprojects?\b(?! (?:number|id|code|name|key))|\btask list|to-?do|kanban|sprint"),
    ("recruiting or appraisals", r"recruit\w*|hiring|job applicant|appraisal|performance review|onboarding|resign\w*|offer letter"),
    ("calendar of public holidays", r"(?:how many|which|what|list of|kitn\w+|kaun\w*)\W.{0,20}(?:public|bank|national|gazetted) holidays?|sarkari chh?utti|सरकारी छुट्ट"),
    ("GST returns", r"gst (?:return|रिटर्न)|gstr"),
    ("loyalty points, coupons or gift cards", r"loyalty|coupon|gift card|voucher code|promo code|cashback"),
)  # fmt: skip


class OtherTopic(NamedTuple):
    """A subject that the API does not deal with."""

    name: str
    pattern: re.Pattern[str]
    is_certain: bool
    """Whether each question that the pattern fits is about this subject, even one with a word such as invoice."""


_UNCERTAIN = frozenset(("the world", "programming in general"))
OWN_SUBJECTS = frozenset(["invoice", "bill", "leave", "key", "api", "request", "payment", "webhook"])
"""Words with which a question is not about an uncertain subject."""


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(line.strip() for line in pattern.splitlines()), re.IGNORECASE)


SUBJECTS = tuple(OtherTopic(name, _compiled(pattern), name not in _UNCERTAIN) for name, pattern in _SUBJECTS)
MISSING = tuple((name, _compiled(pattern)) for name, pattern in _MISSING)
"""What the service does not have, with the words for it."""
