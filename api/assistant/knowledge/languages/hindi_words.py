"""Hindi and Hinglish words in both scripts, each with the English word that the documentation uses."""

from __future__ import annotations

from pathlib import Path

HINDI = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
"""Each line lists words, in Latin letters or Devanagari, and then their English translation. A word that ends in `-` is
a stem, which matches with any ending."""

HINDI_STOP_WORDS = """
a ab abhi agar age aisa aise ap apka apke apki apko apna apne apni ba bhai chal- chuke chuki chuka aye ae ayi si sa kie kiye huin usi usme isme ata ati ate diya diye du
dusra dusre ekdum ga gae gai gaya gaye gayi ge gi ha haan hai hain hamara hamare hamari hame hamein hamko hi ho hoga
hoge hogi hona hone hota hote hoti hu hua hue hui hum humko hun inka inke inki is iska iske iski ja- jab jaise jao
jayega ji jo kar- karke karva- kisi kiska kiske kiski koi kripya kuch kuchh li liya
mera mere meri mujhe mujhko na nai naya naye pas pehle plij
rah- raha rahe rahi sak- sir ta tarah tarika tarike tha the thi to tum tumhara
un unka unke unki unko upar us uska uske uski usko usse va vah vaha vahan vala vale vali ve wo woh ya yah yaha yahan
sabse yar ye yeh प्लीज h sab
"""
"""Hindi words that do not show what a question is about."""

PARTICLES = """
kaha kahaan usne isne inhone unhone diye diya liya lia ne jin jis agr karte rehta rehte hamesha wapas kitno bolo samjhao btao
hai hain he h ka ki ke ko kya kyu kyun kyon kaise kese kaisey kese kitna kitne kitni karna karne karni kare karen karein
karo kijiye krna kre kru karu karun krein krdo krni chahiye chahie mujhe mera mere meri nahi nhi nahin ho hota hoti hote
gaya gayi gaye raha rahi rahe tha thi hua hui hue wala wale wali sakte sakta sakti skte  skta mein aur bhi se ne par
wo woh ye yeh jo usme isme usko isko uska iska uski iski kab kaun kon kahan kidhar konsa kaunsa konsi kaunsi konse kaunse
kis kise kisko kisne dikhao dikha dikhana dikhaiye dekhna dekhe dekhu batao bataye bhej bhejo bhejna banana banao banaye
bnana bnao bna hatao hatana daalna dalna daal lagana lagega lagta milega milegi milta aata ata abhi jaise agar toh ek tak
liye sirf bina baad pehle kal aaj khule khuli chhutti chutti chhuti chuti khatam hoga hogi honge kru jaldi
"""
"""Words that show that a question in Latin letters is in Hindi."""

CONSONANTS = """
क k ख kh ग g घ gh ङ n च ch छ ch ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n प p फ f ब b
भ bh म m य y र r ल l ळ l व v श sh ष sh स s ह h
"""
"""Each consonant, followed by its Latin letters."""

VOWELS = """
अ a आ a इ i ई i उ u ऊ u ऋ ri ए e ऐ ai ओ o औ au ऑ o ऍ e ा a ि i ी i ु u ू u ृ ri े e ै ai ो o ौ au ॉ o ॅ e ं n ँ n
"""
"""Each vowel, vowel sign and nasal sign, followed by its Latin letters."""
