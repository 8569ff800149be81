"""The pages under Settings → Developer. Here users list, create, rotate and revoke the organization's API keys."""
