"""The ports that concern the request that is being handled: its deadline, its sender, and who observes it."""
