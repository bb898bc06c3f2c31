"""dbt, read into memory once a run: importing it and reading its project take seconds, and a run starts it six times.

`server` imports dbt, reads the project and forks a child for each invocation, if it can before it is asked for;
`child` is such an invocation; `client` is the command that stands in for `dbt`: it hands its arguments and its output
to the server and ends as the child does; `process` starts and ends the server. `reading` takes over a project that was
read before, also for `once`: a single command beside a run. Belongs here: how dbt is started. Does not belong here:
with which arguments (`orchestration/assets`, `orchestration/layers.py`).
"""
