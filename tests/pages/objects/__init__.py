"""The pages of objects, such as invoices."""
