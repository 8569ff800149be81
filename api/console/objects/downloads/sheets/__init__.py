"""Tables as files: CSV, and XLSX for spreadsheet programs. Both are written while their rows are read."""
