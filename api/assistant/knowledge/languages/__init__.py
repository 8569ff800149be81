"""Words of English and Hindi, with their meanings."""
