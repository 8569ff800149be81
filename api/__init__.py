"""The HTTP interface. Resources make commands and queries from requests, and responses from results and refusals."""
