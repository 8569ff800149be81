"""What can be asked: a Struct per command beside its handler, which loads, refuses, acts and saves."""
