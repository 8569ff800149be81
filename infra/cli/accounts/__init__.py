"""`smartdhandha org`, `key` and `user`: organizations, and who acts for them."""
