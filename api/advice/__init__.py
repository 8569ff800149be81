"""What to tell the sender of a request that is wrong in a way that others were wrong before."""
