"""Hindi and Hinglish words in both scripts, each with the English word that the documentation uses."""

from __future__ import annotations

HINDI = """
chalan- bijak- इनवॉइस इनवाइस इन्वॉयस इनवायस inwaice inovice: invoice
bil- rasid-: bill
chuti- avkash- लीव लीव्स: leave
karmchari- stafwala: employee
grahak- क्लाइंट कस्टमर: client
vikreta- dukandar- वेंडर सप्लायर: vendor
kharid- खरीदारी kharidari: purchase
bhugtan- chuka- bhar- adayagi पेमेंट पैमेंट pais- rupay- rupe rakam: payment
arji- avedan- prarthna प्रार्थनापत्र darkhast: apply
suchi- लिस्ट talika: list
itihas हिस्ट्री: history
kunji- chabi- चाबी: key
sima- limit- लिमिट: limit
रिक्वेस्ट रिक्वेस्ट्स anurodh: requests
कॉल कॉल्स: calls
mahina mahine mahino maheene masik: month
din dino roj rojana pratidin: day
ghanta ghante ghanto: hour
bar: times
kitna kitne kitni kitane: many
bimar- bimari: sick
adha adhe adhi: half
tarikh- tithi-: date
galat galti- galtiyan: mistake
truti- samasya- एरर: error
क्रेडिट क्रेडिट्स: credits
ghatna- ghatnaen इवेंट इवेंट्स: events
ड्राफ्ट masauda: draft
sthiti स्टेटस: status
टोकन: token
नंबर sankhya: number
band: revoke
वेबहुक: webhook
पीडीएफ: pdf
ईमेल इमेल: email
पासवर्ड: password
रिफंड: refund
jiesti जीएसटी: gst
टास्क टास्क्स: tasks
एपीआई: api
एंडपॉइंट एंडप्वाइंट: endpoint
ऑथेंटिकेशन pramanikaran: authentication
khul- khulva- khol- ओपन: open
lambit पेंडिंग: pending
bakaya baki bakaaya: outstanding
bach-: left
अप्रूव अप्रूवल manjur- svikar- svikrit anumodan anumodit: approved
asvikar- asvikrit namanjur- thukra- रिजेक्ट inkar: denied
rad- nirast कैंसल कैंसिल: cancel
hata- mitana mitao mitaye mita डिलीट: delete
vapas- lauta- palat- ulta- रिवर्स: reverse
bana- bnwa- taiyar- jari: create
jod- dal- अपलोड upload: add
darj: add
एंट्री entri pravishti: entry
likh- नोट: record
bhej- सेंड: send
badal- badlav sudhar- sudharna sanshodhan sanshodhit अपडेट thik: change
leni lena lene lu lun le laga- mang- maang-: apply
dekh- dikh- bata- शो: show
padh-: read
chhota chhoti chhote kam ghata-: shorten
jaldi: early
khatam samapt-: exhausted
badha-: increase
vaidhta- avadhi miyad एक्सपायरी एक्सपायर: expiry
antim ड्यू: due
डाटा: data
gatividhi- एक्टिविटी: activity
shunya- jiro: zero
बैलेंस: balance
maf-: waive
नल: null
kaise kese kaisa kaisi kaisey: how
sab sabhi sabka sabke sabki sara sare sari: all
kat- katauti tidies: tds
bounce बाउंस: bounced
metadeta मेटाडेटा: metadata
khoj- dhundh- dhund- talash-: find
nikal-: fetch
jankari vivaran: details
prapt: get
kaun kisne kisko kinhone: who
kaunsa kaunsi kaunse: which
जैपियर जेपियर: zapier
टैली: tally
गूगल: google
रेजरपे: razorpay
गिटहब: github
स्ट्राइप: stripe
जोहो: zoho
व्हाट्सएप व्हाट्सऐप वाट्सएप: whatsapp
एक्सेल: excel
"""
"""Each line lists words, in Latin letters or Devanagari, and then their English translation. A word that ends in `-` is
a stem, which matches with any ending."""

HINDI_STOP_WORDS = """
a ab abhi agar age aisa aise aj andar ap apka apke apki apko apna apne apni aur ba bad bhai bhi bina chahi- chahiye
chahta chahte chahti chaiye chal- de dena dene deni di diya diye do du dun dusra dusre ek ekdum fir ga gae gai gaya
gaye gayi ge gi ha haan hai hain hamara hamare hamari hame hamein hamko hi ho hoga hoge hogi hona hone hota hote hoti
hu hua hue hui hum humko hun in inka inke inki is iska iske iski ja- jab jaise jao jayega ji jo ka kab kaha kahan kal
kar- karke karva- ke ki kis kisi kiska kiske kiski ko koi kon kripya kuch kuchh kya kyon kyu kyun li lie liya liye
main mat matlab me mein mera mere meri mil- mujhe mujhko na nae nahi nai naya naye ne par pas pata pe pehle phir plij
purana purane purani rah- raha rahe rahi sak- sath se sir sirf ta tak tarah tarika tarike tha the thi to tum tumhara
un unka unke unki unko upar us uska uske uski usko usse va vah vaha vahan vala vale vali ve wo woh ya yah yaha yahan
yar ye yeh प्लीज
"""
"""Hindi words that do not show what a question is about."""

CONSONANTS = """
क k ख kh ग g घ gh ङ n च ch छ ch ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n प p फ f ब b
भ bh म m य y र r ल l ळ l व v श sh ष sh स s ह h
"""
"""Each consonant, followed by its Latin letters."""

VOWELS = """
अ a आ a इ i ई i उ u ऊ u ऋ ri ए e ऐ ai ओ o औ au ऑ o ऍ e ा a ि i ी i ु u ू u ृ ri े e ै ai ो o ौ au ॉ o ॅ e ं n ँ n
"""
"""Each vowel, vowel sign and nasal sign, followed by its Latin letters."""
