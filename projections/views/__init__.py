"""The shapes of all reads but lists: events, histories, Activity, the account, and the page Home."""
