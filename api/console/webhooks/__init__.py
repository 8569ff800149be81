"""Settings → Webhooks: making webhooks, their deliveries, tests and replays."""
