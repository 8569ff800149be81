"""What the bundled PostgreSQL raises."""


class EmbeddedError(Exception):
    """The bundled PostgreSQL cannot be used; the message is one sentence for the person at the terminal."""
