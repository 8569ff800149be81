"""The error of the bundled PostgreSQL."""


class EmbeddedError(Exception):
    """The bundled PostgreSQL cannot be used. The message is one sentence for the person at the terminal."""
