"""What a client can ask for: the commands, the parsing of their fields, and the handlers: load, refuse, act, save."""
