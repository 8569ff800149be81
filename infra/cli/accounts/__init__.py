"""`smartdhandha org`, `key`, `user` and `webhook`: organizations, and what belongs to each."""
