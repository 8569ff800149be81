"""Settings → Organization and Data: what is of the organization as a whole."""
