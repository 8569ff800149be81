"""What is true of the business: aggregates, their events and their rules, free of HTTP and SQL."""
