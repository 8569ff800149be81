"""The parts of leaves: their days, what changes of their days do, and their events."""
