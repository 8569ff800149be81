"""Mails: the outbox in the database, and the process that sends what is in it."""
