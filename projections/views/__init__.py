"""What is read besides lists: events, histories, activity, the account, and the page Home."""
