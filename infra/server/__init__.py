"""The WSGI server."""
