"""Pages for the people of an organization. Rendered on the server; no script is needed."""
