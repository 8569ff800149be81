"""The values that a question names: amounts, days, names, numbers, ways of payment and texts."""
