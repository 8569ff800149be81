"""HTTP/1.1 as bytes: requests out of what has arrived, responses into what is sent."""
