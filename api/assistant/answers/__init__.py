"""The answers: a first sentence that answers the question, the request that does it, and one link."""
