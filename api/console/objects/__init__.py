"""The pages of invoices, bills and leaves: lists, one object with its history, and the forms that change objects."""
