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
bhugtan- chukan- bhar- adayagi पेमेंट पैमेंट pais- rupay- rupe rakam: payment
arji- avedan- prarthna प्रार्थनापत्र darkhast: apply
suchi- लिस्ट talika: list
itihas हिस्ट्री: history
kunji- chabi- चाबी: key
sima- limit- लिमिट: limit
रिक्वेस्ट रिक्वेस्ट्स anurodh: requests
कॉल कॉल्स: calls
mahina mahine mahino maheene masik: month
roj rojana pratidin: day
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
khul- ओपन: open
khol- khulva-: opening
lambit पेंडिंग: pending
bakaya baki bakaaya: outstanding
bach-: remaining
अप्रूव अप्रूवल manjur- svikar- svikrit anumodan anumodit: approve
asvikar- asvikrit namanjur- thukra- रिजेक्ट inkar: deny
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
dekh- dikh- bata- show: show
sau सौ: hundred
कर्ल: curl
जावास्क्रिप्ट: javascript
padh-: read
chhota chhoti chhote ghata-: shorten
kam kaam: work
rok-: prevent
lagta lagti lagte lagega lagegi lagenge: cost
byaj biaj: interest
पेडिंग: pending
bade badi: biggest
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
kaise kese kaisa kaisi kaisey kese kse: how
sabhi sabka sabke sabki sara sare sari: all
kab: when
kyon kyu kyun: why
chadha- chadhv-: record
atak- atk- ruk- intejar intezar pratiksha: waiting
kahan kaha kahaan kidhar: where
kya: whether
nahi nahin nahiin mat bina: not
aur or evam: and
bhi: also
sirf keval bas: only
ka ki ke: of
ko: to
se: from
tak: until
liye lie: for
me mein andar: in
par pe: on
sakt- sakta sakte sakti skte skta: can
har: every
pehli pehla pahla pahli: first
der: long
rakh-: keep
pata malum maloom: know
चेक: cheque
टैक्स: tax
पेज पेजों: page
फ़ील्ड फील्ड: field
टाइमज़ोन टाइमजोन ज़ोन: timezone
पेड: paid
सेंट: sent
फ़ॉर्मेट: format
स्ट्रिंग: string
नोट्स tippani tippni tipni: notes
आईडी: id
डेट: date
अमाउंट: amount
बैंक: bank
यूपीआई: upi
ऑर्डर: order
कंपनी कंपनियाँ कंपनियों: company
यूज़र: user
एडमिन: admin
ओनर मालिक malik: owner
ब्राउज़र: browser
कोड: code
पायथन पाइथन: python
नोड: node
पीएचपी: php
लॉग: logs
सर्च: search
फ़िल्टर: filter
फाइल फ़ाइल: file
प्रिंट: print
रिवोक: revoke
लीक: leaked
स्कोप: scope
परमिशन anumati अनुमति: permission
हेडर: header
यूरो: euros
येन: yen
पर्सेंट: percent
टोटल kul योग: total
पार्शियल: partially
एडवांस: advance
रिमाइंडर: reminder
हाफ: half
सिक: sick
टाइप prakar प्रकार: type
मैक्सिमम: maximum
मिनिमम nyuntam: minimum
ऑटोमैटिक: automatic
सीरीज़: series
यूनिक: unique
डुप्लीकेट: duplicate
वॉइड: void
ओवरड्यू: overdue
अनपेड: unpaid
अप्रूव्ड: approved
रिजेक्टेड: denied
कैंसल्ड: cancelled
मैसेज sandesh: message
बॉडी: body
यूआरएल: url
लिंक: link
akshar अक्षर: characters
khud खुद swayam: own
chhod- छोड़-: writeoff
jaruri zaruri zaroori ज़रूरी anivarya: required
bad baad बाद: after
wahi vahi वही: same
ek: one
do: two
sath: together
dobara dubara fir phir phirse: again
pahle: before
chahi- chahiye chahta chahte chahti: want
de- den dena dene deni: give
kho- gum: lost
lik-: leaked
turant: immediately
purani purana purane: old
alag antar fark farak: difference
ravivar itvar: sunday
shanivar: saturday
subah savere सुबह: morning
dopahar दोपहर: afternoon
dollar डॉलर: dollar
aj आज: today
kal कल: kal
parson: parson
hafta hafte saptah: week
sal saal varsh साल: year
pichle pichhle pichla pichhla gat: last
agle agla agli: next
mousam mausam मौसम: weather
kanoon kanun: law
das: ten
hazar hazaar: thousand
lakh लाख: lakh
krmank: number
gin- ganana: counted
yad: kept
adhiktam: maximum
jyada zyada jyda adhik ज़्यादा: more
pura puri pure poora: full
sahi: right
matlab arth: meaning
jurmana: penalty
farmet फॉर्मेट praroop: format
lamba lambi lambai: length
upyog istemal: use
muft free फ्री: free
samay vakt waqt टाइम: time
kendriya: central
din dino: day
chhoot chhut discount डिस्काउंट: discount
mudra karansi करेंसी: currency
sarvar सर्वर: server
mail मेल: email
sandbox सैंडबॉक्स: sandbox
test टेस्ट: test
rotet रोटेट: rotate
badal-: change
kat- katauti tidies: tds
bounce बाउंस: bounced
metadeta मेटाडेटा: metadata
khoj- dhundh- dhund- talash-: find
nikal-: fetch
jankari vivaran: details
prapt: get
kaun kisne kisko kinhone: who
kaunsa kaunsi kaunse konsa konse konsi kis kin kinka kinki kinke kinhe: which
जैपियर जेपियर: zapier
टैली: tally
गूगल: google
रेजरपे: razorpay
गिटहब: github
स्ट्राइप: stripe
जोहो: zoho
व्हाट्सएप व्हाट्सऐप वाट्सएप: whatsapp
एक्सेल: excel
kharidar- kharidaar- पार्टी party: client
saman saaman samaan maal आइटम-: item
dam daam kimat keemat mulya प्राइस: unitprice
arjit- अर्न्ड: earned
rashi dhanrashi वैल्यू: amount
udhar udhaar udhari: unpaid
kist kisht kiston kishto: instalment
jama- vasul- vasool-: payment
sanstha- sansthan sangathan vyapar- karobar ऑर्गनाइजेशन ऑर्गेनाइजेशन: organization
janch- jaanch- parakh-: check
surakshit surakshit-: safe
bhul- bhool-: forgot
chori chura-: stolen
udaharan udahran misal: example
shuru suru arambh aarambh: start
nishulk: free
swachalit apneap swata: automatic
parivartan parivartit: change
deri vilamb vilambit: late
prabandhak manejar मैनेजर: manager
ginti gintee: count
kram kramme chhant- chant-: sort
nam naam naamo: name
pate: address
matra: quantity
pratishat: percent
halat haal: status
saval sawal prashn: question
javab jawab uttar: response
suchna suchit soochna: notify
nivedan: apply
avashyak aavashyak aavshyak: required
niyam: rule
kharch-: cost
sabut saboot praman: proof
chhedchhad chedchad: tamper
asafal vifal: error
safal: success
ijajat ijazat: permission
bhasha: language
mil-: received
bande vyakti logon vyaktiyon: people
batva-: show
सीक्रेट: secret
पोल पोलिंग: poll
वर्शन वर्ज़न वर्जन: version
अकाउंट: account
लॉगिन लॉगइन: login
साइनअप: signup
कनेक्ट: connect
शीट: sheet
स्लैक: slack
रेट: rate
एक्सपोर्ट: export
डाउनलोड: download
फाइनल: final
डेवलपर: developer
ऐप एप: app
वीकेंड: weekend
मैनेज: manage
शेयर: share
यूज: use
मंथ: month
सैंपल: sample
लाइब्रेरी: library
sampurn sampoorn: complete
tarikhvar: date
kramank: number
ruk-: waiting
adha-adha: partially
pravesh: login
"""
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
