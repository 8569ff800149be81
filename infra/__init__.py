"""The concrete parts: PostgreSQL, gunicorn, the settings, the command line. bootstrap.py puts them together."""
