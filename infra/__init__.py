"""Everything concrete: PostgreSQL, gunicorn, the environment, the command line. bootstrap.py puts it together."""
