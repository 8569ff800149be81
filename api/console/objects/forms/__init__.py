"""The forms for a new invoice, bill or leave, and for its change."""
