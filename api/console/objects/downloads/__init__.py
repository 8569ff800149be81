"""The download of a whole list as a file: CSV, and XLSX for spreadsheet programs."""
