"""The pages of invoices, bills and leaves."""
