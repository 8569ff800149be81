"""What can be done: the commands, the parsing of their fields, and the handlers, which load, refuse, act and save."""
