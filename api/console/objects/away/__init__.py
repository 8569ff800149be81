"""Who is away: the month, and the other leaves on the days of one."""
