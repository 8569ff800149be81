"""What all requests and responses over HTTP have in common."""
