"""The common parts of all requests and responses over HTTP, such as authentication, bodies and errors."""
