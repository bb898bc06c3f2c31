"""Is what the daily runs have built what a full refresh would build? Asked of a sample, another one every day.

`events.py` asks it of events, `people.py` of people; what is done with the answers is `sample.py`, when it is asked
`job.py`. Nothing is written into the warehouse.
"""
