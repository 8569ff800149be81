"""The outside world: PostgreSQL, gunicorn, the environment, the command line; and where it is all put together."""
