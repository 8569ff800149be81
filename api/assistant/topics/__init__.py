"""What the assistant knows as facts. Numbers and lists come from the code that enforces them."""

from __future__ import annotations

import msgspec

from api.assistant.topics.access.authentication import AUTHENTICATION_TOPICS
from api.assistant.topics.access.credits import CREDIT_TOPICS
from api.assistant.topics.access.keys import KEY_TOPICS
from api.assistant.topics.access.restrictions import RESTRICTION_TOPICS
from api.assistant.topics.access.window import WINDOW_TOPICS
from api.assistant.topics.ai_clients import AI_CLIENT_TOPICS
from api.assistant.topics.choosing import CHOOSING_TOPICS
from api.assistant.topics.comparisons import COMPARISON_TOPICS
from api.assistant.topics.connections import CONNECTION_TOPICS
from api.assistant.topics.data.events import EVENT_TOPICS
from api.assistant.topics.data.exchange import EXCHANGE_TOPICS
from api.assistant.topics.data.formats import FORMAT_TOPICS
from api.assistant.topics.data.lists import LIST_TOPICS
from api.assistant.topics.data.proofs import PROOF_TOPICS
from api.assistant.topics.data.retries import RETRY_TOPICS
from api.assistant.topics.data.webhooks import WEBHOOK_TOPICS
from api.assistant.topics.matching.topics import Topics
from api.assistant.topics.missing import MISSING_TOPICS
from api.assistant.topics.objects.documents import DOCUMENT_TOPICS
from api.assistant.topics.objects.edits import EDIT_TOPICS
from api.assistant.topics.objects.gst import GST_TOPICS
from api.assistant.topics.objects.leaves import LEAVE_TOPICS
from api.assistant.topics.objects.lines import LINE_TOPICS
from api.assistant.topics.objects.metadata import METADATA_TOPICS
from api.assistant.topics.objects.numbers import NUMBER_TOPICS
from api.assistant.topics.objects.parties import PARTY_TOPICS
from api.assistant.topics.objects.payments import PAYMENT_TOPICS
from api.assistant.topics.products import PRODUCT_TOPICS
from api.assistant.topics.service import SERVICE_TOPICS

_FIRM = (*MISSING_TOPICS, *SERVICE_TOPICS)

TOPICS = Topics(
    (
        *COMPARISON_TOPICS,
        *PAYMENT_TOPICS,
        *NUMBER_TOPICS,
        *GST_TOPICS,
        *LINE_TOPICS,
        *PARTY_TOPICS,
        *DOCUMENT_TOPICS,
        *EDIT_TOPICS,
        *LEAVE_TOPICS,
        *(msgspec.structs.replace(each, is_firm=True) for each in _FIRM),
        *CHOOSING_TOPICS,
        *CONNECTION_TOPICS,
        *AI_CLIENT_TOPICS,
        *PRODUCT_TOPICS,
        *AUTHENTICATION_TOPICS,
        *KEY_TOPICS,
        *RESTRICTION_TOPICS,
        *CREDIT_TOPICS,
        *WINDOW_TOPICS,
        *RETRY_TOPICS,
        *EVENT_TOPICS,
        *WEBHOOK_TOPICS,
        *PROOF_TOPICS,
        *METADATA_TOPICS,
        *LIST_TOPICS,
        *FORMAT_TOPICS,
        *EXCHANGE_TOPICS,
    )
)
"""All topics. Of two that fit a question equally well, the first one is taken."""
