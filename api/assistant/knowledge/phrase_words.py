"""Phrases of several words that mean what one word means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.assistant.knowledge.boundaries import BEGIN, END

_PHRASES = r"""
over[ -]due | overdue
(?:vendors?|suppliers?|वेंडर|सप्लायर)(?:'?s)?[ -]?(?:credit|क्रेडिट)s?(?:[ -]?(?:notes?|memos?|नोट(?:ों|्स)?|मेमो))? | vendorcredit
(?:debit|डेबिट)[ -]?(?:notes?|memos?|नोट(?:ों|्स)?|मेमो) | debitnote
(?:credit|credt|cedit|kredit|क्रेडिट)[ -]?(?:notes?|memos?|नोट(?:ों|्स)?|मेमो) | creditnote
(?:past|beyond|above|over|after) (?:the |their |its )?due[ -]?dates? | overdue
(?:have|has|need|needs|must|should|ought|still) (?:to )?be paid(?! (?:automatically|by itself|twice|in parts)) | unpaid duedate
(?:se|से) (?:pehl[ae]|pahl[ae]|phle|पहले) | before
(?:it|that|this) be (?:raised|increased|higher|made higher) | increase
(?:gst|जीएसटी) (?:no\.?|numbers?|num|nu\w?m?ber|नंबर|नम्बर) | gstin
gst[ -]?in | gstin
(?:place|state|palce) of (?:the )?sup+l[iy]e?s? | placeofsupply
reverse[ -]?charges? | reversecharge
रिवर्स चार्ज | reversecharge
ulta charge | reversecharge
bills? of supply | billofsupply
letters? of undertaking | lut
special economic zones? | sez
(?:to|in|into|upto|up to) (?:the )?(?:nearest |next |full |whole )+(?:rupees?|number|amount|unit) | wholerupees
(?:poore|pure|पूरे) (?:rupay\w*|rupe\w*|रुपय\S+|रुपए) | wholerupees
bring (?:it|them|him|her) back | activate
(?:make|set) (?:it|them|him|her|this|that) active(?: again)? | activate
active again | activate
(?:फिर से|दोबारा|phir se|fir se|dobara|wapas) (?:active|activate|सक्रिय|एक्टिव|chalu|चालू) | activate
how come | why
lock(?:ed|ing|s)? (?:\w+ )?out | revoke key
(?:the )?other way (?:a)?round | otherway
(?:times?|timed|timing)[ -]?out | timeout
(?:what(?:'s| is) the reason|for what reason|kis (?:wajah|karan) se|kis liye|किस (?:वजह|कारण) से|किसलिए) | why
(?:pays?|paid|sends?|sent|gives?|transfers?|transferred|deposits?)(?: (?:me|us|it))? (?:too much|extra|more)(?! (?:than (?:once|one)|time|details|info)) | overpayment
(?:switch|turn|put) (?:it |that |this |them |the webhook |my webhook )?(?:back )?on(?: again)? | activate
देय(?! (?:राशि|रकम|धन)) | duedate
for (?:a|the|my|our|their) (?:new )?(?:logo|design|template)(?! on) | for work
(?:do|does|will|would|can|must) (?:you|the api|it|the service) accept | allow
(?<=\w )you accept | allow
(?:have to|has to|must|should|need to) look like | format
by che(?:c?k|q) | by cheque
is (?:that|this|it) (?:ok|okay|fine|all ?right|allowed|possible|correct) | can
(?:would|will) (?:that|this|it) (?:work|be (?:ok|okay|fine|possible)) | can
(?:ka|ki|ke|का|की|के) (?:tarika|tareeka|tarike|तरीका|तरीक़ा)(?: (?:btao|batao|bataiye|bata do|kya hai|बताओ|बताइए|बताएं|क्या है))? | how
(?:write|make|send|raise|prepare|issue|draft) (?:the |a |an |my |our |their |him a |them a )?bill(?= (?:to|for) (?:them|him|her|the (?:client|customer)|my (?:client|customer))\b) | create invoice
dew dates? | duedate
(?:instead of|rather than|not) your (?:own )?number\w* | own number
(?:(?:did|do|have|has|had) )?(?:i|we) (?:have )?(?:really )?earn(?:ed)?\b(?! leave) | revenue
(?:public|bank|national|gazetted) holidays? | weekend
(?:nobody|no one|noone|never|they will not) (?:will |is going to |wants to |ever )*pays? | writeoff
koi (?:nahi|nahin|nhi) (?:dega|degi|denge) | writeoff
(?:used|use|using|uses) up | exhausted
(?:run|runs|ran|running) out(?: of)? | exhausted out
(?:at|on) the (?:start|beginning|first) of (?:each|every|the|a|next) month | first month
(?:status|response|http) codes? (?:do|will|would|should) | success code
due[ -]?date (?:\w+ )?(?:nikal\w*|nikl\w*|beet\w*|bit|cross\w*|over|gone|khatam|guzar\w*|paar)(?: (?:ga?y\w+|chuk\w+|ho\w*|hai|hain))* | overdue
(?:due date|ड्यू डेट|नियत तारीख़?|अंतिम तारीख़?|आख़?िरी तारीख़?|देय तिथि) (?:निकल|बीत|गुज़?र|पार|ख़?त्म)\S*(?: (?:गई|गयी|गए|चुक\S+|हो|है|हैं))* | overdue
due[ -]?dates? (?:has|have|is|are|already)?\s?(?:passed|gone|over|exceeded) | overdue
(?:1000|1,000|limit|credits?|quota) (?:be |to be |get )?(?:raised|increased) | limit increase
raise(?= (?:the |my |our |its )?(?:\w+ )?(?:limit|credits?|quota)\b) | increase
(?:in|into|to) (?:indian )?rupees | currency
(?:roll|rolls|rolled|carry|carried|carries) (?:over|forward|on) | carry
(?:do (?:i|we) (?:have|need) to|must (?:i|we)) (?:send|give|pass|provide|specify|include|fill in)(?= (?:a |an |the )?\w+\s*(?:\?|$)) | required
(?:max(?:imum)?|highest|largest) (?:number|count) of | limit many
ला[इई]न(?:ें|ों|स)? | item
due[ -]?dates? | duedate
(?:तारीख़?|तिथि) (?:निकल|बीत|गुज़?र)\S*(?: (?:गई|गयी|गए|चुक\S+|हो|है|हैं))* | overdue
(?:tarikh|tareekh|date) (?:nikal|nikl|beet|bit|guzar)\w*(?: (?:ga?y\w+|chuk\w+|ho\w*|hai|hain))* | overdue
(?:give|gimme|bring|pull) (?:me|us|up) (?:all |only |just )?(?:the |a )?list of | list
(?:give|bring|get) (?:me|us)(?! the same| same| (?:a |an |the |some )?(?:\w+ )?(?:code|example|sample|snippet)) | show
(?:node|js|javascript) fetch | node
fetch (?:example|code|api) | code
(?:using|with) fetch | node
custom requests? | customrequest
(?:type|punch|feed|(?<=\bto )key|(?<=\bi )key|(?<=\bwe )key) in(?= (?:a|an|the|my|this|our)\b) | enter
(?:code|program|script|कोड|प्रोग्राम) (?:likh\w*|लिख\S*)(?: (?:do|de|दो|दें))? | code
what (?:do|should|must|can|shall) (?:i|we) (?:send|post|put|pass) | what body
(?:to|i|we) bill(?= (?:a|an|my|our|them|him|her|someone|customers?|clients?)\b| \d+ \w+.{0,40}\b(?:at|for)\b) | create invoice
round(?:ed|ing)? of(?= (?:\d|the\b)) | roundoff
(?:in|at|with) one (?:go|request|call|shot) | together
all at once | together
kam kar\w* | shorten
कम कर\S* | shorten
समय[ -]?सीमा | expiry
samay[ -]?s[ei]+ma | expiry
(?:everything|all|what)(?: that| which)?(?: has)? (?:ever )?happened (?:to|with) | history
पुरान[ाेी] (?:रूप|स्थिति|संस्करण|वर्ज़?न) | past
puran[aei] (?:roop|rup|version|state|sthiti) | past
(?:dikhai|dikhayi|दिखाई|दिखायी|nazar|नज़र|नजर) (?:nahi|nahin|nhi|नहीं|नही) (?:de|दे|aa|आ)\S*(?: (?:rahi|raha|रही|रहा))? | lost
right away | immediately
(?:to|i|we) bill(?= (?:\w+ ){1,4}\d) | create invoice
(?:is|are|am) off(?= (?:in|on|next|this|today|tomorrow|from|during)\b) | leave
(?:सबसे|sabse) (?:ज़्यादा|ज्यादा|jyada|zyada|adhik|अधिक|बड़ी|badi) (?:रकम|rakam|राशि|rashi|amount|paise)(?: वाल\S| wal\w+)? | biggest
find out | know
(?:have|has|need|got) to pay(?! (?:you\b|gst|tax|for (?:the|it|this|a|webhooks?)\b|anything|to use)) | unpaid duedate
(?:must|should) (?:i|we) pay(?! you) | unpaid duedate
(?:rupees?|rs\.?|paise|dollars?) (?:less|short|too little) | writeoff
put(?= (?:\w+ ){1,2}down\b) | apply
(?:का|ka) (?:पता|pata)(?! (?:nahi|nahin|nhi|नहीं|नही|chal|चल|lag|लग|kar|कर|kaise|कैसे)) | address
\*(?=\s|\?|$) | asterisk
(?:free )?trial(?: period| account| version)? | sandbox
(?:over|above|more than|greater than|larger than|bigger than|at least|under|below|less than|smaller than)(?= (?:rs\.?|inr|₹|usd|\$) ?\d| \d{4,}| \d+,\d{3}| \d+ ?(?:k|lakhs?|crores?|lacs?)\b) | greater amount than
(?<=\d) ?(?:rs\.? |rupa\w+ |rupees |रुपये |रुपए |k |lakh |लाख |hazar |हज़ार )?(?:se|से) (?:zya?da|jya?da|ज़्यादा|ज्यादा|upar|uper|ऊपर|bad[aei]|बड़\S*|kam|कम|adhik|अधिक)(?: \w+)? | greater amount than
(?:wapas|vapas|वापस) (?:kaise |कैसे )?(?:nikal\w*|le\b|lena|निकाल\S*|लेना) | reverse
put in(?= .*\b(?:leave|days?|off)\b) | apply
ek se (?:jy?a?da|zy?a?ada|adhik) | several
एक से (?:ज़्यादा|ज्यादा|अधिक) | several
(?:aane|ane) [vw]al[aei] | future
आने वाल[ाेी] | future
kaun[ -]kaun s[iea] | which
kaun[ -]kaun | list
कौन[ -]कौन स[ाीे] | which
कौन[ -]कौन | list
ek (?:hi )?ba+r me(?:in)? | together
एक (?:ही )?बार में | together
due (?:on|by) date | duedate
(?:take|took|taken|taking|get|give|gave)[ -]back | reverse
(?:take|took|get|give)\s+(?:it|one|that|this|them|the payment|a payment) back | reverse
(?:very )?same (?:moment|instant) | simultaneous
rate[ -]limited | limit
which (?:person|user|employee|colleague|manager|one of us) | who
up to(?= (?:which|what|how)) | maximum
bank (?:has |have |had )?(?:deducted|deducts|kept|keeps|took|takes|cut|charged) | bank writeoff
bank (?:charges?|fees?) | bank writeoff
(?:comes?|came|coming|returns?|returned|returning|is|was|be) back (?:to work )?(?:early|earlier|sooner|before) | shorten
cut(?:ting)?[ -]short | shorten
writ(?:e|es|ing|ten)[ -]?off | writeoff
round(?:ed|ing)?[ -]?off | roundoff
(?:call|called)[ -]off | cancel
(?:turn|turned)[ -]down | deny
(?:start|begin) (?:over|again|afresh) | reset
get rid of | delete
throw away | delete
(?:made|make|did) a mistake | mistake
by mistake | mistake
galti se | mistake
time[ -]?off | leave
days? off | leave
past[ -]due | overdue
time[ -]?zones? | timezone
line[ -]items? | item
unit[ -]prices? | unitprice
tax[ -]rates? | taxrate
next page | page next
e-mails? | email
web[ -]hooks? | webhook
who am i | whoami
(?:look|looked) up | find
(?:log|sign)[ -]in(?!to) | login
sign(?:ing)?[ -]?up | signup
test[ -]mode | sandbox
demo (?:account|mode) | sandbox
api[ -]keys? | key
idempotency[ -]?keys? | idempotency
status[ -]codes? | error
error[ -]codes? | error
response code | error
rate[ -]limit(?:s|ed|ing)? | limit
credit notes? | creditnote
debit notes? | debitnote
if[ -]match | ifmatch
last[ -]modified | updated
(?:a|an)[ -]hour | per hour
(?:api|एपीआई)\s+(?:की|ki|कि)(?=\s+(?:कह|kah|कैसे|kaise|चाहि|chahi|mil|मिल|बना|ban|kya|क्या)) | key
to[ -]do | todo
at the same time | simultaneous
same time | simultaneous
at once | simultaneous
ek sa+th | simultaneous
एक साथ | simultaneous
(?:(?:uske|iske|उसके|इसके) )?(?:baad|bad|बाद) (?:me |में )?(?:kya|क्या) (?:hoga|hogi|hota|होगा|होगी|होता) | what happen after
(?:kya|क्या) (?:hoga|hogi|hota|होगा|होगी|होता) | what happen
kaun (?:karega|kare|karta hai|kar sakta hai) | who can
कौन (?:करेगा|करे|करता है|कर सकता है) | who can
(?:jy?a?da|zy?ada|ज़्यादा|ज्यादा|adhik|अधिक) (?:se|से) (?:jy?a?da|zy?ada|ज़्यादा|ज्यादा|adhik|अधिक) | maximum
(?:do|दो) (?:baar|bar|बार) | twice
do log | people simultaneous
दो लोग | people simultaneous
"""


def _compiled(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"{BEGIN}(?:{'|'.join(patterns)}){END}", re.IGNORECASE)


_PAIRS = [
    (pattern.strip(), word.strip())
    for pattern, _, word in (line.rpartition(" | ") for line in _PHRASES.strip().splitlines())
]
"""Each phrase, and the word that is read instead."""
_PART = 12
_PARTS = [
    (_compiled(*(pattern for pattern, _ in part)), [(_compiled(pattern), word) for pattern, word in part])
    for part in (_PAIRS[place : place + _PART] for place in range(0, len(_PAIRS), _PART))
]
"""The phrases in parts of a few, each part after a pattern that finds any of them: most texts have none of most parts."""


def replace_phrases(text: str) -> str:
    """Return the text with one word instead of each phrase that has a meaning of its own."""
    for any_of_part, part in _PARTS:
        if any_of_part.search(text):
            for pattern, word in part:
                text = pattern.sub(word, text)
    return text


def find_phrases(text: str) -> Iterator[str]:
    """Yield the words that are read instead of the phrases in the text."""
    for any_of_part, part in _PARTS:
        if any_of_part.search(text):
            yield from (word for pattern, word in part if pattern.search(text))


GO = re.compile(
    r"\b(?:in|as|with|using|for|same in|and) go\b(?!\s+(?:on|to|back|ahead|live))|\bgo (?:code|sample|snippet|example|me\b)|(?-i:\bGo\b)(?=\s*\?|$)",
    re.IGNORECASE,
)
"""The language Go, and not the verb."""
MAKE = re.compile(r"(?<=\S )Make\b(?! (?:a|an|the|it|me|sure|this|my|one)\b)|\bmake\.com\b")
"""The product Make, which is not the first word of a sentence."""
