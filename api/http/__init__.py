"""What every request and answer over HTTP has in common."""
