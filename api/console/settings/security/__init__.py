"""Settings → Security: who logged in or failed to, and who changed what security depends on."""
