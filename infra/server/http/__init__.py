"""HTTP/1.1 as bytes: parses requests and writes responses."""
