"""What the assistant knows as facts. Numbers and lists come from the code that enforces them."""

from __future__ import annotations

import msgspec

from api.assistant.topics.authentication import AUTHENTICATION_TOPICS
from api.assistant.topics.comparisons import COMPARISON_TOPICS
from api.assistant.topics.connections import CONNECTION_TOPICS
from api.assistant.topics.credits import CREDIT_TOPICS
from api.assistant.topics.documents import DOCUMENT_TOPICS
from api.assistant.topics.edits import EDIT_TOPICS
from api.assistant.topics.events import EVENT_TOPICS
from api.assistant.topics.exchange import EXCHANGE_TOPICS
from api.assistant.topics.formats import FORMAT_TOPICS
from api.assistant.topics.keys import KEY_TOPICS
from api.assistant.topics.leaves import LEAVE_TOPICS
from api.assistant.topics.lines import LINE_TOPICS
from api.assistant.topics.lists import LIST_TOPICS
from api.assistant.topics.metadata import METADATA_TOPICS
from api.assistant.topics.missing import MISSING_TOPICS
from api.assistant.topics.numbers import NUMBER_TOPICS
from api.assistant.topics.payments import PAYMENT_TOPICS
from api.assistant.topics.products import PRODUCT_TOPICS
from api.assistant.topics.proofs import PROOF_TOPICS
from api.assistant.topics.retries import RETRY_TOPICS
from api.assistant.topics.service import SERVICE_TOPICS
from api.assistant.topics.topic import Topics
from api.assistant.topics.window import WINDOW_TOPICS

_FIRM = (*MISSING_TOPICS, *SERVICE_TOPICS)

TOPICS = Topics(
    (
        *COMPARISON_TOPICS,
        *PAYMENT_TOPICS,
        *NUMBER_TOPICS,
        *LINE_TOPICS,
        *DOCUMENT_TOPICS,
        *EDIT_TOPICS,
        *LEAVE_TOPICS,
        *(msgspec.structs.replace(each, is_firm=True) for each in _FIRM),
        *CONNECTION_TOPICS,
        *PRODUCT_TOPICS,
        *AUTHENTICATION_TOPICS,
        *KEY_TOPICS,
        *CREDIT_TOPICS,
        *WINDOW_TOPICS,
        *RETRY_TOPICS,
        *EVENT_TOPICS,
        *PROOF_TOPICS,
        *METADATA_TOPICS,
        *LIST_TOPICS,
        *FORMAT_TOPICS,
        *EXCHANGE_TOPICS,
    )
)
"""All topics. Of two that fit a question equally well, the first one is taken."""
