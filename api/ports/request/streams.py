"""How a streamed response says that it ends before it is complete."""

from __future__ import annotations


class StreamBrokenOff(Exception):
    """Raised by the generator of a streamed response that must not go on, with the reason for the program log.

    The server then resets the connection, so that the client sees that the response is incomplete.
    """
