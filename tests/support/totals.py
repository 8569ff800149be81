"""The examples of totals in section 5 of the contract: the lines of a document in a currency, and their totals."""

TOTALS = [
    ("INR", [("20", "3500", "18")], "70000.00", "12600.00", "82600.00"),
    ("INR", [("1", "10.10", "5")], "10.10", "0.51", "10.61"),
    ("INR", [("1", "10.10", "5")] * 3, "30.30", "1.53", "31.83"),
    ("INR", [("1", "138.66", "19")], "138.66", "26.35", "165.01"),
    ("INR", [("1", "8180", "9.975")], "8180.00", "815.96", "8995.96"),
    ("INR", [("1", "0.445", "10")], "0.45", "0.05", "0.50"),
    ("JPY", [("3", "33.5", "10")], "101", "10", "111"),
]
"""Currency; quantity, unit price and tax rate of each line; sub-total, tax total and total."""
