"""The report: one HTML file with the state of the published generation, for people without a BI tool.

Belongs here: what the report asks (`content/`), how answers are drawn (`charts/`) and written. It reads the published
file and nothing else, and only aggregates: no column that names or numbers a person is selected. KPIs are defined in
the marts; a query here may sum and divide their numerators and denominators, never define anew.

Charts are SVG written by this package. A plotting library would add megabytes of JavaScript to each file, or pictures
that know neither the reader's dark mode nor a screen reader; five kinds of charts need a few lines of geometry each.
"""
