"""Webhooks over HTTP: endpoints, their secrets, deliveries, tests and replays."""
