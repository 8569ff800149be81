"""Short words: those of both languages, and words as people type them in a hurry, without their vowels."""

from __future__ import annotations

import re

_COMMON = """
list last past show what which when where how why can cannot could does did do want need get got give set
send please thanks with without from that this then there have has had been before after back by per between
leave pending paid payment unpaid bill invoice client customer vendor employee number date due month week year day today
create update delete cancel change make made add remove void draft approve deny record reverse key scope credit request
error response header field page next first second limit maximum minimum total amount tax currency event webhook history
work works working already because about should would will
"""
_VOWELS = re.compile(r"(?<=\w)[aeiou]+")


def without_vowels(word: str) -> str:
    """Return a word without its vowels, except the first letter: `pst` for "past"."""
    return _VOWELS.sub("", word)


_TAKEN = """
is it in at an as am us up or on of if by be do go my me we he pdf url php sql css csv gst tds hsn utr api sdk
"""
_HURRIED = """
tis:this tht:that wich:which wat:what wht:what wen:when whn:when hav:have hve:have hv:have al:all od:of fo:for fro:for nad:and
adn:and si:is ot:to cna:can cnt:cannot abt:about bcoz:because becuz:because meen:mean meens:means amt:amount amnt:amount
pmt:payment pymt:payment cust:customer emp:employee wnt:want dnt:not doesnt:not gt:get fnd:find chk:check
evnt:event evnts:events bils:bills bil:bill invs:invoices tset:test ned:need mak:make giv:give shw:show wil:will nto:not
yr:year hrs:hours mins:minutes hld:hold qty:quantity desc:description bday:birthday hw:how wht:what msg:message dte:date
paied:paid payed:paid payd:paid crete:create pls:please plz:please loggo:logo wer:where whre:where cos:because reson:reason cretid:credit cretids:credits lnog:long
"""
MISSPELT_IN_ENGLISH = {
    "se": "see",
    "pyd": "paid",
    "sho": "show",
    "lis": "list",
    "te": "the",
    "ther": "there",
    "shud": "should",
    "wud": "would",
    **dict(pair.split(":") for pair in _HURRIED.split()),
}
"""Words that are misspelt English, but only in a question without Hindi: `se` is also "from"."""
ABBREVIATED = {
    short: word
    for word in reversed(_COMMON.split())
    if len(short := without_vowels(word)) > 1 and short != word and short not in _TAKEN.split()
}
"""By a word without vowels: the common word that is meant, the first one of several."""
_ENGLISH_LIKE_HINDI = """
a an as at be but by can do does for from had has he her him his i if in is it may me my no not of on or she so
than the them then they this to too use was we who you api app data draft due free item key leave limit list many
max node none note only open page paid part pay pdf per python same send sent set side sync tax time type url void
what when which why with your bulk mail email each bank call code curl
"""
ENGLISH_LIKE_HINDI = frozenset(_ENGLISH_LIKE_HINDI.split())
"""English words that also sound like a Hindi word. In a question without Hindi particles they are English."""
_ENGLISH_PARTICLES = """
a an i are be was of does how what which when can my for on and with it this that from have has where why
"""
ENGLISH_PARTICLES = frozenset(_ENGLISH_PARTICLES.split())
"""Words that only English sentences have."""
_OF_BOTH_LANGUAGES = """
do is me to in use mane par the he so ho us tab ki bad din bar man
"""
OF_BOTH_LANGUAGES = frozenset(_OF_BOTH_LANGUAGES.split())
"""Words of both languages. In a question with Hindi particles they are Hindi."""
