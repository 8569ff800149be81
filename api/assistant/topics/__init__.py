"""What the assistant knows as facts. Numbers and lists come from the code that enforces them."""

from __future__ import annotations

import msgspec

from api.assistant.topics.changes import CHANGE_TOPICS
from api.assistant.topics.comparisons import COMPARISON_TOPICS
from api.assistant.topics.credits import CREDIT_TOPICS
from api.assistant.topics.documents import DOCUMENT_TOPICS
from api.assistant.topics.formats import FORMAT_TOPICS
from api.assistant.topics.keys import KEY_TOPICS
from api.assistant.topics.leaves import LEAVE_TOPICS
from api.assistant.topics.lists import LIST_TOPICS
from api.assistant.topics.missing import MISSING_TOPICS
from api.assistant.topics.payments import PAYMENT_TOPICS
from api.assistant.topics.topic import Topics

TOPICS = Topics(
    (
        *COMPARISON_TOPICS,
        *PAYMENT_TOPICS,
        *DOCUMENT_TOPICS,
        *LEAVE_TOPICS,
        *(msgspec.structs.replace(each, is_firm=True) for each in MISSING_TOPICS),
        *KEY_TOPICS,
        *CREDIT_TOPICS,
        *CHANGE_TOPICS,
        *LIST_TOPICS,
        *FORMAT_TOPICS,
    )
)
"""All topics. Of two that fit a question equally well, the first one is taken."""
