"""The console: pages for the users of an organization, such as Home and Activity. They work without JavaScript."""
