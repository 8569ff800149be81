"""Who gets in, and what a session shows: log-in, invitations, cookies, the middleware, switches, roles."""
