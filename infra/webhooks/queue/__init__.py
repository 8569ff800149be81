"""The deliveries in the database: found in the logs, claimed by a sender, and recorded with their attempts."""
