"""Programs that send one request to the API, in several languages. Each program runs without changes."""
