"""Facts about API keys and the credits that their requests cost."""
