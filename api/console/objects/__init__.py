"""The pages of objects, such as invoices: lists, one object with its history, and the forms that change objects."""
