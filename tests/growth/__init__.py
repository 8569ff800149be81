"""How the cost of a list grows: sample data of any size, all shapes of a list, and the pages that they read."""
