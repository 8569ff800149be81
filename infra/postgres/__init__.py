"""PostgreSQL: connections and their pool, migrations, and the bundled server."""
