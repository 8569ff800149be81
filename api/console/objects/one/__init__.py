"""The page of one invoice, bill or leave."""
