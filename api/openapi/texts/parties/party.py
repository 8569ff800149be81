"""The texts of the API reference about parties."""

from __future__ import annotations

from api.openapi.texts import common, document
from api.openapi.texts.words import TagTexts, Trial, Words

PARTY = TagTexts(
    tag="Parties",
    about="The clients and vendors of your organization.",
    operations={
        "listParties": Words(
            "List parties",
            common.LIST,
            search_words="list search filter find all parties, clients, customers, vendors, suppliers, contacts",
        ),
        "createParty": Words(
            "Add a party",
            "Adds a client or a vendor, or somebody who is both (`roles`). A GSTIN gives the state and the PAN, and is "
            "checked: its form, its state, its PAN and its check digit. Without `gstTreatment`, a party with a GSTIN "
            "is `registered`, and one without is `unregistered`. A second party with the same `externalId` is refused "
            "with 409 `duplicate_external_id`.",
            search_words="create add make a new party, client, customer, vendor, supplier, contact with its GSTIN and "
            "address",
        ),
        "getParty": Words(
            "Get a party",
            common.GET,
            search_words="get fetch one single party, client or vendor by id",
        ),
        "updateParty": Words(
            "Change, archive or activate a party",
            common.UPDATE.format(
                steps="`archived` or `active`",
                fields="An archived party stays in the list, and keeps its id. Every field can be changed in both "
                "statuses. A new `gstin` also sets `stateCode` and `pan`; `gstTreatment` follows it if it was "
                "`registered` or `unregistered`.",
            ),
            search_words="edit change update a party, client or vendor, its address, GSTIN or e-mail; archive, hide, "
            "delete, remove, activate a client or vendor",
        ),
        "listPartyEvents": Words(
            "List a party's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single party, client or vendor",
        ),
    },
    fields={
        "name": "The name, as people read it and as documents show it.",
        "roles": "What the party is: `client`, `vendor`, or both.",
        "gstin": "The GSTIN: 15 characters, of which the last is a check digit.",
        "pan": "The PAN: 10 characters. A GSTIN contains it, and sets it.",
        "stateCode": (
            "The code of the state as GST counts it, such as `27` for Maharashtra; `96` outside of India. A GSTIN "
            "begins with it, and sets it."
        ),
        "gstTreatment": (
            "How GST sees the party: `registered`, `composition`, `sez` and `deemed_export` have a GSTIN; "
            "`unregistered`, `consumer` and `overseas` have none."
        ),
        "email": "The e-mail address.",
        "phone": "The telephone number; at most 30 characters.",
        "address": "The postal address in lines, as a document shows it; at most 500 characters.",
        "externalId": (
            "Your own id of the party: 1 to 64 letters, digits, `-` and `_`, such as the id in your CRM. No other "
            "party has the same. Bills may name a vendor by it, too: their numbers are unique under both ids together."
        ),
        "UpdateParty.status": "The status to set: `archived` or `active`.",
    },
    field_examples={
        "externalId": "acme-traders",
        "phone": "+91 98450 12345",
        "UpdateParty.name": "Acme Traders Private Limited",
        "UpdateParty.roles": ["client", "vendor"],
        "UpdateParty.gstin": "27AAPFU0939F1ZV",
        "UpdateParty.pan": "AAPFU0939F",
        "UpdateParty.stateCode": "27",
        "UpdateParty.gstTreatment": "registered",
        "UpdateParty.email": "accounts@acme.example",
        "metadata": {"crmId": "1042"},
    },
    statuses={
        "active": "Documents can name the party.",
        "archived": "The party is no longer used. It stays in the list, and can be made active again.",
    },
    parameters={
        "role": "`client`: only clients. `vendor`: only vendors. A party with both roles is in both lists.",
        "adopt": (
            "An id of your own that documents name as `clientId` or `vendorId`: it becomes the `externalId`. Lists "
            "then find both ids with either. Documents stay as they are."
        ),
        "externalId": "Only the party with this id of your own.",
        "gstin": "Only parties with this GSTIN.",
    },
    examples={
        "createParty": {
            "name": "Acme Traders",
            "roles": ["client"],
            "gstin": "27AAPFU0939F1ZV",
            "email": "accounts@acme.example",
            "address": "12 MG Road\nPune 411001",
            "externalId": "acme-traders",
        },
        "updateParty": {"address": "14 MG Road\nPune 411001", "phone": "+91 98450 12345"},
    },
    scopes=document.SCOPES,
    trial=Trial(
        "This command adds a party for a trial. PATCH its status to archived when you are done.",
        {"name": "Trial {own}", "roles": ["client"]},
    ),
)
