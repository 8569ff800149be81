"""The pictures of the console on the landing page: `make pictures` makes them, and a test says when they are old."""
