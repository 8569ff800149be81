"""Commands that are clients of a service that runs already."""
