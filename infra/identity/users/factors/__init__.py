"""Second factors of users: apps that show codes, passkeys and recovery codes."""
