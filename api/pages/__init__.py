"""The common parts of all HTML pages: the base template, static files, security headers, navigation and formats."""
