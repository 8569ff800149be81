"""The landing page `/`: the page, what it counts, and its pictures of the console."""
