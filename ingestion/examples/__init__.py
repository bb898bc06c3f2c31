"""Published data sets, brought into the inbox as contract files. Nothing of them is kept in this repository."""
