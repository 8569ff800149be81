"""Topics about parties and employees: what they are for, and what happens to them."""

from __future__ import annotations

from api.assistant.topics.topic import topic

PARTY_TOPICS = (
    topic(
        """party | what meaning compare why use for | !invoice bill error role active activate status after follow can
        party | clientid client compare""",
        "A party is a client or a vendor that is kept here, with its GSTIN and address: documents name it by its id (`party_…`) as `clientId` "
        "or `vendorId`. Nobody needs one, because both also take any id of your own.",
        "parties createParty",
        like="""what are parties good for
        difference between a clientId and a party""",
    ),
    topic(
        "employee | what meaning object | !active activate status after follow can id employeeid format field leave create update list see who invoice left address email name",
        "An employee is somebody who can ask for leave: `/employees` keeps `name`, `email`, `externalId`, `joinedOn` and `leftOn`. A leave names one "
        "by its id, or takes any id of your own.",
        "parties#employees createEmployee",
        like="what is an employee in this API",
    ),
    topic(
        """gstin pan | invoice field client vendor | !update change delete ip endpoint webhook base api our own my company organization check valid sez composition
        address | client vendor party | where field what is | !update change ip delete""",
        "The GSTIN, the PAN and the address of a client or vendor are fields of a party: `POST /parties`, and a PATCH changes "
        "them. A GSTIN is checked, and gives the state and the PAN.",
        "createParty updateParty parties",
        "createParty",
        like="where do I put the GSTIN or the address of a client",
    ),
    topic(
        """delete archive | party client vendor employee | !invoice bill leave payment key list see metadata data law
        delete | party client vendor employee | can whether | !invoice bill leave payment key data law""",
        'No, a party or an employee is not deleted but archived: PATCH `{"status": "archived"}`. It stays in the list, no new document or '
        "leave can name it, and `active` brings it back. Documents that name it already stay as they are.",
        "parties#change-it-or-archive-it",
        "updateParty",
        like="""can I delete a client
        remove a vendor that we no longer use
        how do I delete an employee""",
    ),
    topic(
        """archived archive | meaning what happen mean still | !delete list
        archived archive | invoice bill leave document | can whether new still name""",
        "An `archived` party or employee is no longer used: it stays in the list and keeps its id and its documents, but no new document or leave "
        "can name it until its `status` is `active` again.",
        "parties#change-it-or-archive-it",
        like="""what does archived mean
        what happens when I archive a client
        can I invoice an archived client""",
    ),
    topic(
        """adopt
        client vendor party employee | already existing earlier old | id invoice documents | create make turn link merge""",
        "`?adopt=` makes a party of an id that documents name already (an employee of one that leaves name): "
        "`POST /parties?adopt=acme-traders`. The documents stay as they are, the id becomes the `externalId`, and lists find the documents of "
        "both ids with either of them.",
        "parties#adopt-an-id-that-documents-have",
        like="""what does adopt do
        my invoices have client ids already, how do I make parties of them
        link old invoices to a new party""",
    ),
    topic(
        """client | vendor | both same one party two | can roles be whether party role
        role roles | party | what which value both""",
        'Yes, a party can be both: `roles` is `["client"]`, `["vendor"]` or `["client", "vendor"]`.',
        "parties#add-a-client createParty",
        like="""can a party be a client and a vendor
        which roles can a party have""",
    ),
    topic(
        """gsttreatment
        overseas foreign abroad outside | client party customer vendor | gsttreatment treatment india gstin
        unregistered consumer composition sez | party client vendor gsttreatment which value
        without | gstin | which treatment one""",
        "`gstTreatment` is `registered` (the default with a GSTIN), `composition`, `sez` or `deemed_export` for a party with a GSTIN; "
        "`unregistered` (the default without one), `consumer` or `overseas` for one without. A party abroad is `overseas`, with the "
        "`stateCode` `96`.",
        "parties#add-a-client createParty",
        like="""which values has gstTreatment
        what do I send for a customer without a GSTIN
        what do I send for a client in another country""",
    ),
    topic(
        """gstin pan | check valid verify validate wrong digit checked portal live | !our own my us
        gstin | format length many character digit""",
        "A GSTIN has 15 characters, and is checked by its form, its state, its PAN and its check digit; it gives `stateCode` and `pan`. "
        "Nobody asks the tax office whether it is registered.",
        "parties#add-a-client createParty",
        like="""is the GSTIN checked
        how many characters has a GSTIN
        do you verify the GSTIN with the government""",
    ),
    topic(
        "externalid | !invoice bill employee_leave",
        "`externalId` is your own id of a party or an employee, such as the id in your CRM or payroll: 1 to 64 letters, digits, `-` and `_`. No "
        "other one has the same (409 `duplicate_external_id`), and lists take it as a filter.",
        "parties#add-a-client createParty",
        like="""what is externalId for
        can two parties have the same externalId""",
    ),
    topic(
        """left lefton resign resigned quit | employee | company job organization record when day after field office | !sick earned approve pending
        lefton""",
        "PATCH the employee with `leftOn`, the last day of work: `PATCH /employees/{id}`. The time for which leaves are kept counts from it. With "
        "`status` `archived`, no new leave can name the employee.",
        "parties#employees",
        "updateEmployee",
        like="""an employee has left the company
        how do I record that somebody has resigned""",
    ),
    topic(
        """update change address gstin name | party client | sent invoice old already earlier existing | follow affect later also change
        party client | update change | invoice sent | affect follow change""",
        "No, an invoice that was sent keeps what its client was then, as `recipient`, and is never computed again; a draft follows the "
        "party.",
        "gst-invoices#send-it",
        like="""does a sent invoice change when I change the client's address
        do old invoices get the new GSTIN of the client""",
    ),
)
