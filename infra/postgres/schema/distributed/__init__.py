"""Distributes the database over machines with Citus, by organization: docs/decisions/0070-a-tenant-is-a-shard.md."""
