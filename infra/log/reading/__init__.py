"""Every query on the events of the organizations' logs (the table `events`). Queries on their heads are in heads.py.

A function `select_…` sends one statement and returns its cursor. So such functions can be used in a pipeline, in which
the rows are fetched later. Most functions return RecordedEvents of one organization; the others say what they return.
"""
