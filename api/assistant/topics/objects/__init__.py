"""Facts about invoices, bills and leave requests: their fields, money, numbers and changes."""
