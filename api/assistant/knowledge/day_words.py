"""The words for days, months and periods, in English, Hindi and Hinglish."""

from __future__ import annotations

_MONTHS = """
january jan janvari जनवरी
february feb farvari फरवरी फ़रवरी
march mar मार्च
april apr aprail अप्रैल
may mai मई
june jun जून
july jul julai जुलाई
august aug agast अगस्त
september sept sep sitambar सितंबर सितम्बर
october oct aktubar अक्टूबर
november nov navambar नवंबर नवम्बर
december dec disambar दिसंबर दिसम्बर
"""
MONTHS = {word: number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for word in line.split()}
"""By the name of a month, in lower case: its number from 1 to 12."""

_WEEKDAYS = """
monday somvar सोमवार
tuesday mangalvar मंगलवार
wednesday budhvar बुधवार
thursday guruvar गुरुवार
friday shukravar शुक्रवार
saturday shanivar शनिवार
sunday ravivar रविवार
"""
WEEKDAYS = {word: number for number, line in enumerate(_WEEKDAYS.strip().splitlines()) for word in line.split()}
"""By the name of a day of the week, in lower case: its number, where Monday is 0."""

THIS = frozenset(["this", "current", "is", "iss", "isi", "ye", "yeh", "इस", "इसी"])
PAST = frozenset(
    ["last", "past", "previous", "pichhle", "pichle", "pichhla", "pichla", "पिछले", "पिछला", "पिछली", "gat"]
)
NEXT = frozenset(["next", "coming", "following", "agle", "agla", "agli", "aglee", "अगले", "अगला", "अगली", "aane"])
_NUMBERS = "one ek एक|two do दो|three teen तीन|four char चार|five paanch panch पाँच पांच|six chhe छह|seven saat सात|eight aath आठ|nine nau नौ|ten das दस"
NUMBERS = {word: number for number, words in enumerate(_NUMBERS.split("|"), 1) for word in words.split()}
"""By a word for a number of days: the number."""
TODAY = frozenset(["today", "aaj", "aj", "आज"])
TOMORROW = frozenset(["tomorrow", "tmrw", "tomorow", "kal", "कल"])
YESTERDAY = frozenset(["yesterday", "बीते कल", "beete kal"])
