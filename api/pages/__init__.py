"""What all HTML pages share: templates and their base page, static files, security headers, navigation, formats."""
