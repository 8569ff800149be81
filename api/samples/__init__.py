"""Programs that send one request to the API, in several languages. Each runs as it stands."""
