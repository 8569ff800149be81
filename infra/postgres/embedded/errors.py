"""The error of the bundled PostgreSQL."""


class EmbeddedError(Exception):
    """The bundled PostgreSQL cannot be used; the message is one sentence for the user at the terminal."""
