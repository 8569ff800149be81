"""Audit tools: replay an object, verify hash chains, make seals, export and import logs."""
