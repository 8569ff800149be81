"""What is about the service as a whole: its health, and which other websites may call it."""
