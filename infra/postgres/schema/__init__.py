"""The migration files, the locks that a migration needs, and how it waits for them."""
