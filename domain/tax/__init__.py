"""What GST knows: states and union territories, GSTINs, suppliers. Rates and days are data with their sources."""
